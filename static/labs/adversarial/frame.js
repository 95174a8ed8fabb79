/** A frame and the material as the views of the adversarial lab want them. */

/** @import {Frame as AnyFrame} from "../../session/frame.js" */
/** @import {Message} from "../../session/safetensors.js" */
/** @import {Material} from "./page.js" */

import {bytes, floats, readFrame as readAnyFrame} from "../../session/frame.js";

/** What is measured of 2,500 fakes: see docs/protocol.md.
 * @typedef {object} Numbers
 * @property {number} covered modes
 * @property {number} modes in all; 0 where there are none
 * @property {number} good share of fakes
 * @property {number} divergence in nats
 * @property {number | null} gap of the discriminator to the best one
 */
/** One of sixteen. @typedef {{rounds: number, covered: number, good: number, collapsed: boolean, diverged: boolean}} Seed */
/**
 * @typedef {object} Seeds
 * @property {number} number of the question
 * @property {number} rounds of each
 * @property {number} finished
 * @property {number} share of the work that is done
 * @property {number} collapsed of those that are finished
 * @property {Seed[]} each
 */
/**
 * @typedef {object} Own
 * @property {Float32Array} fakes x and y, x and y, …
 * @property {Float32Array | null} arrows the same of their ways
 * @property {Uint8Array | null} field
 * @property {[number, number]} range what bytes 0 and 255 of the field stand for
 * @property {Float32Array | null} bentGrid
 * @property {Uint8Array | null} best
 * @property {Numbers | null} numbers
 * @property {Seeds | null} seeds
 * @property {Float32Array | null} seedFakes (16, n, 2)
 */
/** @typedef {AnyFrame & Own} Frame */

/** @param {Message} message @returns {Frame} */
export function readFrame(message) {
  const {metadata, tensors} = message;
  const optional = (/** @type {string} */ name) => (tensors[name] ? floats(tensors[name]) : null);
  const [low = 0, high = 1] = (metadata.range ?? "0,1").split(",").map(Number);
  return {
    ...readAnyFrame(message),
    fakes: floats(tensors.fakes),
    arrows: optional("arrows"),
    field: tensors.field ? bytes(tensors.field) : null,
    range: [low, high],
    bentGrid: optional("bent_grid"),
    best: tensors.best ? bytes(tensors.best) : null,
    numbers: metadata.numbers ? JSON.parse(metadata.numbers) : null,
    seeds: metadata.seeds ? JSON.parse(metadata.seeds) : null,
    seedFakes: optional("seed_fakes"),
  };
}

/** What comes less often stays until it comes anew. @param {Frame} before @param {Frame} newest @returns {Frame} */
export function completed(before, newest) {
  return {
    ...newest,
    best: newest.best ?? before.best,
    numbers: newest.numbers ?? before.numbers,
    seeds: newest.seeds ?? before.seeds,
    seedFakes: newest.seedFakes ?? before.seedFakes,
  };
}

/** @param {Message} message @returns {Material} */
export function readMaterial({metadata, tensors}) {
  return {run: Number(metadata.run), points: floats(tensors.points)};
}
