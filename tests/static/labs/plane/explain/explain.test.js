import assert from "node:assert/strict";
import {test} from "node:test";
import {backBlocks, chainBlocks} from "../../../../../static/labs/plane/explain/backward.js";
import {blockText} from "../../../../../static/labs/plane/explain/blocks.js";
import {contentOf} from "../../../../../static/labs/plane/explain/content.js";
import {
  gradientBlocks,
  memoryOf,
  updateBlocks,
} from "../../../../../static/labs/plane/explain/descent.js";
import {
  outputsOf,
  readsOf,
  valuesOf,
} from "../../../../../static/labs/plane/explain/explanation.js";
import {forwardBlocks, lossBlocks} from "../../../../../static/labs/plane/explain/forward.js";
import {
  asText,
  exact,
  factor,
  frac,
  name,
  num,
  op,
  row,
  short,
} from "../../../../../static/labs/plane/explain/math.js";
import {
  FIRST,
  phase,
  phaseName,
  phaseOf,
  phasesOf,
  phaseText,
  placeOf,
} from "../../../../../static/labs/plane/explain/phases.js";
import {
  placeOfPoint,
  subjectOf,
  typedSubject,
} from "../../../../../static/labs/plane/explain/subject.js";

import {sumOfProducts} from "../../../../../static/labs/plane/explain/symbols.js";

/** @import {Given} from "../../../../../static/labs/plane/explain/symbols.js" */

const DELTA = 0.6 - 1;
const UPDATE = {
  method: "sgd",
  rate: 0.5,
  taken: 0,
  norm: 1,
  clip: 1,
  keep: 0.9,
  corrections: [1, 1],
};

/** One hidden neuron with a sigmoid and an output, at x = 2: a network that fits into the head. @param {object} [head] @param {Record<string, number[]>} [more] @returns {Given} */
function given(head = {}, more = {}) {
  const values = new Map(
    Object.entries({
      inputs: [2],
      "layer 1 sums": [0.5],
      "layer 1 activation": [0.625],
      "layer 1 activation slope": [0.25],
      "layer 1 activation back": [DELTA * 4],
      "layer 1 weights from 2": [DELTA * 4],
      "layer 1 delta": [DELTA],
      "layer 2 sums": [0.375],
      "layer 2 delta": [DELTA],
      outputs: [0.6],
      targets: [1],
      "loss slopes": [DELTA],
      "gradient of point": [DELTA * 0.625, DELTA],
      gradient: [-0.25, -0.5],
      before: [4, -2],
      after: [4.125, -1.75],
      decay: [0, 0],
      regularized: [0, 0],
      moments: [0, 0, 0, 0],
      "moments after": [0, 0, 0, 0],
      ...more,
    }).map(([key, numbers]) => [key, new Float32Array(numbers)]),
  );
  return /** @type {any} */ ({
    explanation: {
      head: {
        of: 3,
        step: 8,
        trains: false,
        count: 1,
        example: 0,
        numbers: [3],
        layers: [
          {activation: "sigmoid", stages: ["activation"], returns: [{layer: 2, by: "weights"}]},
          {activation: "linear", stages: [], returns: []},
        ],
        loss: {objective: "cross-entropy", loss: 0.5108, true_loss: 0.5108, mean: 0.5108},
        update: UPDATE,
        chain: null,
        ...head,
      },
      values,
    },
    parameters: new Float32Array([0.5, -0.5, 4, -2]),
    server: {
      settings: {connections: "plain", inputs: ["x"], label_smoothing: 0},
      facts: {
        shape: [1, 1, 1],
        objective: "cross-entropy",
        classes: 2,
        layout: [
          {name: "layer 1 weights", offset: 0, shape: [1, 2]},
          {name: "layer 2 weights", offset: 2, shape: [1, 2]},
        ],
      },
    },
  });
}

/** @param {import("../../../../../static/labs/plane/explain/symbols.js").Block[]} blocks */
const textOf = blocks => blocks.map(blockText).join("\n");

test("a sum is told in symbols, in numbers and as a result", () => {
  const [sum, activation] = forwardBlocks(given(), 1, 1);
  assert.equal(
    sum && blockText(sum),
    "a_1^(1)  = ∑_i w_1i^(1)o_i^(0)  + b_1^(1);  = 0.5 · 2  + (−0.5);  =  0.5".replaceAll("−", "-"),
  );
  assert.match(
    activation ? blockText(activation) : "",
    /o_1\^\(1\) {2}= {2}1\/1 \+ e\^ − a_1\^\(1\);.*= {2}0\.625$/,
  );
});

