import assert from "node:assert/strict";
import {test} from "node:test";
import {
  digitsOf,
  nextMisread,
  nextOfClass,
  worstPairs,
  worstWords,
} from "../../../../static/labs/digits/misreadings.js";

const DIGITS = {
  run: 1,
  images: new Uint8Array(0),
  labels: new Uint8Array([4, 9, 4, 4, 7]),
  pixels: new Float32Array(0),
};
const SAID = new Uint8Array([9, 9, 4, 9, 255, 4, 9, 4, 4, 1]); // the plain one's, then the convolutional one's

test("the digits of a cell are those of its network, class and answer", () => {
  assert.deepEqual(digitsOf(SAID, DIGITS, {twin: 0, actual: 4, said: 9}), [0, 3]);
  assert.deepEqual(digitsOf(SAID, DIGITS, {twin: 1, actual: 4, said: 9}), []);
  assert.deepEqual(digitsOf(SAID, DIGITS, {twin: 1, actual: 7, said: 1}), [4]);
});

test("the worst pairs are off the diagonal, the most frequent first", () => {
  const counts = new Float32Array(100);
  for (const [actual, said, count] of [
    [4, 4, 90],
    [4, 9, 12],
    [9, 4, 7],
    [7, 1, 1],
    [0, 6, 3],
  ])
    counts[10 * Number(actual) + Number(said)] = Number(count);
  const pairs = worstPairs(counts, 2);
  assert.deepEqual(pairs, [
    {actual: 4, said: 9, count: 12},
    {actual: 9, said: 4, count: 7},
  ]);
  assert.equal(worstWords(pairs), "Most often reads 4 as 9: 12 times, 9 as 4: 7 times.");
  assert.equal(worstWords([{actual: 7, said: 1, count: 1}]), "Most often reads 7 as 1: once.");
  assert.equal(worstWords(worstPairs(new Float32Array(100), 2)), "It misreads no test digit.");
});

test("the next of a class comes round again", () => {
  assert.deepEqual(
    [null, 0, 2, 3].map(after => nextOfClass(DIGITS, after, 4)),
    [0, 2, 3, 0],
  );
  assert.equal(nextOfClass(DIGITS, 1, 9), 1);
  assert.equal(nextOfClass(DIGITS, null, 5), -1);
});

test("the next misread one is misread by either network; what was not looked at is not", () => {
  assert.deepEqual(
    [null, 0, 3, 4].map(after => nextMisread(DIGITS, after, SAID)),
    [0, 3, 4, 0],
  );
  const unknown = new Uint8Array(10).fill(255);
  assert.equal(nextMisread(DIGITS, 0, unknown), -1);
});
