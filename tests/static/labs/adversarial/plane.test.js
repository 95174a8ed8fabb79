import assert from "node:assert/strict";
import {test} from "node:test";
import {completed, readFrame} from "../../../../static/labs/adversarial/frame.js";
import {longestOf, squareIn, toPixel, toPlace} from "../../../../static/labs/adversarial/plane.js";
import {costText, divergenceText, seedsText} from "../../../../static/labs/adversarial/words.js";

test("a place comes back from its pixel, and stays in the picture", () => {
  const box = squareIn(400, 300);
  assert.deepEqual(box, {left: 50, top: 0, side: 300});
  assert.deepEqual(toPixel(box, 1.5, 0, 0), [200, 150]);
  assert.deepEqual(toPixel(box, 1.5, -1.5, 1.5), [50, 0]);
  for (const place of [
    [0.5, -1.25],
    [-1.5, 1.5],
    [0, 0],
  ]) {
    const [x = 0, y = 0] = place;
    assert.deepEqual(toPlace(box, 1.5, ...toPixel(box, 1.5, x, y)), place);
  }
  assert.deepEqual(toPlace(box, 1.5, -100, 900), [-1.5, -1.5]);
});

test("the longest way sets the scale, and those that are nowhere do not", () => {
  assert.equal(longestOf(new Float32Array([3, 4, 0, 1])), 5);
  assert.equal(longestOf(new Float32Array([1e7, 1e7, 0, 1])), 1);
});

/** @param {Record<string, number[]>} floats @param {Record<string, string>} metadata */
function frameOf(floats, metadata = {}) {
  const tensors = Object.fromEntries(
    Object.entries({history: [], ...floats}).map(([name, values]) => [
      name,
      {shape: [values.length], values: new Float32Array(values)},
    ]),
  );
  return readFrame(/** @type {any} */ ({metadata: {losses: "", ...metadata}, tensors}));
}

test("what comes less often stays until it comes anew", () => {
  const numbers = {covered: 3, modes: 8, good: 0.5, divergence: 0.2, gap: null};
  const before = frameOf({fakes: [1, 2]}, {numbers: JSON.stringify(numbers), range: "-2,3"});
  assert.deepEqual(before.numbers, numbers);
  assert.deepEqual(before.range, [-2, 3]);
  const newest = completed(before, frameOf({fakes: [3, 4], arrows: [0, 1]}));
  assert.deepEqual(newest.numbers, numbers);
  assert.deepEqual([...newest.fakes], [3, 4]);
  assert.equal(newest.field, null);
});

test("costs and results are said in words", () => {
  const facts = /** @type {any} */ ({work: 475_136});
  assert.match(costText(facts, 3000), /^About \d+ seconds of one processor core/);
  assert.match(costText({...facts, work: 10}, 300), /^About a second/);
  const seeds = {number: 1, rounds: 3000, finished: 4, share: 0.25, collapsed: 1, each: []};
  assert.equal(seedsText(seeds, true), "4 of 16 done, 25 %: 1 of 4 collapsed. 3,000 rounds each.");
  assert.equal(
    seedsText({...seeds, finished: 16, collapsed: 5}, true),
    "All 16 done: 5 of 16 collapsed. 3,000 rounds each.",
  );
  assert.equal(divergenceText(0.25), "0.250 of 0.693");
});
