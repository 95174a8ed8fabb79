/** Where the digit lies on the pad, and what keys do to that. No page. */

/** @import {Pad} from "./page.js" */

import {WAYS} from "./arrows.js";
import {SIDE} from "./ink.js";
import {IN_PLACE} from "./state.js";

export const EMPTY = {...IN_PLACE, ink: null, digit: null};
const FARTHEST = SIDE; // pixels; beyond that nothing of the digit is left
const SCALES = {least: 0.5, most: 1.5, step: 0.05};
const TURN = 5; // degrees a key

/**
 * What a key does to the pad.
 * @param {{key: string, shiftKey: boolean}} event
 * @param {Pad} pad
 * @returns {Partial<Pad> | null}
 */
export function changeBy({key, shiftKey}, {move, turn, scale}) {
  const way = WAYS[key];
  if (way) {
    const step = shiftKey ? 5 : 1;
    return {move: [limited(move[0] + step * way[0]), limited(move[1] + step * way[1])]};
  }
  if (key === "+" || key === "=") return {scale: scaled(scale + SCALES.step)};
  if (key === "-") return {scale: scaled(scale - SCALES.step)};
  if (key === "[") return {turn: turned(turn - TURN)};
  if (key === "]") return {turn: turned(turn + TURN)};
  if (key === "Delete" || key === "Backspace") return EMPTY;
  return null;
}

/** @param {number} pixels */
export function limited(pixels) {
  return Math.min(Math.max(pixels, -FARTHEST), FARTHEST);
}

/** @param {number} scale */
function scaled(scale) {
  const rounded = Math.round(scale * 100) / 100;
  return Math.min(Math.max(rounded, SCALES.least), SCALES.most);
}

/** @param {number} degrees @returns {number} from −180 to 180 */
function turned(degrees) {
  return ((((degrees + 180) % 360) + 360) % 360) - 180;
}
