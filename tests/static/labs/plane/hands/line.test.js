import assert from "node:assert/strict";
import {test} from "node:test";
import {placed, shifted, turned} from "../../../../../static/labs/plane/hands/line.js";
import {moved} from "../../../../../static/labs/plane/hands/link-drag.js";

/** @param {import("../../../../../static/labs/plane/hands/line.js").Line} line @param {number} x @param {number} y */
const value = ([w1, w2, b], x, y) => w1 * x + w2 * y + b;

test("a line is nearest to the middle where its neuron's sum is zero", () => {
  const place = placed([3, 4, -10], [0, 0]);
  assert.ok(place);
  assert.ok(Math.abs(value([3, 4, -10], place.x, place.y)) < 1e-12);
  assert.ok(Math.abs(Math.hypot(place.x, place.y) - 2) < 1e-12);
  const [x, y] = [place.x + Math.cos(place.angle), place.y + Math.sin(place.angle)]; // along it
  assert.ok(Math.abs(value([3, 4, -10], x, y)) < 1e-12);
  assert.equal(placed([0, 0, 1], [0, 0]), null);
});

test("a shifted line is zero where it was shifted to, with the same weights", () => {
  const line = shifted([3, 4, -10], [1, -2]);
  assert.deepEqual(line.slice(0, 2), [3, 4]);
  assert.ok(Math.abs(value(line, 1.2 + 1, 1.6 - 2)) < 1e-12); // (1.2, 1.6) was on it
});

test("a turned line keeps its steepness and what it says at the place about which it turns", () => {
  const line = turned([3, 4, -10], [1.2, 1.6], Math.PI / 2);
  assert.ok(Math.abs(Math.hypot(line[0], line[1]) - 5) < 1e-12);
  assert.ok(Math.abs(value(line, 1.2, 1.6)) < 1e-12);
  assert.ok(Math.abs(line[0] + 4) < 1e-12);
  const back = turned(line, [1.2, 1.6], -Math.PI / 2);
  for (const [i, each] of back.entries()) assert.ok(Math.abs(each - ([3, 4, -10][i] ?? 0)) < 1e-9);
});

test("a link that is dragged up adds to its weight, with Shift a tenth of it", () => {
  assert.ok(Math.abs(moved(0.5, 50, false) - 1.5) < 1e-12);
  assert.ok(Math.abs(moved(0.5, -50, true) - 0.4) < 1e-12);
  assert.equal(moved(1e6, 50, false), 1e6);
});
