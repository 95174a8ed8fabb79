import assert from "node:assert/strict";
import {test} from "node:test";
import {healthWords} from "../../../../static/labs/plane/health-words.js";
import {sentence as sentenceOf} from "../../../../static/shell/health.js";

/** @import {Health} from "../../../../static/shell/health.js" */
/** @import {State} from "../../../../static/session/state.js" */

/** @param {Partial<Health>} more @returns {Health} */
const health = more => ({
  kind: "learning",
  epoch: 100,
  cause: "",
  figures: {},
  remedy: null,
  ...more,
});
/** @param {string[]} hide @returns {State} */
const server = (hide = []) => /** @type {any} */ ({view: {hide}, settings: {regularization: "L1"}});

const {causes, tryName} = healthWords;
const sentence = (/** @type {Health} */ verdict) => sentenceOf(verdict, causes);

test("a verdict is a sentence with its figures", () => {
  assert.equal(
    sentence(health({figures: {halved: 1200}})),
    "Learning: the training loss has halved in the last 1,200 epochs.",
  );
  assert.equal(
    sentence(health({kind: "overfitting", figures: {since: 33, best: 0.45, now: 1.28}})),
    "Overfitting since epoch 33: the test loss was 0.4500 and is 1.2800.",
  );
  assert.equal(
    sentence(health({kind: "rising", figures: {times: 6.94e35}})),
    "Rising: the training loss is 7e+35 times what it was.",
  );
  assert.equal(
    sentence(health({kind: "stuck", cause: "vanishing", figures: {epochs: 54, share: 1.24e-15}})),
    "Stuck for 54 epochs. Layer 1 gets 1e-15 of the output’s gradient.",
  );
});

test("a kind that this page does not know says nothing", () => {
  assert.equal(sentence(health({kind: "bored"})), "");
});

test("the button says what it will do", () => {
  const change = (/** @type {Record<string, unknown>} */ settings) =>
    tryName(health({remedy: {type: "change", settings}}), server());
  assert.equal(change({hidden: [8, 8]}), "Try 16 neurons");
  assert.equal(change({learning_rate: 0.03}), "Try a rate of 0.03");
  assert.equal(change({method: "adamw", weight_decay: 0.3}), "Try weight decay");
  assert.equal(change({regularization: "none", draw: 3}), "Try without L1");
  assert.equal(change({activation: "leaky-relu", activations: [], draw: 1}), "Try leaky ReLU");
  const layer = health({remedy: {type: "add-layer", layer: 1, neurons: 8}});
  assert.equal(tryName(layer, server()), "Add a layer of 8");
  assert.equal(tryName(health({}), server()), "");
});

test("what a lesson hides is not offered", () => {
  const remedy = {type: /** @type {const} */ ("change"), settings: {hidden: [8]}};
  assert.equal(tryName(health({remedy}), server(["neurons"])), "");
});
