import assert from "node:assert/strict";
import {test} from "node:test";
import {
  equationLines,
  formatNumber,
  howWords,
  markOf,
  pictureWords,
  placeText,
  theoryWords,
} from "../../../../static/labs/descent/words.js";

const HOW = {
  behaviour: "settles",
  by_theory: true,
  factor: 0.6,
  arrived: null,
  at_lowest: true,
  diverged: null,
};
const RUNNER = {
  place: [-1.5], path: [], heights: [], slope: [-6], rate: 0.1, next: [-0.9], batchError: 4.5, chosen: [], line: [],
  how: HOW,
}; // biome-ignore format: rows of numbers

test("how a racer goes on", () => {
  assert.equal(howWords(HOW), "settles, × 0.600 a step");
  assert.equal(howWords({...HOW, arrived: 11}), "arrived at step 11 · settles");
  const local = {...HOW, by_theory: false, factor: null, arrived: 4, at_lowest: false};
  assert.equal(howWords(local), "arrived at step 4 in a minimum that is not the lowest");
  assert.equal(howWords({...HOW, diverged: 1234}), "diverged at step 1,234");
  assert.equal(
    howWords({...HOW, behaviour: "diverges", factor: -1.4}),
    "diverges: the rate is above 2/L, × −1.400 a step",
  );
  assert.equal(howWords({...HOW, behaviour: "starts", by_theory: false, factor: null}), "");
});

test("marks tell the ends of a race apart without colours", () => {
  assert.deepEqual([HOW, {...HOW, arrived: 3}, {...HOW, diverged: 3}].map(markOf), ["", "✓", "✕"]);
});

test("numbers have four digits and a real minus", () => {
  assert.deepEqual([0.5, -12.345, 1234.5, 0.00012, 0, Number.NaN].map(formatNumber), [
    "0.500", "−12.35", "1235", "1.20e-4", "0.000", "–",
  ]); // biome-ignore format: a row
  assert.equal(placeText([0.25]), "0.250");
  assert.equal(placeText([0.25, -1.5]), "(0.25, −1.50)");
  assert.equal(placeText([-5.71e-8, 0]), "(−6e-8, 0.00)");
});

test("the next step is the lecture's formula with its numbers", () => {
  assert.deepEqual(equationLines(["w"], RUNNER), ["w ← −1.500 − 0.1 × (−6.000) = −0.900"]);
  assert.deepEqual(equationLines(["w"], {...RUNNER, next: null}), [
    "w = −1.500, slope −6.000, η = 0.1",
  ]);
});

test("theory tells the limits of the rate, where there is one", () => {
  const facts = {
    weights: ["w"], window: [], start: [], racers: [{name: "Batch", method: "sgd", runner: "batch", rate: 0.1}],
    minima: [{at: [0], error: 0, is_lowest: true}], has_points: false, across: null,
  }; // biome-ignore format: rows
  const said = theoryWords({...facts, curvatures: [4, 4]});
  assert.match(
    said,
    /L = 4\. Gradient descent settles up to the rate 1\/L = 0\.25, .* above 2\/L = 0\.5\./,
  );
  assert.match(theoryWords({...facts, curvatures: null}), /No formula/);
  assert.match(theoryWords({...facts, minima: [], curvatures: null}), /separable/);
  assert.equal(
    pictureWords({...facts, curvatures: null}, [RUNNER]),
    "The error over w. Minimum at 0.000. Batch at −1.500.",
  );
});
