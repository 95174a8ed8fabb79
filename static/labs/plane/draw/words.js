/** What drawing says. */

/** @import {Drawing, Facts, PlaneState} from "../page.js" */
/** @import {Place} from "../plane.js" */

import {formatCount} from "../../../drawing/format.js";
import {className} from "../plane.js";

/** @param {number} most */
export const FULL = most => `There are ${formatCount(most)} points, and there is no room for more.`;
export const LAST = "One point must stay. “Clear” empties the board.";
export const NOTHING_NEAR = "There is no point here to move.";
export const NO_CROSSHAIR = "First move the crosshair with the arrow keys.";
export const TAKEN = "Taken. Arrow keys lead to its new place, Enter lays it down.";
export const FLAT = "3-D rests while you draw. Escape ends drawing.";
const RESTS = "Reading, probe, lines and 3-D rest; Esc ends drawing.";

/** The line below the tools. @param {PlaneState} server @param {Drawing} drawing */
export function drawWords({settings: {train_share: share}, facts}, {said}) {
  if (said) return said;
  const rings =
    share === 100 || facts.is_fixed
      ? "All points train."
      : `Rings are test points: ${share} % of the points train.`;
  return `${rings} ${RESTS}`;
}

/**
 * @param {Place} place
 * @param {Drawing} drawing
 * @param {Facts} facts
 * @param {number} count of all points
 */
export function pointWords([x, y], {label, value}, facts, count) {
  const name = facts.classes ? className(label, classesWith(label, facts)) : `Value ${value}`;
  return `${name} at X₁ ${x.toFixed(2)}, X₂ ${y.toFixed(2)}; ${formatCount(count)} points`;
}

/** The facts with so many classes as a label needs. @param {number} label @param {Facts} facts @returns {Facts} */
function classesWith(label, facts) {
  return {...facts, classes: Math.max(facts.classes, label + 1)};
}
