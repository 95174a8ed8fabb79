import assert from "node:assert/strict";
import {test} from "node:test";
import {sideways} from "../../../../static/labs/plane/panning.js";

const PANEL = {scrollLeft: 100, scrollWidth: 1000, clientWidth: 700};
const WHEEL = {deltaX: 0, deltaY: 50, deltaMode: 0, shiftKey: false, ctrlKey: false};

test("the wheel moves a wide network sideways, to its ends and no further", () => {
  assert.equal(sideways(WHEEL, PANEL), 50);
  assert.equal(sideways({...WHEEL, deltaY: 3, deltaMode: 1}, PANEL), 48); // three lines
  assert.equal(sideways({...WHEEL, deltaY: 999}, PANEL), 200);
  assert.equal(sideways({...WHEEL, deltaY: -999}, PANEL), -100);
});

test("at its end, or where all is in view, the wheel is the page's", () => {
  assert.equal(sideways(WHEEL, {...PANEL, scrollLeft: 300}), 0);
  assert.equal(sideways(WHEEL, {scrollLeft: 0, scrollWidth: 700, clientWidth: 700}), 0);
});

test("zooming and turning sideways stay what they are", () => {
  for (const other of [{ctrlKey: true}, {shiftKey: true}, {deltaX: 60}])
    assert.equal(sideways({...WHEEL, ...other}, PANEL), 0);
});
