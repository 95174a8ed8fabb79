import assert from "node:assert/strict";
import {test} from "node:test";
import {
  dialectWords,
  lossWords,
  noteWords,
  pointsWords,
  refusalWords,
} from "../../../../../static/labs/plane/table/words.js";

/** @typedef {import("../../../../../static/session/protocol.js").PlanePreview} PlanePreview */

/** @param {number[]} counts @returns {NonNullable<PlanePreview["learned"]>} */
const learned = counts => ({
  targets: "classes",
  points: counts.flatMap((many, k) =>
    Array.from({length: many}, () => /** @type {[number, number, number]} */ ([0, 0, k])),
  ),
  columns: ["w", "h", "kind"],
  names: [],
  notes: ["all points are of one class"],
  scaling: {how: "fit", centre: [0, 0, 0], factor: [1, 1, 1]},
  classes: counts.map((count, k) => ({name: String(k), count})),
});

/** @param {Partial<PlanePreview>} changes @returns {PlanePreview} */
const preview = changes => ({
  dialect: "commas, UTF-8",
  rows: 1200,
  place: "line",
  columns: [],
  roles: {x: 0, y: 1, target: 2, targets: "classes", scaling: "fit"},
  skipped: [],
  learned: null,
  refused: null,
  ...changes,
});

test("rows that are left out are said with their places", () => {
  const skipped = [
    {reason: "no number in w, such as x", count: 2, first: [12, 13]},
    {reason: "no class in kind", count: 7, first: [1, 2, 3]},
    {reason: "2 cells instead of 3", count: 1, first: [9]},
  ];
  assert.deepEqual(noteWords(preview({skipped, learned: learned([1])})), [
    "2 rows left out, no number in w, such as x: lines 12, 13.",
    "7 rows left out, no class in kind: lines 1, 2, 3, ….",
    "1 row left out, 2 cells instead of 3: line 9.",
    "All points are of one class.",
  ]);
});

test("a table and its points are counted", () => {
  const column = {name: "w", kind: /** @type {const} */ ("numbers"), gaps: 0, first: []};
  const columns = [{...column, targets: /** @type {const} */ ("values")}];
  assert.equal(dialectWords(preview({columns})), "1,200 rows, 1 column: commas, UTF-8.");
  assert.equal(pointsWords(preview({learned: learned([2, 0, 1])})), "3 points of 2 classes");
  assert.equal(pointsWords(preview({learned: learned([1])})), "1 point of 1 class");
  assert.equal(pointsWords(preview({})), "");
});

test("cross-entropy is offered for two classes of unequal size, unless it is chosen", () => {
  assert.equal(
    lossWords(learned([60, 20]), "squared-error"),
    "one class has 60 points, the other 20",
  );
  assert.equal(lossWords(learned([60, 20]), "cross-entropy"), "");
  assert.equal(lossWords(learned([60, 50]), "squared-error"), "");
  assert.equal(lossWords(learned([60, 20, 1]), "squared-error"), "");
  assert.equal(lossWords(learned([60]), "squared-error"), "");
});

test("a refusal names what came", () => {
  const refused = {field: "JSON", came: "an empty list", expected: "a list of objects"};
  assert.equal(refusalWords(refused), "JSON: an empty list came, expected a list of objects.");
});
