import assert from "node:assert/strict";
import {test} from "node:test";
import {DEFAULTS, readLink, writeLink} from "../../static/link.js";

test("the defaults need no words", () => {
  assert.equal(writeLink(DEFAULTS), "");
  assert.deepEqual(readLink(""), {settings: {}, unknown: []});
});

test("every setting survives the way through the address bar", () => {
  /** @type {Required<import("../../static/protocol.js").Settings>} */
  const settings = {
    dataset: "spiral",
    noise: 12.5,
    train_share: 80,
    seed: "a b&c=d#é",
    draw: 3,
    inputs: ["xSquared", "sinY"],
    hidden: [8, 7, 6],
    activation: "relu",
    loss: "cross-entropy",
    learning_rate: 0.00001,
    batch_size: "all",
    regularization: "L2",
    regularization_rate: 0.003,
  };
  const link = writeLink(settings);
  assert.match(link, /^#/);
  assert.deepEqual(readLink(link), {settings, unknown: []});
});

test("no layers and no inputs are lists without members", () => {
  const {settings} = readLink(writeLink({...DEFAULTS, hidden: [], inputs: []}));
  assert.deepEqual(settings, {hidden: [], inputs: []});
});

test("unknown names are told, nonsense is left to the server, nothing throws", () => {
  assert.deepEqual(readLink("#colour=red&noise=loud&seed=%E0%A4%A").unknown, ["colour"]);
  assert.deepEqual(readLink("#noise=loud&hidden=4,x").settings, {noise: "loud", hidden: [4, "x"]});
  assert.equal(readLink("#seed=%E0%A4%A").settings.seed, "%E0%A4%A");
  assert.deepEqual(readLink("#&&=&"), {settings: {}, unknown: [""]});
});
