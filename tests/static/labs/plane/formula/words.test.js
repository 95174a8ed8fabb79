/** What the dialog of formulas says. */

import assert from "node:assert/strict";
import {test} from "node:test";

import {learned, rangeIn, refused} from "../../../../../static/labs/plane/formula/words.js";

const OWN = {count: 1000, columns: [], formula: "y > 0", classes: ["y > 0", "else"], notices: []};

test("two classes are colours, more have numbers, notices follow", () => {
  assert.deepEqual(learned({...OWN, notices: ["No point is in the class of x > 9."]}), [
    "Learned 1,000 points: blue if y > 0, else orange.",
    "No point is in the class of x > 9.",
  ]);
  assert.deepEqual(learned({...OWN, classes: ["y > 0", "x > 0", "else"]}), [
    "Learned 1,000 points: class 1 if y > 0, class 2 if x > 0, else class 3.",
  ]);
  assert.deepEqual(learned({...OWN, classes: ["y > 0", "y <= 0"]}), [
    "Learned 1,000 points: blue if y > 0, orange if y <= 0.",
  ]);
});

test("values have no classes", () => {
  assert.deepEqual(learned({...OWN, count: 1, classes: []}), ["Learned values of z at 1 point."]);
});

test("points without a formula are not spoken of", () => {
  assert.deepEqual(learned(null), []);
  assert.deepEqual(learned({...OWN, formula: ""}), []);
});

test("a refusal says what came and what was expected", () => {
  const rejected = {seq: 1, field: "formula", came: "'sin'", expected: "sin(a)", place: null};
  assert.equal(refused({type: "rejected", ...rejected}), "'sin' came, expected sin(a).");
});

test("a place is that of the text, whatever stands before it", () => {
  const text = "x > 0\n😀 > [1]";
  const [first, last] = rangeIn(text, [10, 11]);
  assert.equal(text.slice(first, last), "[");
  assert.deepEqual(rangeIn("x >", [3, 3]), [3, 3]);
});
