import assert from "node:assert/strict";
import {test} from "node:test";
import {DEFAULTS, readLink, writeLink} from "../../static/link.js";

test("the defaults need no words", () => {
  assert.equal(writeLink(DEFAULTS), "");
  assert.deepEqual(readLink(""), {settings: {}, complaints: []});
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
  assert.deepEqual(readLink(link), {settings, complaints: []});
});

test("no layers and no inputs are lists without members", () => {
  const {settings} = readLink(writeLink({...DEFAULTS, hidden: [], inputs: []}));
  assert.deepEqual(settings, {hidden: [], inputs: []});
});

test("unknown names and impossible values are left out and told, nothing throws", () => {
  const {settings, complaints} = readLink("#colour=red&noise=loud&hidden=4,x&learning_rate=0.1");
  assert.deepEqual(settings, {learning_rate: 0.1});
  assert.deepEqual(complaints, [
    "“colour” is no setting",
    "noise: “loud” came, expected a number from 0 to 50",
    "hidden: “4,x” came, expected at most 8, each a whole number from 1 to 32",
  ]);
  assert.equal(readLink("#seed=%E0%A4%A").settings.seed, "%E0%A4%A");
  assert.equal(readLink("#&&=&toString=1").complaints.length, 2);
  assert.deepEqual(readLink(`#${"x".repeat(99)}=1`).complaints, [
    `“${"x".repeat(40)}…” is no setting`,
  ]);
});

for (const bad of [
  "noise=51",
  "batch_size=0",
  "batch_size=2.5",
  "hidden=33",
  "hidden=1,1,1,1,1,1,1,1,1",
  "inputs=z",
])
  test(`${bad} is left out`, () => assert.deepEqual(readLink(`#${bad}`).settings, {}));
