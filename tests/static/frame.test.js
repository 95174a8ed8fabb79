import assert from "node:assert/strict";
import {test} from "node:test";
import {samePoints} from "../../static/frame.js";

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
