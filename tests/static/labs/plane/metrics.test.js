import assert from "node:assert/strict";
import {test} from "node:test";
import {formatShare} from "../../../../static/drawing/format.js";
import {classScores, scores} from "../../../../static/labs/plane/metrics.js";

test("accuracy, precision and recall follow from the counts", () => {
  const {accuracy, precision, recall} = scores([30, 10, 20, 40]);
  assert.equal(accuracy, 0.7);
  assert.equal(precision, 0.6);
  assert.equal(recall, 0.75);
});

test("of nothing there is no share", () => {
  const {accuracy, precision, recall} = scores([0, 0, 0, 0]);
  for (const share of [accuracy, precision, recall]) assert.equal(formatShare(share), "–");
});

test("nearly all is not called all", () => {
  assert.equal(formatShare(0.9999), "99.9 %");
  assert.equal(formatShare(1), "100 %");
  assert.equal(formatShare(0.0001), "0.1 %");
  assert.equal(formatShare(0), "0 %");
  assert.equal(formatShare(0.5), "50.0 %");
});

test("of more classes each has its precision and recall", () => {
  const {accuracy, precision, recall} = classScores([8, 2, 0, 1, 9, 0, 3, 3, 4]);
  assert.equal(accuracy, 0.7);
  assert.deepEqual(precision, [8 / 12, 9 / 14, 1]);
  assert.deepEqual(recall, [0.8, 0.9, 0.4]);
});
