import assert from "node:assert/strict";
import {test} from "node:test";
import {CORNER, FRONT, seen, turned} from "../../../../../static/drawing/relief/camera.js";
import {blockText} from "../../../../../static/labs/plane/explain/blocks.js";
import {asText} from "../../../../../static/labs/plane/explain/math.js";
import {cut, inBox as inBoxHalf, shapesOf} from "../../../../../static/labs/plane/space/border.js";
import {
  choiceOf,
  choiceText,
  firstChoice,
  unitsFor,
  withUnit,
} from "../../../../../static/labs/plane/space/choice.js";
import {valuesOf} from "../../../../../static/labs/plane/space/chosen-point.js";
import {between, inBox, placesAt} from "../../../../../static/labs/plane/space/morph.js";
import {pointAt} from "../../../../../static/labs/plane/space/picture.js";
import {readSpace} from "../../../../../static/labs/plane/space/told-space.js";
import {
  axisNames,
  blocksOf,
  equation,
  inputNames,
  layerLabel,
  phaseWords,
  pictureWords,
  scoreText,
} from "../../../../../static/labs/plane/space/words.js";
import {SERVER} from "../../../told.js";

/** @import {Border, Head, Space} from "../../../../../static/labs/plane/space/told-space.js" */

/** @type {Head} */
const HEAD = {
  layer: 2,
  units: [1, 2],
  phases: ["input", "weights", "bias", "activation"],
  shares: [0.75, 0.25],
  borders: [{classes: [0, 1], normal: [2, -3], offset: -0.5, exact: true, agrees: 1}],
  why_none: "",
  readouts: [
    [0.5, 0.52],
    [0.9, 0.875],
    [1, null],
  ],
};

/** Two points, and a grid of one line in each direction with two samples, in every phase given. @param {number[][]} points @param {Partial<Head>} head @returns {Space} */
function space(points, head = {}) {
  const phases = points.map(each => ({
    points: new Float32Array(each),
    grid: new Float32Array([0, 0, 1, 1, 0, 1, 1, 0]),
  }));
  return {head: {...HEAD, ...head}, dimensions: 2, lines: 2, samples: 2, phases};
}

test("a frame's tensors are taken apart into phases", () => {
  const points = new Float32Array([1, 2, 3, 4, 5, 6, 7, 8]);
  const grid = new Float32Array(2 * 2 * 3 * 4 * 2);
  grid[48] = 9;
  const read = readSpace({
    metadata: {space: JSON.stringify(HEAD)},
    tensors: {
      "space points": {shape: [2, 2, 2], values: points},
      "space grid": {shape: [2, 2, 3, 4, 2], values: grid},
    },
  });
  assert.equal(read?.phases.length, 2);
  assert.deepEqual([...(read?.phases[1]?.points ?? [])], [5, 6, 7, 8]);
  assert.equal(read?.phases[1]?.grid[0], 9);
  assert.deepEqual([read?.dimensions, read?.lines, read?.samples], [2, 6, 4]);
  assert.equal(readSpace({metadata: {space: ""}, tensors: {}}), null);
});

test("a view says which layer is open and what its axes are", () => {
  for (const text of ["1-plane", "2-1-2", "12-4-1-7"])
    assert.equal(choiceText(choiceOf(text) ?? {layer: 0, units: []}), text);
  assert.equal(choiceOf(""), null);
});

test("the last hidden layer opens first, as a whole if its neurons fit", () => {
  assert.deepEqual(firstChoice([2, 4, 2, 1]), {layer: 2, units: [1, 2]});
  assert.deepEqual(firstChoice([2, 3, 1]), {layer: 1, units: [1, 2, 3]});
  assert.deepEqual(firstChoice([2, 8, 1]), {layer: 1, units: []});
  assert.deepEqual(firstChoice([2, 1]), {layer: 1, units: [1, 2]});
});

test("axes keep their neurons where they can", () => {
  assert.deepEqual(unitsFor(3, [4, 2], 5), [4, 2, 1]);
  assert.deepEqual(unitsFor(2, [5, 3], 3), [3, 1]);
  assert.deepEqual(unitsFor(3, [], 2), [1, 2]);
  assert.deepEqual(unitsFor(2, [], 1), [1, 2]);
  assert.deepEqual(withUnit([1, 2, 3], 0, 3), [3, 2, 1]);
  assert.deepEqual(withUnit([1, 2], 1, 4), [1, 4]);
});

