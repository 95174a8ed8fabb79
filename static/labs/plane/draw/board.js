/** The points as they will be when the server has carried out the strokes that are on their way. */

/** @import {Points} from "../frame.js" */
/** @import {Drawing, Facts, PointEdit} from "../page.js" */
/** @import {Place} from "../plane.js" */

/** A point with its class, from 0, or its value. @typedef {{at: Place, label: number, isTest: boolean}} Dot */
/** Points as in a message, and how many classes their labels are of. @typedef {{train: Float32Array, test: Float32Array, classes: number}} Board */

/**
 * @param {Points} points
 * @param {Facts} facts
 * @param {Drawing} drawing
 * @returns {Board}
 */
export function boardOf(points, facts, drawing) {
  if (!drawing.isCleared && !drawing.strokes.length) return {...points, classes: facts.classes};
  const dots = dotsOf(points, facts, drawing);
  const most = Math.max(0, ...dots.map(({label}) => label + 1));
  const classes = facts.classes ? Math.max(facts.classes, most) : 0;
  return {
    train: rowsOf(dots, false, classes),
    test: rowsOf(dots, true, classes),
    classes,
  };
}

/**
 * @param {Points} points
 * @param {Facts} facts
 * @param {Drawing} drawing
 * @returns {Dot[]}
 */
export function dotsOf({train, test}, {classes}, {isCleared, strokes}) {
  if (isCleared) return [];
  const told = [...dotsIn(train, false, classes), ...dotsIn(test, true, classes)];
  return strokes.reduce((dots, {edit}) => applied(dots, edit), told);
}

/**
 * The class of a row, from 0, or its value.
 * @param {number} label
 * @param {number} classes 0 for values
 */
export function labelOf(label, classes) {
  return classes > 0 && classes <= 2 ? (1 - label) / 2 : label;
}

/**
 * What an edit makes of the points, as the server does it.
 * @param {Dot[]} dots
 * @param {PointEdit} edit
 * @returns {Dot[]}
 */
export function applied(dots, edit) {
  switch (edit.type) {
    case "learn-points":
      return added([], edit.points);
    case "add-points":
      return added(dots, edit.points);
    case "erase-points":
      return dots.filter(({at}) => distance(at, edit.path) > edit.radius);
    case "move-point": {
      const moved = nearest(dots, edit.start);
      return dots.map(dot => (dot === moved ? {...dot, at: placeOf(edit.end)} : dot));
    }
  }
}

/**
 * The dot that is nearest to a place.
 * @param {Dot[]} dots
 * @param {readonly number[]} place
 * @returns {Dot | null}
 */
export function nearest(dots, [x = 0, y = 0]) {
  /** @type {Dot | null} */
  let found = null;
  let least = Number.POSITIVE_INFINITY;
  for (const dot of dots) {
    const away = Math.hypot(dot.at[0] - x, dot.at[1] - y);
    if (away < least) [found, least] = [dot, away];
  }
  return found;
}

/** @param {Dot[]} dots @param {readonly (readonly number[])[]} points @returns {Dot[]} */
function added(dots, points) {
  return [...dots, ...points.map(row => ({at: placeOf(row), label: row[2] ?? 0, isTest: false}))];
}

/** @param {readonly number[]} row @returns {Place} */
function placeOf([x = 0, y = 0]) {
  return [x, y];
}

/** From a place to a path of straight lines. @param {Place} at @param {readonly (readonly number[])[]} path */
function distance([x, y], path) {
  let least = Number.POSITIVE_INFINITY;
  for (const [i, end] of path.entries()) {
    const [ax = 0, ay = 0] = path[Math.max(0, i - 1)] ?? [];
    const [bx = 0, by = 0] = end;
    const length = (bx - ax) ** 2 + (by - ay) ** 2;
    const share = length ? ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length : 0;
    const part = Math.min(Math.max(share, 0), 1);
    least = Math.min(least, Math.hypot(x - ax - part * (bx - ax), y - ay - part * (by - ay)));
  }
  return least;
}

/** @param {Float32Array} rows @param {boolean} isTest @param {number} classes @returns {Dot[]} */
function dotsIn(rows, isTest, classes) {
  return Array.from({length: rows.length / 3}, (_, i) => ({
    at: /** @type {const} */ ([rows[3 * i] ?? 0, rows[3 * i + 1] ?? 0]),
    label: labelOf(rows[3 * i + 2] ?? 0, classes),
    isTest,
  }));
}

/** @param {Dot[]} dots @param {boolean} isTest @param {number} classes */
function rowsOf(dots, isTest, classes) {
  const isPair = classes > 0 && classes <= 2;
  return Float32Array.from(
    dots
      .filter(dot => dot.isTest === isTest)
      .flatMap(({at: [x, y], label}) => [x, y, isPair ? 1 - 2 * label : label]),
  );
}
