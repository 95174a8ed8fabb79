/** What the value of a dense unit is made of: its weights as a picture, the products, the largest of them in words.
 *
 * It multiplies again what the server has multiplied, from what frames bring. Inputs are counted as the weights are.
 */

/** @import {Layer} from "./page.js" */

/**
 * @typedef {object} Dense
 * @property {number} inputs
 * @property {number} units
 * @property {Float32Array} weights (inputs, units)
 * @property {Float32Array} biases
 */

/**
 * How the inputs of a layer lie in a picture: an image as it is, units in rows, maps beside each other.
 * @typedef {object} Sheet
 * @property {number} width cells
 * @property {number} height
 * @property {Int32Array} inputs row by row; −1 where a cell is none
 * @property {(input: number) => string} nameOf
 */

/**
 * @typedef {object} Term
 * @property {number} input
 * @property {number} weight
 * @property {number} value
 * @property {number} product
 */

/** Null while the parameters are of another network than the layer. @param {Layer | undefined} layer @param {Float32Array} parameters @returns {Dense | null} */
export function denseOf(layer, parameters) {
  if (layer?.kind !== "dense") return null;
  const {units, weights_offset: from, biases_offset: to} = layer;
  if (parameters.length < to + units) return null;
  return {
    inputs: (to - from) / units,
    units,
    weights: parameters.subarray(from, to),
    biases: parameters.subarray(to, to + units),
  };
}

/** A unit's weights, in the order of the inputs. @param {Dense} layer @param {number} unit from 0 */
export function weightsInto({inputs, units, weights}, unit) {
  return Float32Array.from({length: inputs}, (_, i) => weights[i * units + unit] ?? 0);
}

/**
 * @param {readonly number[]} shape of what the layer sees: (inputs,) or (height, width, channels)
 * @param {Float32Array | null} pixels which input each pixel is, where the layer sees the image
 * @returns {Sheet}
 */
export function sheetOf(shape, pixels) {
  if (pixels) return imageSheet(pixels);
  const [height = 0, width = 1, channels = 1] = shape;
  return height * width > 1 && shape.length === 3
    ? mapsSheet(height, width, channels)
    : unitsSheet(height * width * channels, shape.length === 3 ? "map" : "unit");
}

/** Shuffled pixels are back in their places. @param {Float32Array} pixels @returns {Sheet} */
function imageSheet(pixels) {
  const side = Math.round(Math.sqrt(pixels.length));
  const inputs = Int32Array.from(pixels);
  const cells = new Int32Array(inputs.length);
  for (const [cell, input] of inputs.entries()) cells[input] = cell;
  return {
    width: side,
    height: side,
    inputs,
    nameOf: input => placeName(Math.floor((cells[input] ?? 0) / side), (cells[input] ?? 0) % side),
  };
}

/** As nearly square as they go. @param {number} count @param {string} kind @returns {Sheet} */
function unitsSheet(count, kind) {
  const width = Math.ceil(Math.sqrt(count));
  const height = Math.ceil(count / width);
  return {
    width,
    height,
    inputs: Int32Array.from({length: width * height}, (_, cell) => (cell < count ? cell : -1)),
    nameOf: input => `${kind} ${input + 1}`,
  };
}

/** With a line between two maps. @param {number} height @param {number} width @param {number} channels @returns {Sheet} */
function mapsSheet(height, width, channels) {
  const columns = Math.ceil(Math.sqrt(channels));
  const rows = Math.ceil(channels / columns);
  const [wide, high] = [columns * (width + 1) - 1, rows * (height + 1) - 1];
  const inputs = new Int32Array(wide * high).fill(-1);
  for (let input = 0; input < height * width * channels; input++) {
    const {channel, row, column} = inMaps(input, width, channels);
    const down = Math.floor(channel / columns) * (height + 1) + row;
    inputs[down * wide + (channel % columns) * (width + 1) + column] = input;
  }
  const nameOf = (/** @type {number} */ input) => {
    const {channel, row, column} = inMaps(input, width, channels);
    return `map ${channel + 1}, ${placeName(row, column)}`;
  };
  return {width: wide, height: high, inputs, nameOf};
}

/** @param {number} input @param {number} width @param {number} channels */
function inMaps(input, width, channels) {
  const pixel = Math.floor(input / channels);
  return {channel: input % channels, row: Math.floor(pixel / width), column: pixel % width};
}

/** @param {number} row from 0 @param {number} column from 0 */
function placeName(row, column) {
  return `row ${row + 1}, column ${column + 1}`;
}

/**
 * Where the arrow keys lead from a cell: over lines between maps, and not off the picture.
 * @param {Sheet} sheet
 * @param {{row: number, column: number} | null} from null for the middle
 * @param {readonly [number, number]} way rows and columns
 */
export function cellBeside(sheet, from, [down, right]) {
  const {width, height} = sheet;
  if (!from) return nearest(sheet, {row: Math.floor(height / 2), column: Math.floor(width / 2)});
  for (let steps = 1; ; steps++) {
    const cell = {row: from.row + steps * down, column: from.column + steps * right};
    if (cell.row < 0 || cell.column < 0 || cell.row >= height || cell.column >= width) return from;
    if (inputAt(sheet, cell) >= 0) return cell;
  }
}

/** The cell itself, or the first before it that is one. @param {Sheet} sheet @param {{row: number, column: number}} cell */
function nearest({width, inputs}, {row, column}) {
  let at = row * width + column;
  while (at > 0 && (inputs[at] ?? -1) < 0) at--;
  return {row: Math.floor(at / width), column: at % width};
}

/** The input of a cell; −1 where it is none. @param {Sheet} sheet @param {{row: number, column: number}} cell */
export function inputAt({width, height, inputs}, {row, column}) {
  return row < height && column < width ? (inputs[row * width + column] ?? -1) : -1;
}

/** @param {Float32Array} weights @param {Float32Array} source */
export function productsOf(weights, source) {
  return weights.map((weight, i) => weight * (source[i] ?? 0));
}

/**
 * The largest products, and the sum of the others that are not zero.
 * @param {Float32Array} weights
 * @param {Float32Array} source
 * @param {number} most
 */
export function largestTerms(weights, source, most) {
  /** @type {Term[]} */
  const terms = [];
  for (const [input, weight] of weights.entries()) {
    const value = source[input] ?? 0;
    if (weight * value !== 0) terms.push({input, weight, value, product: weight * value});
  }
  terms.sort((a, b) => Math.abs(b.product) - Math.abs(a.product));
  const others = terms.splice(most);
  return {terms, others: others.length, rest: others.reduce((sum, {product}) => sum + product, 0)};
}
