import assert from "node:assert/strict";
import {test} from "node:test";
import {penBy, penWords, RESTING} from "../../../../static/labs/digits/pen.js";

const press = (/** @type {string} */ key, /** @type {any} */ pen, shiftKey = false) =>
  penBy({key, shiftKey}, pen);

test("the first arrow takes the pen, and only then Space is its own", () => {
  assert.equal(press(" ", null), null);
  assert.deepEqual(press("ArrowUp", null), RESTING);
  assert.deepEqual(press(" ", RESTING), {...RESTING, isDown: true});
  assert.equal(press("+", RESTING), null);
});

test("arrows lead it by a pixel or five, and never off the pad", () => {
  assert.deepEqual(press("ArrowLeft", RESTING)?.at, [13.5, 14.5]);
  assert.deepEqual(press("ArrowDown", RESTING, true)?.at, [14.5, 19.5]);
  const corner = {at: [0.5, 27.5], isDown: true};
  assert.deepEqual(press("ArrowLeft", corner), corner);
  assert.deepEqual(press("ArrowDown", corner, true), corner);
});

test("it says where it is, counted from 1", () => {
  assert.equal(penWords(RESTING), "Pen up, column 15, row 15");
  assert.equal(penWords({at: [0.5, 27.5], isDown: true}), "Pen down, column 1, row 28");
});
