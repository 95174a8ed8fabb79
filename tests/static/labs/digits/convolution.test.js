import assert from "node:assert/strict";
import {test} from "node:test";
import {
  convolutionOf,
  filterOf,
  mapsOf,
  pixelOf,
  weightsOf,
} from "../../../../static/labs/digits/convolution.js";
import {equation, short} from "../../../../static/labs/digits/equation-view.js";

/** @import {Convolution} from "../../../../static/labs/digits/convolution.js" */
/** @import {DigitsState} from "../../../../static/labs/digits/page.js" */

/** @type {Convolution} of one filter that adds the nine pixels around, of maps of 4 × 4 */
const SUMS = {
  size: 3,
  channels: 1,
  filters: 1,
  border: 1,
  sumsSide: 4,
  pool: "none",
  activation: "linear",
  weights: new Float32Array(9).fill(1),
  biases: new Float32Array(1),
};

const FOUR = mapsOf(
  Float32Array.from({length: 16}, (_, i) => i + 1),
  1,
);

/** All pixels of the one map, row by row. @param {Convolution} layer @param {number} side */
const valuesOf = (layer, side) =>
  Array.from(
    {length: side ** 2},
    (_, i) => pixelOf(FOUR, layer, 0, Math.floor(i / side), i % side).value,
  );

test("beyond the border there are zeros", () => {
  const [corner, edge, middle] = [valuesOf(SUMS, 4)[0], valuesOf(SUMS, 4)[1], valuesOf(SUMS, 4)[5]];
  assert.deepEqual([corner, edge, middle], [1 + 2 + 5 + 6, 1 + 2 + 3 + 5 + 6 + 7, 54]);
});

test("without a border the map is smaller", () => {
  assert.deepEqual(valuesOf({...SUMS, border: 0, sumsSide: 2}, 2), [54, 63, 90, 99]);
});

test("a filter is not turned over: its weight above and to the right takes the pixel there", () => {
  const weights = new Float32Array(9);
  weights[2] = 1;
  assert.deepEqual(
    valuesOf({...SUMS, weights}, 4),
    [0, 0, 0, 0, 2, 3, 4, 0, 6, 7, 8, 0, 10, 11, 12, 0],
  );
});

test("pooling keeps the largest, then comes the activation", () => {
  const weights = new Float32Array(9);
  weights[4] = -1;
  const layer = {...SUMS, weights, biases: new Float32Array([4])};
  assert.deepEqual(valuesOf({...layer, pool: "2x2", activation: "relu"}, 2), [3, 1, 0, 0]);
  assert.deepEqual(valuesOf({...layer, pool: "global"}, 1), [3]);
});

test("a pixel is the sum of its channels' products and the bias", () => {
  const source = mapsOf(new Float32Array([1, 2, 3, 4, 10, 20, 30, 40]), 2);
  const weights = new Float32Array(9 * 2 * 2);
  weights[(4 * 2 + 0) * 2 + 1] = 2; // the middle of the first channel, second filter
  weights[(5 * 2 + 1) * 2 + 1] = 0.5; // right of the middle, second channel
  /** @type {Convolution} */
  const layer = {
    ...SUMS,
    channels: 2,
    filters: 2,
    sumsSide: 2,
    weights,
    biases: new Float32Array([0, -1]),
    pool: "2x2",
    activation: "relu",
  };
  const pixel = pixelOf(source, layer, 1, 0, 0);
  // 2·1 + 0.5·20 − 1, 2·2 − 1, 2·3 + 0.5·40 − 1, 2·4 − 1
  assert.deepEqual(pixel.sums, [11, 3, 25, 7]);
  assert.deepEqual(
    pixel.parts.map(({sum}) => sum),
    [6, 20],
  );
  assert.equal(pixel.value, 25);
  assert.equal(filterOf(layer, 1, 1)[5], 0.5);
  assert.deepEqual([weightsOf(layer, 1)[4 * 2], weightsOf(layer, 1)[5 * 2 + 1]], [2, 0.5]);
  assert.equal(weightsOf(layer, 1).length, 18);
  assert.match(equation(pixel, 1, null), / = 25\.00; max\(.*\) = 25\.00; switched off: 0\.00$/);
  assert.equal(
    equation(pixel, 1, "ReLU"),
    "20.00 (map 2) + 6.00 (1 other map) + −1.00 (bias) = 25.00; max(11.00, 3.00, 25.00, 7.00) = 25.00; ReLU(25.00) = 25.00",
  );
});

test("a layer lies where the facts say, and is none while the parameters are of another network", () => {
  const layer = {kind: "convolution", units: 3, size: 3, sums_side: 9, side: 4, pool: "2x2"};
  const server = /** @type {DigitsState} */ (
    /** @type {unknown} */ ({
      settings: {padding: "valid", activation: "tanh"},
      facts: {
        convolutional: [
          {},
          {...layer, weights_offset: 20, weights_shape: [3, 3, 2, 3], biases_offset: 74},
        ],
      },
    })
  );
  const parameters = Float32Array.from({length: 80}, (_, i) => i);
  const found = convolutionOf(server, 2, parameters);
  assert.equal(found?.weights[0], 20);
  assert.deepEqual([...(found?.biases ?? [])], [74, 75, 76]);
  assert.deepEqual([found?.channels, found?.border, found?.sumsSide], [2, 0, 9]);
  assert.equal(convolutionOf(server, 2, parameters.subarray(0, 70)), null);
  assert.equal(convolutionOf(server, 1, parameters), null);
});

test("numbers in cells have two digits and a sign", () => {
  assert.deepEqual([0, -0.001, 0.304, -0.3, 0.996, -1.25, 9.96, -42.4, 120, -2e6].map(short), [
    "0",
    "0",
    ".30",
    "−.30",
    "1.0",
    "−1.3",
    "10",
    "−42",
    "1e2",
    "−2e6",
  ]);
});
