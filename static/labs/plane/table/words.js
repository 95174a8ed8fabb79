/** What the preview of a table says, in words. */

/** @import {PlanePreview} from "../../../session/protocol.js" */

const UNEQUAL = 1.5; // how many times as many points of one class as of another are worth a word

/** @param {PlanePreview} preview */
export function dialectWords({rows, columns, dialect}) {
  return `${count(rows, "row")}, ${count(columns.length, "column")}: ${dialect}.`;
}

/**
 * One sentence for each reason to leave rows out, and the notes.
 * @param {PlanePreview} preview
 */
export function noteWords({skipped, place, learned}) {
  const left = skipped.map(({reason, count: many, first}) => {
    const more = many > first.length ? ", …" : "";
    const where = `${place}${many > 1 ? "s" : ""} ${first.join(", ")}${more}`;
    return `${count(many, "row")} left out, ${reason}: ${where}.`;
  });
  const notes = learned?.notes ?? [];
  return [...left, ...notes.map(note => `${note.charAt(0).toUpperCase()}${note.slice(1)}.`)];
}

/** @param {PlanePreview} preview */
export function pointsWords({learned, columns, roles}) {
  if (!learned || !roles) return "";
  const target = roles.target === null ? undefined : columns[roles.target];
  const points = count(learned.points.length, "point");
  if (learned.targets === "values") return `${points}, with values of ${target?.name ?? ""}`;
  const classes = learned.classes.filter(each => each.count > 0).length;
  return `${points} of ${count(classes, "class", "classes")}`;
}

/** @param {{field: string, came: string, expected: string}} refusal */
export function refusalWords({field, came, expected}) {
  const subject = field.charAt(0).toUpperCase() + field.slice(1).replaceAll("_", " ");
  return `${subject}: ${came} came, expected ${expected}.`;
}

/**
 * Why cross-entropy is offered for these points; "" if it is not, or if it is chosen already.
 * @param {PlanePreview["learned"]} learned
 * @param {string} loss the setting as it is
 */
export function lossWords(learned, loss) {
  const counts = learned?.classes.map(each => each.count).filter(many => many > 0) ?? [];
  if (counts.length !== 2 || loss === "cross-entropy") return "";
  const [most, least] = [Math.max(...counts), Math.min(...counts)];
  return most >= UNEQUAL * least ? `one class has ${most} points, the other ${least}` : "";
}

/**
 * @param {number} many
 * @param {string} one
 * @param {string} several
 */
function count(many, one, several = `${one}s`) {
  return `${many.toLocaleString("en")} ${many === 1 ? one : several}`;
}
