import assert from "node:assert/strict";
import {test} from "node:test";
import {changeBy} from "../../../../static/labs/digits/moving.js";
import {
  digitsState,
  inside,
  isEmpty,
  isUnitEdited,
  isUnitOff,
  kindOf,
  layerAcross,
  layerShown,
  sameImage,
  unitName,
} from "../../../../static/labs/digits/state.js";

/** @import {DigitsState, Own} from "../../../../static/labs/digits/page.js" */

const FIRST = /** @type {Own} */ (digitsState.first);
const SERVER = /** @type {import("../../../../static/session/state.js").State} */ (
  /** @type {unknown} */ ({view: {layer: 1, test_digit: 0, ink: ""}, ...networks()})
);

/** Two of each lab's layers, as far as what is looked into depends on them. */
function networks() {
  const convolution = {kind: "convolution", units: 8};
  const dense = {kind: "dense", units: 10};
  return {
    settings: {plain_off: [[1, 14]], convolutional_off: [[1, 3]]},
    facts: {
      convolutional: [convolution, {...convolution, units: 16}, dense],
      plain: [{...dense, units: 14}, dense],
      plain_edited: [[2, 1]],
      convolutional_edited: [],
    },
  };
}

/** @param {{layer: number, inside_plain?: boolean}} view */
const looking = view => /** @type {DigitsState} */ (/** @type {unknown} */ ({view, ...networks()}));

/** @param {Own} own @param {object} event */
const after = (own, event) =>
  /** @type {Own} */ (
    digitsState.reduce(
      own,
      /** @type {import("../../../../static/session/state.js").PageEvent} */ (event),
      /** @type {{server?: typeof SERVER}} */ (event).server ?? SERVER,
    )
  );

test("a pad is empty until it has ink or a test digit", () => {
  assert.ok(isEmpty(FIRST.pad));
  assert.ok(isEmpty({...FIRST.pad, ink: new Uint8Array(784)}));
  assert.ok(!isEmpty({...FIRST.pad, digit: 0}));
  const ink = new Uint8Array(784);
  ink[5] = 1;
  assert.ok(!isEmpty({...FIRST.pad, ink}));
});

test("what the pointer does is no other image; a move is", () => {
  assert.ok(sameImage(FIRST.pad, {...FIRST.pad, tool: "hand"}));
  assert.ok(!sameImage(FIRST.pad, {...FIRST.pad, move: [0, 1]}));
});

test("another experiment keeps the drawing, and nothing that was looked at", () => {
  const own = after(after(FIRST, {type: "own", pad: {digit: 3}}), {
    type: "own",
    unit: 5,
    cell: [1, 2],
  });
  const opened = after(own, {type: "state", server: SERVER, isOpened: true});
  assert.equal(opened.pad.digit, 3);
  assert.deepEqual([opened.unit, opened.cell], [1, null]);
});

test("a link that is opened puts its digit on the pad, and so does the first one of a page", () => {
  const view = {...SERVER.view, test_digit: 8, right: 2, down: -1, turn: 10, size: 90, ink: ""};
  const linked = {type: "state", server: {...SERVER, view}};
  const first = after(FIRST, linked);
  assert.deepEqual([first.pad.digit, first.pad.move, first.pad.scale], [7, [2, -1], 0.9]);
  const example = after(FIRST, {type: "own", pad: {digit: 3, isExample: true}});
  assert.equal(after(example, linked).pad.digit, 7);
  const drawn = after(FIRST, {type: "own", pad: {digit: 4}});
  assert.equal(after(drawn, linked).pad, drawn.pad);
  assert.equal(after(drawn, {...linked, isOpened: true}).pad.digit, 7);
});

test("an example is one until something of it is changed", () => {
  const example = after(FIRST, {type: "own", pad: {digit: 3, isExample: true}});
  assert.ok(example.pad.isExample);
  assert.ok(after(example, {type: "own", pad: {tool: "hand"}}).pad.isExample);
  for (const pad of [{move: [1, 0]}, {digit: 4}, {scale: 1.5}])
    assert.ok(!after(example, {type: "own", pad}).pad.isExample);
});

test("a filter that is gone is not looked at; a pixel goes with its filter", () => {
  const looked = {...FIRST, unit: 9, pixel: {row: 1, column: 2}};
  assert.deepEqual(after(looked, {type: "state", server: SERVER}).unit, 1);
  assert.equal(after(looked, {type: "own", unit: 2}).pixel, null);
  assert.deepEqual(after(looked, {type: "own", unit: 9}).pixel, {row: 1, column: 2});
});

test("a pixel that is kept stays for other units, and is let go with them", () => {
  const pixel = {row: 1, column: 2};
  const kept = after(FIRST, {type: "own", pixel, isPinned: true});
  assert.deepEqual(after(kept, {type: "own", unit: 2}).pixel, pixel);
  assert.equal(after(kept, {type: "own", pixel: null}).isPinned, false);
});

test("a layer that a network has not is its last; filters, units and outputs have names", () => {
  const outputs = looking({layer: 4});
  assert.deepEqual([layerShown(outputs), kindOf(outputs)], [3, "output"]);
  assert.equal(unitName(outputs, 8), "Output for digit 7");
  assert.equal(unitName(looking({layer: 0}), 2), "Layer 1 filter 2");
  const plain = looking({layer: 1, inside_plain: true});
  assert.deepEqual([inside(plain), unitName(plain, 14)], ["plain", "Layer 1 unit 14"]);
  assert.deepEqual([isUnitOff(plain, 14), isUnitOff(plain, 3)], [true, false]);
  assert.ok(isUnitOff(looking({layer: 1}), 3));
  assert.ok(isUnitEdited(looking({layer: 2, inside_plain: true}), 1));
  assert.ok(!isUnitEdited(looking({layer: 2}), 1));
});

test("from outputs one comes to outputs, from other layers to one with its number", () => {
  assert.equal(layerAcross(looking({layer: 3}), "plain"), 2);
  assert.equal(layerAcross(looking({layer: 2}), "plain"), 1);
  assert.equal(layerAcross(looking({layer: 0}), "plain"), 0);
  assert.equal(layerAcross(looking({layer: 2, inside_plain: true}), "convolutional"), 3);
  assert.equal(layerAcross(looking({layer: 1, inside_plain: true}), "convolutional"), 1);
});

test("keys move, scale, turn and clear, within bounds", () => {
  const {pad} = FIRST;
  const press = (/** @type {string} */ key, shiftKey = false, from = pad) =>
    changeBy({key, shiftKey}, from);
  assert.deepEqual(press("ArrowLeft"), {move: [-1, 0]});
  assert.deepEqual(press("ArrowDown", true), {move: [0, 5]});
  assert.deepEqual(press("ArrowRight", true, {...pad, move: [27, 0]}), {move: [28, 0]});
  assert.deepEqual(press("+"), {scale: 1.05});
  assert.deepEqual(press("-", false, {...pad, scale: 0.5}), {scale: 0.5});
  assert.deepEqual(press("[", false, {...pad, turn: -180}), {turn: 175});
  assert.deepEqual(press("Delete", false, {...pad, digit: 4})?.digit, null);
  assert.equal(press("s"), null);
});
