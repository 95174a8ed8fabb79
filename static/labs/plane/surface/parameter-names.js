/** Names single parameters of a network, and lists them for a choice. */

/** @import {PlaneState} from "../page.js" */

import {NORM_WORDS, unitName, weightWords} from "../unit-names.js";

/** @typedef {{index: number, name: string}} Named */

/**
 * All parameters in their order: weights and bias of each unit, then those of batch norm.
 * @param {PlaneState} server
 * @returns {Named[]}
 */
export function parametersOf(server) {
  return server.facts.layout.flatMap(({name, offset, shape}) => {
    const [, layerText = "1", kind = ""] = /^layer (\d+) (\w+)$/.exec(name) ?? [];
    const layer = Number(layerText);
    const [units = 0, width = 1] = shape;
    if (kind !== "weights")
      return Array.from({length: units}, (_, i) => ({
        index: offset + i,
        name: `${unitName(server, {layer, neuron: i + 1})}, ${normWord(kind)}`,
      }));
    const words = weightWords(server, layer);
    return Array.from({length: units * width}, (_, i) => {
      const unit = unitName(server, {layer, neuron: Math.floor(i / width) + 1});
      return {index: offset + i, name: `${unit}, ${words[i % width] ?? ""}`};
    });
  });
}

/** @param {string} kind */
function normWord(kind) {
  return NORM_WORDS[/** @type {keyof typeof NORM_WORDS} */ (kind)] ?? kind;
}

/** @param {PlaneState} server @param {number} index */
export function parameterName(server, index) {
  const {facts} = server;
  const tensor = facts.layout.find(
    ({offset, shape}) => index >= offset && index < offset + shape.reduce((a, b) => a * b, 1),
  );
  if (!tensor) return `parameter ${index + 1}`;
  const named = parametersOf({...server, facts: {...facts, layout: [tensor]}});
  return named[index - tensor.offset]?.name ?? "";
}
