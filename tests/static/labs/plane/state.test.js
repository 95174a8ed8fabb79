import assert from "node:assert/strict";
import {test} from "node:test";
import {
  isOff,
  planeState,
  shownUnit,
  wantedFocus,
  withLesion,
} from "../../../../static/labs/plane/state.js";
import {firstState, reduce as reduceAny} from "../../../../static/session/state.js";
import {SERVER} from "../../told.js";

/** @import {PlanePage} from "../../../../static/labs/plane/page.js" */
/** @import {PageEvent} from "../../../../static/session/state.js" */

const PAGE = /** @type {PlanePage} */ (firstState(planeState));

/** @param {PlanePage} state @param {PageEvent} event */
const reduce = (state, event) => /** @type {PlanePage} */ (reduceAny(state, event, planeState));

/**
 * @param {PageEvent[]} events
 * @returns {PlanePage}
 */
function after(...events) {
  return events.reduce(reduce, reduce(PAGE, {type: "state", server: SERVER}));
}

test("a neuron that is pointed at comes before one that is pinned", () => {
  const pinned = after({type: "own", pin: {layer: 1, neuron: 2}});
  assert.deepEqual(wantedFocus(pinned), [1, 2]);
  const both = reduce(pinned, {type: "own", hover: {layer: 2, neuron: 1}});
  assert.deepEqual(wantedFocus(both), [2, 1]);
  assert.deepEqual(shownUnit(reduce(both, {type: "own", hover: null})), {layer: 1, neuron: 2});
});

test("pinning twice lets go", () => {
  const unit = {layer: 1, neuron: 2};
  const twice = after({type: "own", pin: unit}, {type: "own", pin: {...unit}});
  assert.equal(twice.own.pinned, null);
});

test("the output has its weights to show but no focus to ask for", () => {
  const state = after({type: "own", pin: {layer: 3, neuron: 1}});
  assert.deepEqual(shownUnit(state), {layer: 3, neuron: 1});
  assert.equal(wantedFocus(state), null);
});

test("a pinned neuron goes with its layer", () => {
  const state = after(
    {type: "own", pin: {layer: 1, neuron: 4}},
    {type: "state", server: {...SERVER, facts: {...SERVER.facts, shape: [2, 3, 2, 1]}}},
  );
  assert.equal(state.own.pinned, null);
});

test("another experiment lets go of the neurons of this one", () => {
  const unit = {layer: 1, neuron: 2};
  const looked = after({type: "own", pin: unit}, {type: "own", hover: {layer: 2, neuron: 1}});
  assert.deepEqual(shownUnit(reduce(looked, {type: "state", server: SERVER})), {
    layer: 2,
    neuron: 1,
  });
  const opened = reduce(looked, {type: "state", server: SERVER, isOpened: true});
  assert.equal(shownUnit(opened), null);
  assert.equal(wantedFocus(opened), null);
});

test("a link that explains a step opens the phase that it says, and the page then goes its own way", () => {
  const view = {...SERVER.view, explain: "batch", phase: "back-2"};
  const link = {...SERVER, view};
  for (const opened of [
    reduce(PAGE, {type: "state", server: link}),
    after({type: "state", server: link, isOpened: true}),
  ])
    assert.deepEqual(opened.own.explain.phase, {kind: "back", layer: 2});
  const gone = after(
    {type: "state", server: link, isOpened: true},
    {
      type: "own",
      explain: {phase: {kind: "loss", layer: 0}},
    },
  );
  assert.equal(reduce(gone, {type: "state", server: link}).own.explain.phase.kind, "loss");
  const closed = {...link, view: {...view, explain: ""}};
  assert.equal(reduce(PAGE, {type: "state", server: closed}).own.explain.phase.kind, "example");
});

test("of several outputs each can be looked at, the only one is the large picture", () => {
  const several = {...SERVER, facts: {...SERVER.facts, shape: [2, 4, 3], classes: 3}};
  const event = /** @type {PageEvent} */ ({type: "own", hover: {layer: 2, neuron: 3}});
  assert.deepEqual(wantedFocus(after({type: "state", server: several}, event)), [2, 3]);
  const only = /** @type {PageEvent} */ ({type: "own", hover: {layer: 3, neuron: 1}});
  assert.equal(wantedFocus(after(only)), null);
});

test("a neuron is off by itself or with its layer, and lesions are kept in order", () => {
  /** @type {[number, number][]} */
  const lesions = [
    [1, 2],
    [2, 0],
  ];
  assert.ok(isOff(lesions, {layer: 1, neuron: 2}));
  assert.ok(!isOff(lesions, {layer: 1, neuron: 1}));
  assert.ok(isOff(lesions, {layer: 2, neuron: 5}));
  assert.deepEqual(withLesion(lesions, {layer: 1, neuron: 1}, true), [
    [1, 1],
    [1, 2],
    [2, 0],
  ]);
  assert.deepEqual(withLesion(lesions, {layer: 2, neuron: 0}, false), [[1, 2]]);
});
