/** What a pixel of a map is made of, in numbers: the patch, the filter, their products and the sum.
 *
 * It multiplies again what the server has multiplied, from what frames bring: what a layer sees, and its parameters. Maps
 * have their channels first.
 */

/** @import {DigitsSettings, DigitsState, Layer} from "./page.js" */

/** (channels, side, side) @typedef {{side: number, channels: number, values: Float32Array}} Maps */

/**
 * @typedef {object} Convolution
 * @property {number} size of a filter, in both directions
 * @property {number} channels
 * @property {number} filters
 * @property {number} border pixels of zeros around the source
 * @property {number} sumsSide height and width of what filters make, before pooling
 * @property {Layer["pool"]} pool
 * @property {DigitsSettings["activation"]} activation
 * @property {Float32Array} weights (size, size, channels, filters)
 * @property {Float32Array} biases
 */

/** One channel's part of a sum: `size` × `size` numbers each. @typedef {{patch: number[], filter: number[], sum: number}} Part */

/**
 * @typedef {object} Pixel
 * @property {number[]} sums of the window from which the largest is kept; one where nothing is pooled
 * @property {number} sum the largest
 * @property {Part[]} parts by channel
 * @property {number} bias
 * @property {number} value after the activation
 */

/**
 * A layer of the convolutional network; null while a frame is of another network than the state.
 * @param {DigitsState} server
 * @param {number} number of the layer, from 1
 * @param {Float32Array} parameters
 * @returns {Convolution | null}
 */
export function convolutionOf({facts, settings}, number, parameters) {
  const layer = facts.convolutional[number - 1];
  if (layer?.kind !== "convolution") return null;
  const {
    size,
    units: filters,
    sums_side: sumsSide,
    pool,
    weights_offset: from,
    biases_offset: to,
  } = layer;
  if (parameters.length < to + filters) return null;
  return {
    size,
    channels: layer.weights_shape[2] ?? 1,
    filters,
    border: settings.padding === "same" ? (size - 1) / 2 : 0,
    sumsSide,
    pool,
    activation: settings.activation,
    weights: parameters.subarray(from, to),
    biases: parameters.subarray(to, to + filters),
  };
}

/** @param {Float32Array} values @param {number} channels @returns {Maps} */
export function mapsOf(values, channels) {
  return {side: Math.sqrt(values.length / channels), channels, values};
}

/**
 * @param {Maps} source
 * @param {Convolution} layer
 * @param {number} filter from 0
 * @param {number} row of the layer's map
 * @param {number} column
 * @returns {Pixel}
 */
export function pixelOf(source, layer, filter, row, column) {
  const places = windowOf(layer, row, column);
  const candidates = places.map(place => partsAt(source, layer, filter, place));
  const bias = layer.biases[filter] ?? 0;
  const sums = candidates.map(parts => parts.reduce((all, part) => all + part.sum, bias));
  const sum = Math.max(...sums);
  return {
    sums,
    sum,
    parts: candidates[sums.indexOf(sum)] ?? [],
    bias,
    value: ACTIVATIONS[layer.activation](sum),
  };
}

/** @type {Record<Convolution["activation"], (sum: number) => number>} */
const ACTIVATIONS = {
  relu: sum => Math.max(sum, 0),
  tanh: Math.tanh,
  sigmoid: sum => 1 / (1 + Math.exp(-sum)),
  linear: sum => sum,
};

/**
 * Where the sums lie among which a pixel of a map is the largest.
 * @param {Convolution} layer
 * @param {number} row
 * @param {number} column
 */
function windowOf({pool, sumsSide}, row, column) {
  const side = {none: 1, "2x2": 2, global: sumsSide}[pool];
  return Array.from({length: side ** 2}, (_, i) => ({
    row: row * side + Math.floor(i / side),
    column: column * side + (i % side),
  }));
}

/**
 * @param {Maps} source
 * @param {Convolution} layer
 * @param {number} filter
 * @param {{row: number, column: number}} place
 * @returns {Part[]}
 */
function partsAt(source, layer, filter, place) {
  return Array.from({length: layer.channels}, (_, channel) => {
    const patch = patchOf(source, layer, channel, place);
    const numbers = filterOf(layer, filter, channel);
    const sum = patch.reduce((all, value, i) => all + value * (numbers[i] ?? 0), 0);
    return {patch, filter: numbers, sum};
  });
}

/**
 * What a filter sees of a channel, row by row; zeros beyond the border.
 * @param {Maps} source
 * @param {Convolution} layer
 * @param {number} channel
 * @param {{row: number, column: number}} place
 */
function patchOf({side, values}, {size, border}, channel, place) {
  return Array.from({length: size ** 2}, (_, i) => {
    const row = place.row + Math.floor(i / size) - border;
    const column = place.column + (i % size) - border;
    const isInside = row >= 0 && row < side && column >= 0 && column < side;
    return isInside ? (values[(channel * side + row) * side + column] ?? 0) : 0;
  });
}

/**
 * A filter's weights for one channel, row by row.
 * @param {Convolution} layer
 * @param {number} filter
 * @param {number} channel
 */
export function filterOf({size, channels, filters, weights}, filter, channel) {
  return Array.from(
    {length: size ** 2},
    (_, i) => weights[(i * channels + channel) * filters + filter] ?? 0,
  );
}

/** All weights of a filter in the order of the layer's. @param {Convolution} layer @param {number} filter from 0 */
export function weightsOf({size, channels, filters, weights}, filter) {
  return Array.from({length: size ** 2 * channels}, (_, i) => weights[i * filters + filter] ?? 0);
}
