/** What the dialog of formulas says, and where in its text. */

/** @import {OwnPoints, Rejected} from "../../../session/protocol.js" */

import {formatCount} from "../../../drawing/format.js";

/** The server's name of the class of all points for which no condition is true. */
const REST = "else";

/**
 * What has been learned from a formula, a sentence each; none if the points have none.
 * @param {OwnPoints | null} own
 * @returns {string[]}
 */
export function learned(own) {
  if (!own?.formula) return [];
  const {count, classes, notices} = own;
  const points = `${formatCount(count)} ${count === 1 ? "point" : "points"}`;
  const what = classes.length ? `${points}: ${named(classes)}.` : `values of z at ${points}.`;
  return [`Learned ${what}`, ...notices];
}

/** Which points have which class: by colour if there are two, otherwise by the numbers of the legend. @param {readonly string[]} classes */
function named(classes) {
  const parts = classes.map((condition, k) => {
    const name = classes.length === 2 ? ["blue", "orange"][k] : `class ${k + 1}`;
    const isRest = condition === REST && k === classes.length - 1;
    return isRest ? `else ${name}` : `${name} if ${condition}`;
  });
  return parts.join(", ");
}

/** @param {Rejected} rejected */
export function refused({came, expected}) {
  return `${came} came, expected ${expected}.`;
}

/**
 * A place of the server's, in characters, as one of the page's, whose texts are in units of 16 bits.
 * @param {string} text
 * @param {readonly [number, number]} place
 * @returns {[number, number]}
 */
export function rangeIn(text, place) {
  const characters = [...text];
  const [first, last] = place.map(end => characters.slice(0, end).join("").length);
  return [first ?? 0, last ?? 0];
}