test("the lecture's derivation ends with y minus t, and that is the engine's δ", () => {
  const text = textOf(backBlocks(given(), 2, 1));
  assert.match(text, /y − t {2}= {2}0\.600000024 {2}− {2}1 {2}= {2}-0\.400000006/);
  assert.match(text, /\(y − t\)o_j\^\(1\)/);
  assert.match(text, /δ_1\^\(2\)/);
});

test("what comes back to a hidden neuron is the sum over the next layer, then times the slope", () => {
  const text = textOf(backBlocks(given(), 1, 1));
  assert.match(text, /= 4 · \(-0\.400000006\); {2}= {2}-1\.60000002/);
  assert.match(text, /f.′.*; {2}= \(-1\.60000002\) {2}· 0\.25; {2}= {2}-0\.400000006/);
  assert.match(text, /at most 0\.25/);
});

test("batch norm in a training step says that δ depends on the whole batch", () => {
  const layers = [
    {
      activation: "sigmoid",
      stages: ["batch-norm", "activation"],
      returns: [{layer: 2, by: "weights"}],
    },
    {activation: "linear", stages: [], returns: []},
  ];
  assert.match(
    textOf(backBlocks(given({trains: true, layers}), 1, 1)),
    /ties the points of a batch together/,
  );
});

test("the loss is written with the point's own numbers", () => {
  assert.match(textOf(lossBlocks(given())), /1 log0\.600000024.*; {2}= {2}0\.5108/);
  const error = given({
    loss: {objective: "squared-error", loss: 0.08, true_loss: 0.08, mean: 0.08},
  });
  assert.match(textOf(lossBlocks(error)), /\(0\.600000024 − 1\)\^2; {2}= {2}0\.08/);
  const batch = given({
    count: 10,
    loss: {objective: "squared-error", loss: 0.08, true_loss: 0.08, mean: 0.5},
  });
  assert.match(textOf(lossBlocks(batch)), /0\.5 {2}\(mean of the 10 points/);
});

test("the gradient has the point, the mean, and a central difference if it is there", () => {
  const alone = textOf(gradientBlocks(given(), 2, 1));
  assert.match(alone, /Weight from neuron 1 -0\.25; Bias -0\.400000006/);
  const batch = textOf(gradientBlocks(given({count: 4}, {check: [-0.25, -0.5000001]}), 2, 1));
  assert.match(batch, /Bias -0\.400000006 -0\.5 -0\.500000119 2e−7/);
});

test("a step is written for each method, and ends with the weight after it", () => {
  for (const method of ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"]) {
    const text = textOf(updateBlocks(given({update: {...UPDATE, method}}), 2, 0));
    assert.match(text, /w ← w/, method);
    assert.match(text, /; {2}= {2}4\.125\n/, method);
    const kept = memoryOf(method).length;
    assert.equal(updateBlocks(given({update: {...UPDATE, method}}), 2, 0).at(-1)?.kind, "table");
    assert.ok(kept === 0 || text.includes(`${memoryOf(method)[0]} ←`), method);
  }
  assert.match(textOf(updateBlocks(given(), 2, 0)), /= {2}4 {2}− {2}0\.5 · \(-0\.25\)/);
});

test("squares are read behind the first moments", () => {
  const update = {...UPDATE, method: "rmsprop"};
  const text = textOf(updateBlocks(given({update}, {"moments after": [7, 7, 0.125, 0.25]}), 2, 1));
  assert.match(text, /√\(0\.25\)/);
});

test("clipping and weight decay are said before the step", () => {
  const text = textOf(
    updateBlocks(given({update: {...UPDATE, clip: 0.5}}, {decay: [0.125, 0]}), 2, 0),
  );
  assert.match(text, /g {2}= {2}-0\.25 {2}· 0\.5.*\+ 0\.125.*= {2}0/);
});

test("the chain names its cause", () => {
  const chain = {
    sizes: [0.1, 1],
    links: [{layer: 1, weights: 0.4, slopes: 0.25, dead: 0, cause: "slopes"}],
    ratio: 0.1,
    cause: "slopes",
  };
  const text = textOf(chainBlocks(given({chain})));
  assert.match(text, /0\.4 0\.25 0\.1 slopes/);
  assert.match(
    text,
    /Gradients become smaller, most of all by the slopes .* slopes multiply by 0\.2500, the weights by 0\.4000\./,
  );
});

test("every phase has a title, and steps without a target end with the answer", () => {
  const all = phasesOf(given({}).explanation.head);
  assert.deepEqual(all.map(each => phaseName(each, 2)), [
    "The point", "Forward: layer 1", "Forward: the output", "The loss", "Backward: δ of the output",
    "Backward: δ of layer 1", "The gradient", "The step",
  ]); // biome-ignore format: two lines
  for (const each of all)
    assert.ok(
      contentOf(given(), each, {layer: 1, neuron: 1}, {chosen: 0, isChecked: true}).blocks.length,
      each.kind,
    );
  assert.deepEqual(
    phasesOf(given({loss: null}).explanation.head).map(({kind}) => kind),
    ["example", "forward", "forward"],
  );
});

test("a phase that is gone becomes the nearest of its kind", () => {
  const all = phasesOf(given().explanation.head);
  assert.equal(placeOf(all, phase("forward", 9)), 2);
  assert.equal(placeOf(all, phase("chain")), 0);
  assert.equal(placeOf(all, FIRST), 0);
});

test("links say a phase, and nothing for the first", () => {
  const all = phasesOf(
    given({layers: [{}, {}, {}].map(() => given().explanation.head.layers[0])}).explanation.head,
  );
  assert.ok(all.some(({kind}) => kind === "chain"));
  for (const each of all) assert.deepEqual(phaseOf(phaseText(each)), each);
  assert.equal(phaseText(FIRST), "");
  assert.equal(phaseText(phase("forward", 2)), "forward-2");
  assert.equal(phaseText(phase("update")), "update");
});

test("numbers have four digits to read and nine to copy", () => {
  assert.equal(short(-0.12345678), "−0.1235");
  assert.equal(short(0.00012345), "1.234e−4");
  assert.equal(short(Number.NaN), "–");
  assert.equal(exact(Math.fround(0.1)), "0.100000001");
  assert.equal(exact(0.29102777369359933), "0.29102777369359933");
  assert.equal(Math.fround(Number(exact(Math.fround(1 / 3)))), Math.fround(1 / 3));
  assert.equal(asText(frac(row(name("a"), op("+"), factor(-1)), num(2))), "a + (-1)/2");
});

test("what a layer reads, with and without dense connections", () => {
  assert.deepEqual(
    readsOf([2, 3, 1], "plain", 2).map(({layer, unit}) => [layer, unit]),
    [
      [1, 1],
      [1, 2],
      [1, 3],
    ],
  );
  assert.deepEqual(
    readsOf([2, 1, 1], "dense", 2).map(({layer, unit}) => [layer, unit]),
    [
      [0, 1],
      [0, 2],
      [1, 1],
    ],
  );
  const {explanation} = given();
  assert.deepEqual([...valuesOf(explanation, 1)], [0.625]);
  assert.deepEqual([...valuesOf(explanation, 2)], [0.375]);
  assert.deepEqual([...outputsOf(explanation)], [Math.fround(0.6)]);
});

test("a subject is a number, a place or the batch, and a point has a place in the plane", () => {
  assert.deepEqual(["", "batch", "17", "1.5,-2"].map(subjectOf), [null, "batch", 17, [1.5, -2]]);
  const points = /** @type {any} */ ({train: new Float32Array([1, 2, 1, -3, 0, -1, 4, 5, 1])});
  const {head} = given().explanation;
  assert.deepEqual(placeOfPoint(head, points), [4, 5]);
  assert.deepEqual(placeOfPoint({...head, of: [1, 1]}, points), [1, 1]);
  assert.equal(placeOfPoint({...head, numbers: [9]}, points), null);
});

test("a point is typed by its number or its place", () => {
  for (const [text, value] of [
    ["12", "12"],
    [" 1.5, −2 ", "1.5,-2"],
    ["9 9", "6,6"],
    ["0.12345;1", "0.123,1"],
  ])
    assert.equal(typedSubject(text ?? "").value, value, text);
  for (const text of ["", "0", "1.5", "a", "1,2,3", "12345"])
    assert.ok(typedSubject(text).fault, text);
});

test("of many products the last are one number, so that the line adds up", () => {
  const pairs = Array.from({length: 30}, (_, i) => /** @type {const} */ ([i, 0.5]));
  const line = sumOfProducts(pairs).map(asText);
  assert.equal(line.length, 25);
  assert.equal(line[0], " = 0 · 0.5");
  assert.equal(line[24], " + 79.5 of 6 more"); // (24 + … + 29) / 2
});
