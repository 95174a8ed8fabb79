import assert from "node:assert/strict";
import {beforeEach, test} from "node:test";

/** @import {State} from "../../../static/session/state.js" */

/** A browser's address bar and history, as far as Address uses them. */
const bar = {hash: "", entries: [""], href: "http://playground/"};
/** @type {() => void} */
let changeHash = () => {};
const write = (/** @type {string} */ link) => {
  bar.hash = link;
  bar.href = `http://playground/${link}`;
};
Object.assign(globalThis, {
  location: bar,
  history: {
    replaceState: (/** @type {null} */ _, /** @type {string} */ __, /** @type {string} */ link) => {
      bar.entries[bar.entries.length - 1] = link;
      write(link);
    },
    pushState: (/** @type {null} */ _, /** @type {string} */ __, /** @type {string} */ link) => {
      bar.entries.push(link);
      write(link);
    },
  },
  addEventListener: (/** @type {string} */ _, /** @type {() => void} */ act) => {
    changeHash = act;
  },
});
const {Address, stepsOf} = await import("../../../static/shell/address.js");

/** @type {string[]} */
let followed = [];
/** @type {InstanceType<typeof Address>} */
let address;
const STEPS = stepsOf({beginnings: "dataset noise hidden", gradual: "noise hidden"});
const PAGE = {steps: STEPS, path: "", present: () => null};
const SETTINGS = {dataset: "circle", noise: 0, hidden: [4, 2], learning_rate: 0.03};

beforeEach(() => {
  bar.entries = [""];
  write("");
  /** @type {Map<string, string>} */
  const kept = new Map();
  Object.assign(globalThis, {
    sessionStorage: {
      getItem: (/** @type {string} */ name) => kept.get(name) ?? null,
      setItem: (/** @type {string} */ name, /** @type {string} */ value) => kept.set(name, value),
    },
  });
  followed = [];
  address = new Address(() => followed.push(bar.hash) + 10, PAGE);
  show("#v=1");
});

/** @param {string} link @param {object} changes @param {number} seq */
function show(link, changes = {}, seq = 99) {
  const state = /** @type {State} */ (
    /** @type {unknown} */ ({seq, link, settings: {...SETTINGS, ...changes}})
  );
  address.show(state);
}

test("the first experiment replaces the bare address", () => {
  assert.deepEqual(bar.entries, ["#v=1"]);
});

test("another data set is another entry, another learning rate is not", () => {
  show("#v=1&dataset=xor", {dataset: "xor"});
  show("#v=1&dataset=xor&learning_rate=1", {dataset: "xor", learning_rate: 1});
  show("#v=1&dataset=gauss", {dataset: "gauss"});
  assert.deepEqual(bar.entries, ["#v=1", "#v=1&dataset=xor&learning_rate=1", "#v=1&dataset=gauss"]);
});

test("neurons added one by one are one entry", () => {
  for (const neurons of [5, 6, 7]) show(`#v=1&hidden=${neurons},2`, {hidden: [neurons, 2]});
  assert.deepEqual(bar.entries, ["#v=1", "#v=1&hidden=7,2"]);
});

test("the way back is followed, and what the server then says makes no entry", () => {
  show("#v=1&dataset=xor", {dataset: "xor"});
  bar.entries.pop(); // the browser goes back
  write("#v=1");
  changeHash();
  assert.deepEqual(followed, ["#v=1"]);
  show("#v=1");
  assert.deepEqual(bar.entries, ["#v=1"]);
});

test("a state that comes while the visitor leaves does not call him back", () => {
  write("#v=1&dataset=spiral"); // the browser tells of it only later
  show("#v=1", {}, 5);
  assert.equal(bar.hash, "#v=1&dataset=spiral");
  changeHash();
  assert.deepEqual(followed, ["#v=1&dataset=spiral"]);
  show("#v=1", {}, 10); // the answer to an earlier command; that to this one has number 11
  assert.equal(bar.hash, "#v=1&dataset=spiral");
  show("#v=1&dataset=spiral&hidden=3", {dataset: "spiral", hidden: [3]}, 11);
  assert.deepEqual(bar.entries, ["#v=1&dataset=spiral&hidden=3"]);
});

test("what the page has written itself is not followed", () => {
  changeHash();
  assert.deepEqual(followed, []);
});

test("a link that the visitor brings is told from the tab's own", () => {
  assert.equal(address.isForeign, false);
  write("#v=1&dataset=spiral");
  assert.equal(address.isForeign, true);
});

test("a repaired link replaces the broken one", () => {
  write("#dataset=xor&batchSize=NaN");
  changeHash();
  bar.entries = ["#v=1", bar.hash];
  show("#dataset=xor&batchSize=10", {dataset: "xor"});
  assert.deepEqual(bar.entries, ["#v=1", "#dataset=xor&batchSize=10"]);
});

test("without storage, as in a foreign frame, the address still holds the experiment", () => {
  Object.assign(globalThis, {
    sessionStorage: {
      getItem: () => assert.fail("denied"),
      setItem: () => assert.fail("denied"),
    },
  });
  address = new Address(() => 0, PAGE);
  for (const dataset of ["xor", "gauss"]) {
    show(`#v=1&dataset=${dataset}`, {dataset});
    assert.equal(bar.hash, `#v=1&dataset=${dataset}`);
  }
});