test("the way begins at the input and ends at the layer", () => {
  const all = space([
    [0, 0, 4, 4],
    [1, 1, 2, 2],
    [10, 20, 30, 40],
  ]);
  assert.deepEqual([...placesAt(all, 0).points], [0, 0, 4, 4]);
  assert.deepEqual([...placesAt(all, 1).points], [10, 20, 30, 40]);
  assert.deepEqual([...placesAt(all, 0.25).points], [0.5, 0.5, 3, 3]);
  assert.deepEqual([...placesAt(all, 0.75).points], [5.5, 10.5, 16, 21]);
  assert.deepEqual(between(3, 0.5), {first: 1, part: 0});
  assert.deepEqual(between(1, 1), {first: 0, part: 0});
});

test("all that there is lies within the ranges, with one scale in the principal plane", () => {
  const far = [[-3, 0, 7, 0.5]];
  const [[left = 0, right = 0] = [], [low = 0, high = 0] = []] = placesAt(space(far), 1).ranges;
  assert.ok(left < -3 && right > 7 && right - left < 12);
  assert.ok(low < 0 && high > 1 && high - low < 1.2);
  const even = placesAt(space(far, {units: []}), 1).ranges;
  const sizes = even.map(([from, to]) => to - from);
  assert.ok(Math.abs((sizes[0] ?? 0) - (sizes[1] ?? 1)) < 1e-9);
  const still = placesAt(space([[2, 2, 2, 2]]), 1).ranges;
  assert.ok(still.every(([from, to]) => to > from));
});

test("turning keeps lengths, and two axes stay as they are", () => {
  assert.deepEqual([...seen([0.5, -0.25], CORNER)], [0.5, 0.25, 0]);
  const size = (/** @type {readonly number[]} */ place) => Math.hypot(...place);
  const pose = turned(turned(CORNER, 0.3, -0.2), 1, 0.1);
  assert.ok(Math.abs(size(seen([1, 0, 0], pose)) - size(seen([0, 0, 1], FRONT))) < 1e-12);
  for (const corner of [
    [1, 1, 1],
    [-1, 1, -1],
  ])
    assert.ok(size(seen(corner, pose)) < 1.05);
  assert.equal(turned(FRONT, 0, 9).tilt, Math.PI / 2);
  assert.deepEqual(seen([0, 0, 1], FRONT)[2] > seen([0, 0, -1], FRONT)[2], true);
  assert.deepEqual(
    inBox([0, 5, 10], 1, [
      [5, 9],
      [0, 20],
    ]),
    [-1, 0],
  );
});

test("the ends of the line are on the boundary and at the edge of the picture", () => {
  /** @type {[number, number][]} */
  const ranges = [
    [-2, 2],
    [-1, 3],
  ];
  const [line = []] = shapesOf(HEAD.borders, ranges);
  assert.equal(line.length, 2);
  for (const [u = 0, v = 0] of line) {
    assert.ok(Math.abs(2 * (2 * u) - 3 * (2 * v + 1) - 0.5) < 1e-9);
    assert.ok(Math.abs(Math.max(Math.abs(u), Math.abs(v)) - 1) < 1e-9);
  }
  assert.deepEqual(shapesOf([{.../** @type {Border} */ (HEAD.borders[0]), offset: 50}], ranges), [
    [],
  ]);
});

test("a plane is cut to the box", () => {
  /** @type {Border} */
  const border = {classes: [0, 1], normal: [1, 1, 1], offset: 0, exact: true, agrees: 1};
  /** @type {[number, number][]} */
  const ranges = [
    [-1, 1],
    [-1, 1],
    [-1, 1],
  ];
  const [polygon = []] = shapesOf([border], ranges);
  assert.equal(polygon.length, 6);
  for (const corner of polygon) {
    assert.ok(Math.abs(corner.reduce((sum, part) => sum + part, 0)) < 1e-9);
    assert.ok(corner.every(part => Math.abs(part) < 1 + 1e-9));
  }
});

test("of three classes each line ends where the third one wins", () => {
  const scores = [
    [1, 0],
    [-0.5, 0.9],
    [-0.5, -0.9],
  ];
  const borders = [
    [0, 1],
    [0, 2],
    [1, 2],
  ].map(([a = 0, b = 0]) => ({
    classes: /** @type {[number, number]} */ ([a, b]),
    normal: [0, 1].map(i => (scores[a]?.[i] ?? 0) - (scores[b]?.[i] ?? 0)),
    offset: 0,
    exact: true,
    agrees: 1,
  }));
  const shapes = shapesOf(borders, [
    [-1, 1],
    [-1, 1],
  ]);
  for (const [i, line] of shapes.entries()) {
    assert.equal(line.length, 2);
    const middle = [0, 1].map(axis => ((line[0]?.[axis] ?? 0) + (line[1]?.[axis] ?? 0)) / 2);
    const said = scores.map(([a = 0, b = 0]) => a * (middle[0] ?? 0) + b * (middle[1] ?? 0));
    const [one = 0, other = 0] = borders[i]?.classes ?? [];
    assert.ok(Math.abs((said[one] ?? 0) - (said[other] ?? 0)) < 1e-9);
    assert.ok((said[one] ?? 0) >= Math.max(...said) - 1e-9);
    assert.ok(line.some(([x = 0, y = 0]) => Math.hypot(x, y) < 1e-9));
  }
});

