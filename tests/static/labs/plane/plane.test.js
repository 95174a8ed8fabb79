import assert from "node:assert/strict";
import {test} from "node:test";
import {
  pixelsAt,
  placeAt,
  pointNear,
  reading,
  within,
  wrongPoints,
} from "../../../../static/labs/plane/plane.js";

/** @import {Frame, Points} from "../../../../static/labs/plane/frame.js" */
/** @import {Facts} from "../../../../static/labs/plane/page.js" */

/** @type {Points} */
const POINTS = {
  run: 1,
  train: new Float32Array([1, 2, 1, -3, 0, -1]),
  test: new Float32Array([1.1, 2, -1]),
  features: new Uint8Array(),
};
/** Right, wrong, wrong. */
const ANSWERS = new Float32Array([
  0.8,
  Number.NaN,
  0.02,
  0,
  0.5,
  Number.NaN,
  1.125,
  1,
  0.7,
  Number.NaN,
  1.445,
  1,
]);

/** @param {Partial<Facts>} more @returns {Facts} */
const facts = more =>
  /** @type {any} */ ({classes: 2, objective: "squared-error", shape: [2, 4, 1], ...more});
/** @param {Partial<Frame>} more @returns {Frame} */
const frame = more =>
  /** @type {any} */ ({
    at: [1.25, -3.4],
    atValues: new Float32Array([-0.834]),
    answers: ANSWERS,
    focus: "",
    ...more,
  });

test("the middle of the picture is the origin, its corners are six away, and nothing lies beyond", () => {
  assert.deepEqual(placeAt(150, 150, 300), [0, 0]);
  assert.deepEqual(placeAt(0, 0, 300), [-6, 6]);
  assert.deepEqual(placeAt(310, 320, 300), [6, -6]);
  assert.deepEqual(within(5.95 + 1, -0.00001), [6, 0]);
});

test("a picture of another domain is read in its own units, there and back", () => {
  /** @type {[number, number]} */
  const domain = [-0.5, 1.5];
  assert.deepEqual(placeAt(75, 225, 300, domain), [0, 0]);
  assert.deepEqual(pixelsAt([0, 0], 300, domain), {left: 75, top: 225});
  assert.deepEqual(within(7, -7, domain), [1.5, -0.5]);
  assert.deepEqual(pixelsAt([-6, 6], 300), {left: 0, top: 0});
});

test("the nearest point within reach is found, test points only where they are shown", () => {
  assert.equal(pointNear(POINTS, false, [1.08, 2], 0.2)?.set, "train");
  assert.deepEqual(pointNear(POINTS, true, [1.08, 2], 0.2)?.index, 2);
  assert.equal(pointNear(POINTS, true, [0, 0], 0.2), null);
});

test("wrong points are those that the engine calls wrong, of those that are shown", () => {
  assert.deepEqual(wrongPoints(ANSWERS, POINTS, false), {places: [[-3, 0]], count: 2});
  assert.equal(wrongPoints(ANSWERS, POINTS, true).places.length, 2);
  assert.equal(wrongPoints(ANSWERS, POINTS, true).count, 3);
});

test("a place is read with the output, or the class and its probability", () => {
  assert.deepEqual(reading(frame({}), facts({}), null, null), [
    "X₁ 1.25, X₂ −3.40",
    "Output −0.834, orange",
  ]);
  const likely = frame({atValues: new Float32Array([0.25])});
  assert.equal(
    reading(likely, facts({objective: "cross-entropy"}), null, null)[1],
    "Orange, 75.0 %",
  );
  const four = frame({atValues: new Float32Array([0.125, 0.75, 0.125])});
  const several = facts({classes: 3, objective: "categorical-cross-entropy", shape: [2, 4, 3]});
  assert.equal(reading(four, several, null, null)[1], "Class 2, 75.0 %");
  assert.equal(reading(frame({}), facts({classes: 0}), null, null)[1], "Output −0.834");
  assert.deepEqual(reading(frame({at: null}), facts({}), null, null), []);
});

test("the value of the neuron that is looked at comes before the output", () => {
  const both = frame({atValues: new Float32Array([0.5, -0.25]), focus: "1,3"});
  const lines = reading(both, facts({}), null, {key: "1,3", name: "Layer 1, neuron 3"});
  assert.equal(lines[1], "Layer 1, neuron 3: −0.250");
  assert.equal(lines[2], "Output 0.500, blue");
});

test("a point is read with its class, what it is taken for, and its loss", () => {
  const point = pointNear(POINTS, false, [-3, 0], 0.1);
  assert.deepEqual(reading(frame({}), facts({}), point, null).slice(2), [
    "Training point −3.00, 0.00: orange",
    "✗ Wrong: output 0.500, blue; loss 1.1250",
  ]);
  assert.deepEqual(reading(frame({}), facts({classes: 0}), point, null).slice(2), [
    "Training point −3.00, 0.00: target −1.000",
    "Output 0.500, loss 1.1250",
  ]);
});
