/** Reads the explanation of a training step that a frame brings: docs/protocol.md lists what it holds. */

/** @import {Message} from "../../../session/safetensors.js" */

import {floats} from "../../../session/frame.js";

/** @typedef {"batch-norm" | "activation" | "dropout" | "switch-off" | "residual"} Stage */
/** What a later layer brings back. @typedef {{layer: number, by: "weights" | "residual"}} Return */
/** @typedef {{activation: string, stages: Stage[], returns: Return[]}} LayerHead */
/** @typedef {{objective: string, loss: number | null, true_loss: number | null, mean: number | null}} Loss */
/** @typedef {{method: string, rate: number, taken: number, norm: number, clip: number, keep: number, corrections: [number, number]}} Update */
/** @typedef {{layer: number, weights: number, slopes: number, dead: number, cause: string}} ChainLink */
/** @typedef {{sizes: number[], links: ChainLink[], ratio: number, cause: string}} Chain */
/** A training point by its number from 1, a place, or the next batch. @typedef {number | [number, number] | "batch"} Subject */

/**
 * @typedef {object} Head
 * @property {Subject} of
 * @property {string} [refused] why there is nothing to explain; then there is nothing else
 * @property {number} step that this is, or would be, of the run
 * @property {boolean} trains as in a training step: with dropout, and batch norm by the batch
 * @property {number} count of points
 * @property {number} example which of them is shown, from 0
 * @property {number[] | null} numbers of the training points, from 1
 * @property {LayerHead[]} layers
 * @property {Loss | null} loss
 * @property {Update | null} update
 * @property {Chain | null} chain
 * @property {[number, number]} [unit]
 */

/** @typedef {{head: Head, values: ReadonlyMap<string, Float32Array>}} Explanation */

const PREFIX = "explain ";
const NONE = new Float32Array();

/** @param {Message} message @returns {Explanation | null} */
export function readExplanation({metadata, tensors}) {
  if (!metadata.explanation) return null;
  const values = new Map();
  for (const [name, tensor] of Object.entries(tensors))
    if (name.startsWith(PREFIX)) values.set(name.slice(PREFIX.length), floats(tensor));
  return {head: JSON.parse(metadata.explanation), values};
}

/** An array by its name; an empty one if it is not there. @param {Explanation} explanation @param {string} name */
export function array({values}, name) {
  return values.get(name) ?? NONE;
}

/** @param {Explanation} explanation @param {string} name @param {number} place from 0 */
export function number(explanation, name, place) {
  return array(explanation, name)[place] ?? Number.NaN;
}

/** The values of a layer's units as later layers read them; of layer 0 the input features. @param {Explanation} explanation @param {number} layer */
export function valuesOf(explanation, layer) {
  if (layer === 0) return array(explanation, "inputs");
  const stage = explanation.head.layers[layer - 1]?.stages.at(-1);
  return array(explanation, stage ? `layer ${layer} ${stage}` : `layer ${layer} sums`);
}

/** One of them, from 0; undefined if there is none. @param {Explanation} explanation @param {number} layer @param {number} place */
export function valueAt(explanation, layer, place) {
  return explanation.head.refused ? undefined : valuesOf(explanation, layer)[place];
}

/** What the network says: probabilities where its loss makes them, else the values of the last layer. @param {Explanation} explanation */
export function outputsOf(explanation) {
  const outputs = array(explanation, "outputs");
  return outputs.length ? outputs : valuesOf(explanation, explanation.head.layers.length);
}

/**
 * The units whose values a layer reads, in the order of its weights.
 * @param {readonly number[]} shape
 * @param {string} connections
 * @param {number} layer from 1
 * @returns {{layer: number, unit: number}[]} units from 1
 */
export function readsOf(shape, connections, layer) {
  const first = connections === "dense" ? 0 : layer - 1;
  return shape
    .slice(first, layer)
    .flatMap((width, i) =>
      Array.from({length: width}, (_, k) => ({layer: first + i, unit: k + 1})),
    );
}
