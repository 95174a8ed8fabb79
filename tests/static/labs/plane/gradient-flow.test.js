import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {test} from "node:test";
import {
  alarm,
  barLength,
  decades,
  gradientSentence,
  layerSentence,
  layersOf,
  scaleOf,
} from "../../../../static/labs/plane/gradient-flow.js";

/** From the engine, which tests/app/test_lessons.py compares. @type {{name: string, epoch: number, figures: (number | null)[][]}[]} */
const RECORDED = JSON.parse(
  readFileSync(new URL("../../../data/layer-figures.json", import.meta.url), "utf8"),
);

/** @param {string} name @param {number} epoch */
function recorded(name, epoch = 0) {
  const found = RECORDED.find(each => each.name === name && each.epoch === epoch);
  assert.ok(found, name);
  return layersOf(Float32Array.from(found.figures.flat(), figure => figure ?? Number.NaN));
}

const none = Number.NaN;
/** @param {number[]} gradients @param {number} update */
const layers = (gradients, update = 1e-3) =>
  gradients.map(gradient => ({gradient, update, flat: none, dead: none}));

for (const [name, epoch, sentence] of /** @type {const} */ ([
  [
    "The gradient vanishes",
    0,
    "The first layer gets 6e-16 of the last layer’s gradient: it cannot learn.",
  ],
  [
    "The gradient vanishes",
    100,
    "The first layer gets 1e-15 of the last layer’s gradient: it cannot learn.",
  ],
  [
    "vanishing, with Adam",
    0,
    "The first layer gets 6e-16 of the last layer’s gradient: it cannot learn.",
  ],
  [
    "ReLU and He’s first weights",
    0,
    "Every layer gets a gradient of similar size: the largest is 16 times the smallest.",
  ],
  [
    "Xavier’s first weights",
    0,
    "Every layer gets a gradient of similar size: the largest is 6 times the smallest.",
  ],
  [
    "Batch norm",
    0,
    "Every layer gets a gradient of similar size: the largest is 21 times the smallest.",
  ],
  [
    "Batch norm",
    100,
    "Every layer gets a gradient of similar size: the largest is 17 times the smallest.",
  ],
  [
    "Residual links",
    0,
    "The first layer gets 0.001 of the last layer’s gradient, yet it learns: the next step moves its weights by 9e-4 of their size.",
  ],
  [
    "four sigmoid layers",
    0,
    "The first layer gets 8e-4 of the last layer’s gradient and learns very slowly: the next step moves its weights by 5e-6 of their size.",
  ],
  ["all weights zero", 0, "No layer gets a gradient: the next step changes nothing."],
  ["dead neurons", 30, "All neurons of layer 2 are dead: no gradient gets past them."],
  [
    "weights too large",
    0,
    "The next step moves the weights of layer 1 by 6e9 times their size: the learning rate is too large.",
  ],
  [
    "growing",
    0,
    "The gradient grows 1600-fold on its way back: the next step moves the first layer’s weights by 0.5 of their size.",
  ],
  ["A perceptron draws one line", 0, "The only layer gets a gradient of 1."],
]))
  test(`the sentence about “${name}” after ${epoch} epochs`, () => {
    assert.equal(gradientSentence(recorded(name, epoch)), sentence);
  });

test("the sentence is true of other figures too", () => {
  assert.equal(gradientSentence([]), "");
  assert.match(gradientSentence(layers([1, 1])), /hardly larger than the smallest/);
  assert.match(gradientSentence(layers([0.04, 1e-4, 1])), /gets 0.04 of .* enough to learn/);
  assert.match(gradientSentence(layers([2, 1e-4, 1])), /gets 2 times .* enough to learn/);
  assert.match(gradientSentence(layers([0, 1])), /gets no gradient: it cannot learn/);
  assert.match(
    gradientSentence(layers([1e-4, 1], none)),
    /gets 1e-4 of the last layer’s gradient\.$/,
  );
  assert.match(gradientSentence(layers([1e-4, 1], 0)), /it cannot learn/);
  assert.match(gradientSentence(layers([1, Number.POSITIVE_INFINITY])), /too large for a number/);
  assert.match(gradientSentence(layers([40, 1])), /grows 40-fold .* by 0.001 of their size/);
});

test("each layer is told in words", () => {
  assert.equal(
    layerSentence(recorded("The gradient vanishes"), 0),
    "Layer 1: gradient 3.5e-17, 6.0e-16 of the output’s. The next step leaves its weights as they are. " +
      "0 % of its values are saturated.",
  );
  assert.match(
    layerSentence(recorded("dead neurons", 30), 1),
    /^Layer 2: .* 100 % of its neurons are dead/,
  );
  assert.match(layerSentence(recorded("growing"), 0), /1600 times the output’s/);
  assert.match(layerSentence(recorded("the default"), 2), /^The output: gradient 0.015\. The next/);
  assert.equal(layerSentence([], 0), "");
});

test("all layers are on one scale, which takes in the smallest and the largest and never shrinks", () => {
  assert.deepEqual(scaleOf(recorded("the default")), {smallest: -8, largest: 0});
  const wide = scaleOf(recorded("The gradient vanishes"));
  assert.deepEqual(wide, {smallest: -20, largest: 0});
  assert.deepEqual(scaleOf(layers([1, 1]), wide), wide);
  assert.equal(scaleOf(layers([300, 1])).largest, 4);
  assert.equal(scaleOf(layers([0, none, 1e-60])).smallest, -44);
});

test("the decades are few enough to be read, and the first is in the scale", () => {
  assert.deepEqual(decades({smallest: -8, largest: 0}), [-8, -4, 0]);
  assert.deepEqual(decades({smallest: -20, largest: 0}), [-16, -8, 0]);
  assert.deepEqual(decades({smallest: -44, largest: 2}), [-32, -16, 0]);
});

test("a bar is as long as its power of ten", () => {
  assert.equal(barLength(1), 1);
  assert.equal(barLength(1e-8), 0);
  assert.ok(Math.abs(barLength(1e-4) - 0.5) < 1e-12);
  assert.ok(Math.abs(barLength(1e-5, {smallest: -20, largest: 0}) - 0.75) < 1e-12);
  for (const nothing of [0, Number.NaN, -1]) assert.equal(barLength(nothing), 0);
  assert.equal(barLength(1e30), 1);
});

test("the colour warns of gradients far smaller or far larger than the output's", () => {
  for (const calm of [0.1, 1, 10]) assert.equal(alarm(calm, 1), 0);
  for (const alarming of [1e-6, 1e-30, 0, 1e6]) assert.equal(alarm(alarming, 1), 1);
  assert.ok(alarm(1e-3, 1) > alarm(1e-2, 1));
  assert.equal(alarm(0, 0), 1);
});
