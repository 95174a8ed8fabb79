/** Names single parameters of a network, and lists them for a choice. */

/** @import {PlaneState} from "../page.js" */

import {sourceNames, unitName} from "../unit-names.js";

/** @typedef {{index: number, name: string, group: string}} Named */

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
        name: kind.replace(/s$/, ""),
        group: unitName(server, {layer, neuron: i + 1}),
      }));
    const sources = sourceNames(server, layer);
    return Array.from({length: units * width}, (_, i) => ({
      index: offset + i,
      name: i % width === width - 1 ? "bias" : `weight from ${sources[i % width] ?? ""}`,
      group: unitName(server, {layer, neuron: Math.floor(i / width) + 1}),
    }));
  });
}

/** @param {PlaneState} server @param {number} index */
export function parameterName(server, index) {
  const {facts} = server;
  const tensor = facts.layout.find(
    ({offset, shape}) => index >= offset && index < offset + shape.reduce((a, b) => a * b, 1),
  );
  if (!tensor) return `parameter ${index + 1}`;
  const named = parametersOf({...server, facts: {...facts, layout: [tensor]}});
  const found = named[index - tensor.offset];
  return found ? `${found.group}, ${found.name}` : "";
}
