import assert from "node:assert/strict";
import {test} from "node:test";
import {
  contour,
  levels,
  rangeOf,
  rounded,
  roundTicks,
  shadeOf,
  toPixel,
  toPlace,
} from "../../../../static/labs/descent/geometry.js";

const BOX = {left: 40, top: 10, width: 300, height: 200};
/** @typedef {import("../../../../static/labs/descent/geometry.js").Range} Range */
/** @type {[Range, Range]} */
const WINDOW = [
  [-3, 3],
  [0, 10],
];

test("the window's corners are the box's, with large values on top", () => {
  assert.deepEqual(toPixel(BOX, ...WINDOW, -3, 10), {x: 40, y: 10});
  assert.deepEqual(toPixel(BOX, ...WINDOW, 3, 0), {x: 340, y: 210});
});

test("a pixel leads back to its place, and one outside to the edge", () => {
  const [x, y] = toPlace(BOX, ...WINDOW, toPixel(BOX, ...WINDOW, 1.5, 2.5));
  assert.ok(Math.abs(x - 1.5) < 1e-12 && Math.abs(y - 2.5) < 1e-12);
  assert.deepEqual(toPlace(BOX, ...WINDOW, {x: 0, y: 999}), [-3, 0]);
});

test("a place has as many digits as pixels can tell", () => {
  assert.equal(rounded(1.23456, [-3, 3]), 1.23);
  assert.equal(rounded(-0.000049, [-3, 3]), 0);
  assert.equal(rounded(1234.56, [0, 3000]), 1230);
});

test("shades go from the lowest error to the highest, and levels are evenly spaced in them", () => {
  assert.equal(shadeOf([2, 8], 2), 0);
  assert.equal(shadeOf([2, 8], 8), 1);
  assert.ok(shadeOf([2, 8], 2.1) > 0.2);
  assert.equal(shadeOf([2, 2], 2), 0);
  for (const [i, level] of levels([2, 8], 4).entries())
    assert.ok(Math.abs(shadeOf([2, 8], level) - (i + 1) / 5) < 1e-12);
});

test("a contour of a plane is a straight line, one of a cone a circle", () => {
  const side = 21;
  const grid = (/** @type {(x: number, y: number) => number} */ height) =>
    Array.from({length: side * side}, (_, i) => height(i % side, Math.floor(i / side)));
  const straight = contour(
    grid(x => x),
    side,
    7.25,
  );
  assert.equal(straight.length, side - 1);
  for (const points of straight) for (const {x} of points) assert.ok(Math.abs(x - 7.25) < 1e-12);
  const circle = contour(
    grid((x, y) => Math.hypot(x - 10, y - 10)),
    side,
    6,
  );
  for (const points of circle)
    for (const {x, y} of points) assert.ok(Math.abs(Math.hypot(x - 10, y - 10) - 6) < 0.05);
  const length = circle.reduce((sum, [a, b]) => sum + Math.hypot(a.x - b.x, a.y - b.y), 0);
  assert.ok(Math.abs(length - 12 * Math.PI) < 0.2);
});

test("ranges and ticks", () => {
  assert.deepEqual(rangeOf([3, -1, 2]), [-1, 3]);
  assert.deepEqual(roundTicks([-3, 3], 6), [-3, -2, -1, 0, 1, 2, 3]);
  assert.deepEqual(roundTicks([-1, 2.6], 4), [-1, 0, 1, 2]);
  assert.deepEqual(roundTicks([0, 0.5], 5), [0, 0.1, 0.2, 0.3, 0.4, 0.5]);
});
