import assert from "node:assert/strict";
import {test} from "node:test";
import {LossHistory} from "../../../static/session/loss-history.js";

const NAMES = ["train", "test"];

/** @param {number} from @param {number} to */
function samples(from, to) {
  const flat = [];
  for (let epoch = from; epoch < to; epoch++) flat.push(epoch, epoch / 10, epoch / 5);
  return flat;
}

test("ranges that overlap make one curve without gaps", () => {
  const history = new LossHistory();
  history.merge(0, samples(0, 4), NAMES);
  history.merge(2, samples(2, 7), NAMES);
  history.merge(7, samples(7, 8), NAMES);
  assert.deepEqual(history.epochs, [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.equal(history.curves[0]?.losses[6], 0.6);
  assert.equal(history.curves[1]?.losses[6], 1.2);
});

test("a shorter history replaces a longer one", () => {
  const history = new LossHistory();
  history.merge(0, samples(0, 9), NAMES);
  history.merge(0, samples(0, 1), NAMES);
  assert.equal(history.length, 1);
});

test("what comes before its beginning is left out", () => {
  const history = new LossHistory();
  history.merge(3, samples(3, 5), NAMES);
  assert.equal(history.length, 0);
});

test("there are as many curves as losses, with their names", () => {
  const history = new LossHistory();
  history.merge(0, [0, 5, 1, 6, 2, 7], ["generator"]);
  history.clear();
  history.merge(0, [0, 5, 1, 6, 2, 7], ["generator"]);
  assert.deepEqual(history.epochs, [0, 1, 2]);
  assert.deepEqual(history.curves, [{name: "generator", losses: [5, 6, 7]}]);
});
