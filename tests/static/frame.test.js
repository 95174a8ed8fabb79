import assert from "node:assert/strict";
import {test} from "node:test";
import {completed, samePoints} from "../../static/session/frame.js";

/**
 * @param {number} run
 * @param {number[]} train
 * @param {number[]} test
 */
function points(run, train, test) {
  return {
    run,
    train: new Float32Array(train),
    test: new Float32Array(test),
    features: new Uint8Array(0),
  };
}

test("points are the same in another run, unless one has moved, changed its class or is new", () => {
  const [train, others] = [
    [1, 2, 1, 3, 4, -1],
    [5, 6, 1],
  ];
  const old = points(1, train, others);
  assert.ok(samePoints(old, points(2, train, others)));
  assert.ok(!samePoints(old, points(2, [1, 2, 1, 3, 4, 1], others)));
  assert.ok(!samePoints(old, points(2, train.slice(0, 3), others)));
  assert.ok(!samePoints(old, points(2, train, [5, 6.5, 1])));
});

test("a frame without the neurons keeps those of the frame before, with their size", () => {
  /** @param {object} parts */
  const make = parts => /** @type {import("../../static/session/frame.js").Frame} */ (parts);
  const [old, other] = [new Uint8Array([1, 2, 3, 4]), new Uint8Array([5])];
  const before = make({number: 1, neurons: old, smallSide: 2});
  const newest = make({number: 2, neurons: null, smallSide: 0});
  assert.deepEqual(completed(newest, before), {number: 2, neurons: old, smallSide: 2});
  assert.equal(completed(newest, null), newest);
  const whole = make({number: 3, neurons: other, smallSide: 1});
  assert.equal(completed(whole, before), whole);
});
