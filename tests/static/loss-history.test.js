import assert from "node:assert/strict";
import {test} from "node:test";
import {LossHistory} from "../../static/session/loss-history.js";

/** @param {number} from @param {number} to */
function samples(from, to) {
  const flat = [];
  for (let epoch = from; epoch < to; epoch++) flat.push(epoch, epoch / 10, epoch / 5);
  return flat;
}

test("ranges that overlap make one curve without gaps", () => {
  const history = new LossHistory();
  history.merge(0, samples(0, 4));
  history.merge(2, samples(2, 7));
  history.merge(7, samples(7, 8));
  assert.deepEqual(history.epochs, [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.equal(history.train[6], 0.6);
  assert.equal(history.test[6], 1.2);
});

test("a shorter history replaces a longer one", () => {
  const history = new LossHistory();
  history.merge(0, samples(0, 9));
  history.merge(0, samples(0, 1));
  assert.equal(history.length, 1);
});

test("what comes before its beginning is left out", () => {
  const history = new LossHistory();
  history.merge(3, samples(3, 5));
  assert.equal(history.length, 0);
});
