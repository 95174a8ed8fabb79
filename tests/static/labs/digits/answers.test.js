import assert from "node:assert/strict";
import {test} from "node:test";
import {winnerOf, winnerWords} from "../../../../static/labs/digits/answers-view.js";
import {accuracyAt, shiftName} from "../../../../static/labs/digits/shift-view.js";

/** @param {number} digit @param {number} share */
const sure = (digit, share) =>
  new Float32Array(10).fill((1 - share) / 9).fill(share, digit, digit + 1);

test("the winner is said in words, and doubted where it has less than half", () => {
  assert.equal(winnerWords(sure(3, 0.9)), "It reads a 3, 90.0 %.");
  assert.equal(winnerWords(sure(8, 0.9)), "It reads an 8, 90.0 %.");
  assert.equal(winnerWords(sure(0, 0.4)), "Not sure: perhaps a 0, 40.0 %.");
});

test("a network whose numbers have overflowed has no answer", () => {
  const shares = sure(3, 0.9).fill(Number.NaN, 5, 6);
  assert.equal(winnerOf(shares), -1);
  assert.match(winnerWords(shares), /overflowed/);
});

test("the map by shift has rows for down and columns for right, the plain network first", () => {
  const both = Float32Array.from({length: 2 * 169}, (_, i) => i);
  assert.equal(accuracyAt(both, 0, [-6, -6]), 0);
  assert.equal(accuracyAt(both, 0, [-5, -6]), 1);
  assert.equal(accuracyAt(both, 1, [6, 6]), 337);
});

test("a shift has a name", () => {
  assert.equal(shiftName([0, 0]), "Centred");
  assert.equal(shiftName([2, -3]), "2 px right, 3 px up");
});
