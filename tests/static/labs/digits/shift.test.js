import assert from "node:assert/strict";
import {test} from "node:test";
import {shiftWords} from "../../../../static/labs/digits/shift-view.js";

test("the words of a cell name its accuracies, and say when they are old", () => {
  const both = new Float32Array(2 * 13 * 13).fill(0.5);
  const at = (6 + 1) * 13 + 6 - 2;
  both[at] = 0.25;
  both[13 * 13 + at] = 0.75;
  const renewed = new Uint8Array(13 * 13).fill(1);
  const words =
    "2 px left, 1 px down, accuracy on 200 test digits: plain network 25.0 %, convolutional network 75.0 %.";
  assert.equal(shiftWords(both, renewed, [-2, 1]), words);
  renewed[at] = 0;
  assert.equal(
    shiftWords(both, renewed, [-2, 1]),
    `${words} Measured an epoch ago, or before an edit.`,
  );
});
