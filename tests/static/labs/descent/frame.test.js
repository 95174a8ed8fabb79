import assert from "node:assert/strict";
import {test} from "node:test";
import {readFrame, readMaterial} from "../../../../static/labs/descent/frame.js";

/** @param {Record<string, [number[], number[]]>} said shape and values by name */
function tensorsOf(said) {
  return Object.fromEntries(
    Object.entries(said).map(([name, [shape, values]]) => [
      name,
      {shape, values: new Float32Array(values)},
    ]),
  );
}

const HOW = {
  behaviour: "settles",
  by_theory: true,
  factor: 0.5,
  arrived: null,
  at_lowest: true,
  diverged: null,
};
const NOT = Number.NaN;

const MESSAGE = {
  metadata: {
    kind: "frame", run: "1", frame: "2", applied: "0", epoch: "2", step: "2", step_in_epoch: "0", steps_in_epoch: "1",
    losses: "racer_1,racer_2", loss_racer_1: "0.5", loss_racer_2: "", epochs_per_second: "0", steps_per_second: "0",
    history_start: "0", hovered: "1,2,3.5,-4,5", racers: JSON.stringify([HOW, {...HOW, diverged: 1}]),
  },
  tensors: tensorsOf({
    history: [[0, 3], []],
    places: [[2, 2], [1, 2, 3, 4]],
    paths: [[2, 3, 2], [0, 0, 1, 1, 1, 2, 0, 0, NOT, NOT, NOT, NOT]],
    slopes: [[2, 2], [5, 6, 7, 8]],
    rates: [[2], [0.5, 0.25]],
    next: [[2, 2], [2, 3, NOT, NOT]],
    batch_errors: [[2], [9, 10]],
    chosen: [[2, 2], [0, 1, 4, -1]],
    lines: [[2, 3], [1, 2, 3, 4, 5, 6]],
  }),
}; // biome-ignore format: rows of numbers

test("the sentence counts the racers of the frame", () => {
  const said = JSON.parse(readFrame(/** @type {any} */ (MESSAGE)).health);
  assert.deepEqual(said.figures, {racers: 2, arrived: 0, diverged: 1});
  assert.equal(said.kind, "racing");
  const racers = JSON.stringify([
    {...HOW, arrived: 2},
    {...HOW, arrived: 1, diverged: 1},
  ]);
  const over = {...MESSAGE, metadata: {...MESSAGE.metadata, racers}};
  const {kind, figures} = JSON.parse(readFrame(/** @type {any} */ (over)).health);
  assert.deepEqual({kind, ...figures}, {kind: "over", racers: 2, arrived: 1, diverged: 1});
});

test("each racer has its own rows", () => {
  const {runners, losses} = readFrame(MESSAGE);
  const [first, second] = runners;
  assert.deepEqual(first?.place, [1, 2]);
  assert.deepEqual(first?.path, [
    [0, 0],
    [1, 1],
    [1, 2],
  ]);
  assert.deepEqual([first?.slope, first?.rate, first?.next], [[5, 6], 0.5, [2, 3]]);
  assert.deepEqual(second?.chosen, [4]);
  assert.deepEqual(second?.line, [4, 5, 6]);
  assert.equal(second?.batchError, 10);
  assert.deepEqual(losses, {racer_1: 0.5, racer_2: null});
});

test("a way ends where a racer has diverged, and without plain descent nothing is foretold", () => {
  const [, second] = readFrame(MESSAGE).runners;
  assert.deepEqual(second?.path, [[0, 0]]);
  assert.equal(second?.next, null);
  assert.equal(second?.how.diverged, 1);
});

test("the error under the pointer", () => {
  assert.deepEqual(readFrame(MESSAGE).hovered, {at: [1, 2], error: 3.5, slope: [-4, 5]});
  const {metadata, tensors} = MESSAGE;
  assert.equal(readFrame({metadata: {...metadata, hovered: ""}, tensors}).hovered, null);
});

test("the material is a curve or a surface", () => {
  const {curve, surface, points} = readMaterial({
    metadata: {run: "3"},
    tensors: tensorsOf({curve: [[3], [1, 0, 1]]}),
  });
  assert.deepEqual([...(curve ?? [])], [1, 0, 1]);
  assert.deepEqual([surface, points], [null, null]);
});