test("a half of a line or of a polygon is kept", () => {
  const right = {normal: [1, 0], offset: 0};
  assert.deepEqual(
    cut(
      [
        [-1, 0],
        [1, 0],
      ],
      right,
    ),
    [
      [0, 0],
      [1, 0],
    ],
  );
  assert.deepEqual(
    cut(
      [
        [-1, 0],
        [-1, 1],
      ],
      right,
    ),
    [],
  );
  assert.equal(
    cut(
      [
        [-1, -1],
        [1, -1],
        [1, 1],
        [-1, 1],
      ],
      right,
    ).length,
    4,
  );
  assert.deepEqual(
    inBoxHalf({normal: [2, 1], offset: 1}, [
      [0, 2],
      [-3, 3],
    ]),
    {normal: [2, 3], offset: 3},
  );
});

test("the equation has the engine's numbers", () => {
  const [border] = HEAD.borders;
  assert.ok(border);
  assert.equal(equation(border, [4, 7]).map(asText).join(""), "2o_4 − 3o_7 − 0.5 = 0");
  assert.equal(
    equation({...border, normal: [-1, 0.25]}, [])
      .map(asText)
      .join(""),
    "-1p_1 + 0.25p_2 − 0.5 = 0",
  );
});

test("words say what holds and what does not", () => {
  const text = (/** @type {Partial<Head>} */ head) =>
    blocksOf({...HEAD, ...head}, SERVER, 1)
      .map(blockText)
      .join(" ");
  assert.match(
    text({}),
    /The boundary is this straight line.*These axes hold 100 % of the variance/,
  );
  assert.match(text({}), /on it the output is 0\./);
  const onTheWay = blocksOf(HEAD, SERVER, 0.5).map(blockText).join(" ");
  assert.match(onTheWay, /^The boundary is drawn at the end of the way\. These axes hold/);
  assert.match(text({why_none: "unseen", borders: []}), /The output reads other neurons too/);
  const [border] = HEAD.borders;
  assert.ok(border);
  const nearly = text({units: [], borders: [{...border, exact: false, agrees: 0.984}]});
  assert.match(nearly, /98 % of the training points lie on the side that the network says/);
  assert.match(text({units: [1, 2, 3]}), /straight plane/);
});

test("phases, axes and read-outs have names", () => {
  assert.equal(phaseWords(HEAD.phases, 0), "What the layer reads");
  assert.match(phaseWords(HEAD.phases, 0.2), /weighted sum/);
  assert.match(phaseWords(HEAD.phases, 1), /activation/);
  assert.deepEqual(axisNames(HEAD, 1), ["o₁", "o₂"]);
  assert.deepEqual(axisNames({...HEAD, units: []}, 1), ["p₁ 75 %", "p₂ 25 %"]);
  assert.deepEqual(axisNames(HEAD, 0.3), ["a₁", "a₂"]);
  assert.deepEqual(inputNames(HEAD, 2, ["X₁", "X₂"]), ["X₁", "X₂"]);
  assert.deepEqual(inputNames(HEAD, 2, ["a", "b", "c"]), ["p₁", "p₂"]);
  assert.deepEqual(inputNames(HEAD, 2, ["a"]), ["a", ""]);
  assert.match(
    layerLabel(HEAD, 1, SERVER),
    /^1 88 %: layer 1, and what a linear read-out scores on test points$/,
  );
  assert.match(layerLabel(HEAD, 0, SERVER), /^x 52 %: the inputs/);
  assert.match(layerLabel(HEAD, 2, SERVER), /^2 100 %: .* on training points$/);
  assert.equal(layerLabel(HEAD, 3, SERVER), "out: the output");
  assert.equal(scoreText(-0.25, 0), "R² −0.25");
  assert.match(
    pictureWords(HEAD, SERVER, 250, 1),
    /^250 points .* layer 2, neurons 1, 2\. .*straight line/,
  );
});

test("the nearest point within reach is chosen", () => {
  const spots = new Float32Array([10, 10, 14, 10, 90, 90]);
  assert.equal(pointAt(spots, 13, 10, 12), 1);
  assert.equal(pointAt(spots, 50, 50, 12), -1);
  const points = {train: new Float32Array([1, 2, 1]), test: new Float32Array([3, 4, -1])};
  assert.deepEqual(
    [...(valuesOf({run: 1, features: new Uint8Array(), ...points}, 1) ?? [])],
    [3, 4, -1],
  );
  assert.equal(valuesOf({run: 1, features: new Uint8Array(), ...points}, 2), null);
});
