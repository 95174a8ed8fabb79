/** Finds the numbers of a network in a frame's `parameters`, by the layout that the server tells. */

/** @typedef {{name: string, offset: number, shape: readonly number[]}} Tensor */
/** All tensors of a network, by name. @typedef {readonly Tensor[]} Layout */

/**
 * The places of a neuron's weights, one after the other; its bias follows the last.
 * @param {Layout} layout
 * @param {number} layer from 1
 * @param {number} neuron from 1
 */
export function weightsOf(layout, layer, neuron) {
  const {offset, shape} = named(layout, `layer ${layer} weights`) ?? {offset: 0, shape: []};
  const width = shape[1] ?? 1;
  const first = offset + (neuron - 1) * width;
  return {first, count: width - 1, bias: first + width - 1};
}

/**
 * The places of a neuron's scale and shift, if its layer has batch norm.
 * @param {Layout} layout
 * @param {number} layer
 * @param {number} neuron
 */
export function normOf(layout, layer, neuron) {
  const scales = named(layout, `layer ${layer} scales`);
  const shifts = named(layout, `layer ${layer} shifts`);
  if (!scales || !shifts) return null;
  return {scale: scales.offset + neuron - 1, shift: shifts.offset + neuron - 1};
}

/** @param {Layout} layout @param {string} name */
function named(layout, name) {
  return layout.find(tensor => tensor.name === name);
}
