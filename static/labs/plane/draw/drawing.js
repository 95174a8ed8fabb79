/** What the page keeps of drawing: the tool, the strokes that are on their way, and the last own points. */

/** @import {PageEvent} from "../../../session/state.js" */
/** @import {Points} from "../frame.js" */
/** @import {Drawing, PlaneState, PointEdit, Stroke} from "../page.js" */

import {ownSet} from "./own-sets.js";

/**
 * `edit`: a part of a stroke that is not sent yet; `sent`: the numbers of the commands of all that were not.
 * @typedef {{type: "own", draw: Partial<Drawing>} | {type: "own", edit: PointEdit} | {type: "own", sent: readonly number[]} | {type: "own", points: Points}} DrawEvent
 */

export const MOST_CLASSES = 10;

/** @type {Drawing} */
export const NOT_DRAWING = {
  isOpen: false,
  tool: "brush",
  last: "brush",
  radius: 5,
  label: 0,
  value: 1,
  isCleared: false,
  said: "",
  strokes: [],
  points: null,
  kept: {classification: null, regression: null},
};

/**
 * @param {Drawing} drawing
 * @param {PageEvent} event
 * @param {PlaneState | null} server
 * @returns {Drawing}
 */
export function reduceDrawing(drawing, event, server) {
  switch (event.type) {
    case "own":
      return withEvent(drawing, /** @type {DrawEvent} */ (event), server);
    case "state":
      return server ? told(drawing, server, event.isOpened ?? false) : drawing;
    case "rejected":
      return without(drawing, event.rejected.seq);
    case "welcome": // of another connection, which answers no command of before
      return drawing.strokes.length ? {...drawing, strokes: []} : drawing;
    default:
      return drawing;
  }
}

/** What is not sent yet. @param {Drawing} drawing */
export function unsent({strokes}) {
  return strokes.filter(({seq}) => seq === 0);
}

/** @param {Drawing} drawing @param {DrawEvent} event @param {PlaneState | null} server @returns {Drawing} */
function withEvent(drawing, event, server) {
  if ("draw" in event) return {...drawing, ...event.draw};
  if ("edit" in event)
    return {
      ...drawing,
      said: "",
      isCleared: drawing.isCleared && event.edit.type !== "learn-points",
      strokes: bundled(drawing.strokes, event.edit),
    };
  if ("sent" in event) return {...drawing, strokes: numbered(drawing.strokes, event.sent)};
  if ("points" in event) return settled({...drawing, points: event.points}, server);
  return drawing;
}

/** @param {Drawing} drawing @param {PlaneState} server @param {boolean} isOpened @returns {Drawing} */
function told(drawing, server, isOpened) {
  const {run, seq, facts} = server;
  const strokes = drawing.strokes.map(each =>
    each.seq && each.seq <= seq && each.run === null ? {...each, run} : each,
  );
  const most = Math.min(facts.classes, MOST_CLASSES - 1); // one more than there are
  const next = {
    ...drawing,
    strokes,
    label: facts.classes ? Math.min(drawing.label, most) : drawing.label,
  };
  return settled(isOpened ? {...next, isOpen: false, isCleared: false, said: ""} : next, server);
}

/** The strokes are done whose points have come; own points are kept. @param {Drawing} drawing @param {PlaneState | null} server @returns {Drawing} */
function settled(drawing, server) {
  const run = drawing.points?.run ?? -1;
  const strokes = drawing.strokes.filter(each => each.run === null || each.run > run);
  const next = {...drawing, strokes};
  if (!server?.facts.own || !drawing.points || server.run !== run) return next;
  const kept = {...drawing.kept, [server.facts.problem]: ownSet(drawing.points, server.facts)};
  return {...next, kept};
}

/** @param {Drawing} drawing @param {number} seq of a command that was refused @returns {Drawing} */
function without(drawing, seq) {
  const strokes = drawing.strokes.filter(each => each.seq !== seq);
  return strokes.length < drawing.strokes.length ? {...drawing, strokes} : drawing;
}

/** @param {readonly Stroke[]} strokes @param {readonly number[]} seqs of those that had none; 0: could not be sent @returns {Stroke[]} */
function numbered(strokes, seqs) {
  const numbers = [...seqs];
  return strokes
    .map(each => (each.seq === 0 ? {...each, seq: numbers.shift() ?? 0} : each))
    .filter(({seq}) => seq > 0);
}

/**
 * With one more edit; what is not sent yet and goes on in the same way becomes one command.
 * @param {readonly Stroke[]} strokes
 * @param {PointEdit} edit
 * @returns {Stroke[]}
 */
function bundled(strokes, edit) {
  const last = strokes.at(-1);
  const joint = last?.seq === 0 ? joined(last.edit, edit) : null;
  const added = {seq: 0, run: null, edit: joint ?? edit};
  return joint ? [...strokes.slice(0, -1), added] : [...strokes, added];
}

/** @param {PointEdit} first @param {PointEdit} second @returns {PointEdit | null} */
function joined(first, second) {
  if (
    second.type === "add-points" &&
    (first.type === "add-points" || first.type === "learn-points")
  )
    return {...first, points: [...first.points, ...second.points]};
  if (first.type === "erase-points" && second.type === "erase-points") {
    const isOne = first.radius === second.radius && same(first.path.at(-1), second.path[0]);
    return isOne ? {...first, path: [...first.path, ...second.path.slice(1)]} : null;
  }
  if (first.type === "move-point" && second.type === "move-point" && same(first.end, second.start))
    return {...first, end: second.end};
  return null;
}

/** @param {readonly number[] | undefined} a @param {readonly number[] | undefined} b */
function same(a, b) {
  return a !== undefined && String(a) === String(b);
}
