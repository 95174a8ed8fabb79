/** Names units: neurons, outputs, input features. */

/** @import {PlaneState, Unit} from "./page.js" */

/** The input features in the server's order; the own one is written as its formula. @type {Record<string, string>} */
const FEATURES = {
  x: "X₁",
  y: "X₂",
  xSquared: "X₁²",
  ySquared: "X₂²",
  xTimesY: "X₁X₂",
  sinX: "sin X₁",
  sinY: "sin X₂",
  own: "",
};

/**
 * @param {PlaneState} server
 * @param {Unit} unit
 */
export function unitName(server, {layer, neuron}) {
  return layer === server.facts.shape.length - 1
    ? outputName(server, {layer, neuron})
    : `Layer ${layer}, neuron ${neuron}`;
}

/**
 * @param {PlaneState} server
 * @param {Unit} unit
 */
export function outputName(server, {neuron}) {
  return server.facts.shape.at(-1) === 1 ? "Output neuron" : `Output neuron, class ${neuron}`;
}

/**
 * The names of what a layer's units receive.
 * @param {PlaneState} server
 * @param {number} layer
 * @returns {string[]}
 */
export function sourceNames(server, layer) {
  if (server.settings.connections !== "dense") return unitNames(server, layer - 1, "neuron ");
  const layers = Array.from({length: layer}, (_, l) => l);
  return layers.flatMap(l => unitNames(server, l, `layer ${l}, neuron `));
}

/** The parameters of batch norm, by the ends of their tensors' names. */
export const NORM_WORDS = {scales: "scale of batch norm", shifts: "shift of batch norm"};

/**
 * The parameters of each unit of a layer in their order: those for what it receives, then its bias.
 * @param {PlaneState} server
 * @param {number} layer
 */
export function weightWords(server, layer) {
  return [...sourceNames(server, layer).map(each => `weight from ${each}`), "bias"];
}

/**
 * @param {PlaneState} server
 * @param {number} layer 0 are the inputs
 * @param {string} prefix
 */
function unitNames(server, layer, prefix) {
  if (layer === 0) return server.settings.inputs.map(input => featureOf(server, input));
  return Array.from({length: server.facts.shape[layer] ?? 0}, (_, i) => `${prefix}${i + 1}`);
}

/** How an input is written, by the server's name of it. @param {PlaneState} server @param {string} input */
export function featureOf({settings}, input) {
  return FEATURES[input] || settings.own_input;
}

/**
 * The server's name of the input feature in row `row` of the network, from 1.
 * @param {number} row
 */
export function featureAt(row) {
  return Object.keys(FEATURES)[row - 1] ?? "";
}
