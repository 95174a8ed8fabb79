import assert from "node:assert/strict";
import {test} from "node:test";
import {barLength} from "../../static/layer-figures.js";

test("the bar is logarithmic from 1e-8 to 10", () => {
  assert.equal(barLength(10), 1);
  assert.equal(barLength(1e-8), 0);
  assert.ok(Math.abs(barLength(10 ** -3.5) - 0.5) < 1e-12);
});

test("what is no gradient has no bar, what is huge does not leave it", () => {
  for (const none of [0, Number.NaN, -1]) assert.equal(barLength(none), 0);
  assert.equal(barLength(1e30), 1);
});

test("a step has a scale of its own: from a millionth of the weights to all of them", () => {
  const scale = {smallest: -6, largest: 0};
  assert.equal(barLength(1e-6, scale), 0);
  assert.equal(barLength(1e-3, scale), 0.5);
  assert.equal(barLength(1, scale), 1);
  assert.equal(barLength(Number.NaN, scale), 0);
});
