import assert from "node:assert/strict";
import {test} from "node:test";
import {completed, readFrame, readPoints, samePoints} from "../../../../static/labs/plane/frame.js";
import {readSafetensors} from "../../../../static/session/safetensors.js";
import {write} from "../../written.js";

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
  const make = parts =>
    /** @type {import("../../../../static/labs/plane/frame.js").Frame} */ (parts);
  const [old, other] = [new Uint8Array([1, 2, 3, 4]), new Uint8Array([5])];
  const before = make({number: 1, neurons: old, smallSide: 2});
  const newest = make({number: 2, neurons: null, smallSide: 0});
  assert.deepEqual(completed(newest, before), {number: 2, neurons: old, smallSide: 2});
  assert.equal(completed(newest, null), newest);
  const whole = make({number: 3, neurons: other, smallSide: 1});
  assert.equal(completed(whole, before), whole);
});

test("a frame has numbers, and null for a loss that is not finite", () => {
  const frame = readFrame(
    readSafetensors(
      write(
        {
          run: "2",
          frame: "5",
          applied: "3",
          epoch: "12",
          step: "300",
          losses: "train,test",
          loss_train: "0.25",
          loss_test: "",
          epochs_per_second: "60.0",
          steps_per_second: "1500.0",
          history_start: "4",
          focus: "",
        },
        {
          parameters: new Float32Array([1]),
          metrics: new Float32Array([3, 1, 0, 4, 5, 0, 2, 6]),
          history: new Float32Array([12, 0.25, 0.5]),
          output: new Uint8Array(4),
          neurons: new Uint8Array(0),
        },
      ),
    ),
  );
  assert.equal(frame.epoch, 12);
  assert.equal(frame.losses.train, 0.25);
  assert.equal(frame.losses.test, null);
  assert.equal(frame.history.start, 4);
  assert.equal(frame.focusPicture, null);
  assert.deepEqual([...frame.metrics.test], [5, 0, 2, 6]);
});

test("points lack nothing, or it is said what", () => {
  const message = readSafetensors(write({run: "1"}, {train: new Float32Array(3)}));
  assert.throws(() => readPoints(message), /expected a tensor of F32/);
});
