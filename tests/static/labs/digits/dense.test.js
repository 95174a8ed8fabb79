import assert from "node:assert/strict";
import {test} from "node:test";
import {
  cellBeside,
  denseOf,
  inputAt,
  largestTerms,
  productsOf,
  sheetOf,
  weightsInto,
} from "../../../../static/labs/digits/dense.js";
import {rest, sheetFor, sumWords, weighingOf} from "../../../../static/labs/digits/weighing.js";

/** @import {Frame} from "../../../../static/labs/digits/frame.js" */
/** @import {Digits, DigitsState, Layer} from "../../../../static/labs/digits/page.js" */

/** Of three inputs and two units, behind a layer of five numbers. */
const LAYER = /** @type {Layer} */ (
  /** @type {unknown} */ ({
    kind: "dense",
    units: 2,
    weights_offset: 5,
    weights_shape: [3, 2],
    biases_offset: 11,
  })
);
const PARAMETERS = Float32Array.from({length: 13}, (_, i) => i);

test("a unit has its column of the weights", () => {
  const layer = denseOf(LAYER, PARAMETERS);
  assert.ok(layer);
  assert.deepEqual([...weightsInto(layer, 1)], [6, 8, 10]);
  assert.deepEqual([layer.inputs, ...layer.biases], [3, 11, 12]);
  assert.equal(denseOf(LAYER, PARAMETERS.subarray(0, 12)), null);
  assert.equal(denseOf({...LAYER, kind: "convolution"}, PARAMETERS), null);
});

test("shuffled pixels are drawn in their own places", () => {
  const sheet = sheetOf([4], new Float32Array([2, 0, 3, 1]));
  assert.deepEqual([sheet.width, sheet.height, ...sheet.inputs], [2, 2, 2, 0, 3, 1]);
  assert.equal(inputAt(sheet, {row: 1, column: 0}), 3);
  assert.equal(sheet.nameOf(3), "row 2, column 1");
  assert.equal(sheet.nameOf(2), "row 1, column 1");
});

test("units lie in rows, and what is none is no cell", () => {
  const sheet = sheetOf([5], null);
  assert.deepEqual([sheet.width, sheet.height], [3, 2]);
  assert.deepEqual([...sheet.inputs], [0, 1, 2, 3, 4, -1]);
  assert.equal(sheet.nameOf(4), "unit 5");
  assert.equal(inputAt(sheet, {row: 2, column: 0}), -1);
  assert.equal(inputAt(sheet, {row: 0, column: 3}), -1);
});

test("maps lie beside each other, with a line between", () => {
  const sheet = sheetOf([1, 2, 3], null); // inputs: row, column, map
  assert.deepEqual([sheet.width, sheet.height], [5, 3]);
  assert.deepEqual([...sheet.inputs], [0, 3, -1, 1, 4, -1, -1, -1, -1, -1, 2, 5, -1, -1, -1]);
  assert.equal(sheet.nameOf(4), "map 2, row 1, column 2");
  assert.equal(sheetOf([1, 1, 3], null).nameOf(2), "map 3");
});

test("arrow keys begin in the middle, step over lines and stay on the picture", () => {
  const maps = sheetOf([1, 2, 3], null);
  assert.deepEqual(cellBeside(maps, {row: 0, column: 1}, [0, 1]), {row: 0, column: 3});
  assert.deepEqual(cellBeside(maps, {row: 0, column: 0}, [1, 0]), {row: 2, column: 0});
  assert.deepEqual(cellBeside(maps, {row: 0, column: 4}, [0, 1]), {row: 0, column: 4});
  assert.deepEqual(cellBeside(maps, {row: 2, column: 1}, [0, 1]), {row: 2, column: 1});
  assert.ok(inputAt(maps, cellBeside(maps, null, [0, 1])) >= 0);
  assert.deepEqual(cellBeside(sheetOf([9], null), null, [0, 1]), {row: 1, column: 1});
});

test("the largest products come first, and the rest adds up", () => {
  const weights = new Float32Array([1, -4, 2, 8, 0.5]);
  const source = new Float32Array([1, 1, 1, 0, -1]);
  const {terms, others, rest: remainder} = largestTerms(weights, source, 2);
  assert.deepEqual(
    terms.map(({input, product}) => [input, product]),
    [
      [1, -4],
      [2, 2],
    ],
  );
  assert.deepEqual([others, remainder], [2, 0.5]);
  assert.deepEqual([...productsOf(weights, source)], [1, -4, 2, 0, -0.5]);
});

/** A plain network of these two layers: three inputs, or pixels, and two outputs. @param {object} [settings] */
const serverOf = settings =>
  /** @type {DigitsState} */ (
    /** @type {unknown} */ ({
      view: {inside_plain: true, layer: 2},
      settings: {activation: "relu", plain_off: [], ...settings},
      facts: {plain: [{kind: "dense"}, LAYER, {kind: "dense"}], convolutional: []},
    })
  );
const DIGITS = /** @type {Digits} */ ({pixels: new Float32Array(784)});
const FRAME = /** @type {Frame} */ (
  /** @type {unknown} */ ({
    plainParameters: PARAMETERS,
    inside: {
      layer: "plain,2",
      source: new Float32Array([1, 0.5, -2]),
      sums: new Float32Array([0, 2]),
      values: new Float32Array([0, 2]),
      answers: new Float32Array([0.25, 0.75, 0, 1]),
    },
  })
);

test("a unit's sum is an equation with the server's sum and value", () => {
  const server = serverOf();
  const weighing = weighingOf(FRAME, server, 2);
  assert.ok(weighing?.numbers);
  const words = sumWords(weighing, sheetFor(server, DIGITS), rest(server, 2, weighing.numbers));
  assert.equal(
    words,
    "−20.000 (unit 3) + 6.000 (unit 1) + 4.000 (unit 2) + 12.000 (bias) = 2.000; ReLU(2.000) = 2.000",
  );
  const off = serverOf({plain_off: [[2, 2]]});
  assert.equal(rest(off, 2, {...weighing.numbers, value: 0}), "switched off: 0.000");
});

test("what is more than a few terms is one", () => {
  const weights = Float32Array.from({length: 8}, (_, i) => i + 1);
  const numbers = {source: weights.map(() => 1), sum: 35, value: 35, answer: 0};
  assert.equal(
    sumWords({weights, bias: -1, numbers}, sheetOf([8], null), "done"),
    "8.000 (unit 8) + 7.000 (unit 7) + 6.000 (unit 6) + 5.000 (unit 5) + 10.000 (4 more) − 1.000 (bias) = 35.000; done",
  );
});

test("an output has its answer, of its own network", () => {
  const server = serverOf();
  server.facts.plain.pop();
  const numbers = weighingOf(FRAME, server, 2)?.numbers;
  assert.ok(numbers);
  assert.equal(rest(server, 2, numbers), "the softmax of all 2 outputs makes it 75.0 %");
});

test("numbers of another layer are not shown", () => {
  const server = serverOf();
  const other = {...FRAME, inside: FRAME.inside && {...FRAME.inside, layer: "convolutional,2"}};
  assert.equal(weighingOf(other, server, 1)?.numbers, null);
  assert.equal(weighingOf(FRAME, server, 3), null);
});
