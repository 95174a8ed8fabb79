/** The lecture's symbols, with the numbers of a layer and a unit. */

/** @import {PlaneState} from "../page.js" */
/** @import {Explanation} from "./explanation.js" */
/** @import {Math} from "./math.js" */

import {brackets, factor, name, op, row, sub, subsup, whole, words} from "./math.js";

/** A line of a formula: each part can stand on a line of its own where there is little room. @typedef {Math[]} Line */
/** @typedef {{kind: "formula", lines: Line[]}} Formula */
/** @typedef {{kind: "words", text: string}} Words */
/** The rows of one with a choice can be chosen, from 0. @typedef {{kind: "table", head: (string | Math)[], rows: (string | Math)[][], chosen?: number}} Table */
/** @typedef {Formula | Words | Table} Block */

/** All that blocks are made of: the engine's numbers and the weights of the same frame. @typedef {{explanation: Explanation, parameters: Float32Array, server: PlaneState}} Given */

/** @param {string} letter @param {string | number} unit @param {number} layer @returns {Math} */
export function of(letter, unit, layer) {
  return subsup(
    name(letter),
    typeof unit === "number" ? whole(unit) : name(unit),
    superscript(layer),
  );
}

/** w of a link, from unit i of layer `from` @param {string | number} unit @param {string | number} i @param {number} layer */
export function weight(unit, i, layer) {
  const index = (/** @type {string | number} */ one) =>
    typeof one === "number" ? whole(one) : name(one);
  const sign = typeof unit === "number" && typeof i === "number" ? [op(","), index(i)] : [index(i)];
  return subsup(name("w"), row(index(unit), ...sign), superscript(layer));
}

/** Σ over i @param {string} index @returns {Math} */
export function sumOver(index) {
  return sub(op("∑"), name(index));
}

/** @param {number} layer @returns {Math} */
export function superscript(layer) {
  return brackets(whole(layer));
}

const FEW = 24; // terms of a sum that are all written out

/**
 * The numbers of a sum of products, from the equals sign on; the last of many as one number.
 * @param {readonly (readonly [number, number])[]} pairs
 * @returns {Line}
 */
export function sumOfProducts(pairs) {
  const line = pairs
    .slice(0, FEW)
    .map(([a, b], i) => row(op(i ? "+" : "="), factor(a), op("·"), factor(b)));
  const others = pairs.slice(FEW);
  if (!others.length) return line;
  const rest = others.reduce((sum, [a, b]) => sum + a * b, 0);
  return [...line, row(op("+"), factor(rest), words(` of ${others.length} more`))];
}

/** @param {...Line} lines @returns {Formula} */
export const formula = (...lines) => ({kind: "formula", lines});
/** @param {string} text @returns {Words} */
export const say = text => ({kind: "words", text});
