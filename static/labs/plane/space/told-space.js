/** Reads the space of a layer that a frame brings: docs/protocol.md lists what it holds. */

/** @import {Message} from "../../../session/safetensors.js" */

import {floats} from "../../../session/frame.js";

/** Where two classes are equally probable: normal · place + offset = 0. @typedef {{classes: [number, number], normal: number[], offset: number, exact: boolean, agrees: number}} Border */
/** @typedef {"" | "layer" | "regression" | "skips" | "unseen"} WhyNone */

/**
 * @typedef {object} Head
 * @property {number} layer from 1
 * @property {number[]} units of the axes, from 1; none in the principal plane
 * @property {string[]} phases from the layer's input to the layer
 * @property {number[]} shares of the variance along each axis
 * @property {Border[]} borders
 * @property {WhyNone} why_none
 * @property {[number | null, number | null][]} readouts of the inputs and each hidden layer: training, test
 */
/** Places of one phase, one behind the other. @typedef {{points: Float32Array, grid: Float32Array}} Phase */
/** The last phase, or all of them. @typedef {{head: Head, dimensions: number, lines: number, samples: number, phases: Phase[]}} Space */

/** @param {Message} message @returns {Space | null} */
export function readSpace({metadata, tensors}) {
  if (!metadata.space) return null;
  const [points, grid] = [floats(tensors["space points"]), floats(tensors["space grid"])];
  const [count = 1, , lines = 0, samples = 0, dimensions = 2] = tensors["space grid"]?.shape ?? [];
  const part = (/** @type {Float32Array} */ values, /** @type {number} */ i) =>
    values.subarray((i * values.length) / count, ((i + 1) * values.length) / count);
  const phases = Array.from({length: count}, (_, i) => ({
    points: part(points, i),
    grid: part(grid, i),
  }));
  return {head: JSON.parse(metadata.space), dimensions, lines: 2 * lines, samples, phases};
}
