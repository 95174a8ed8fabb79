import assert from "node:assert/strict";
import {test} from "node:test";
import {
  along,
  alongCurve,
  evened,
  nearest,
  toPixel,
  toPlace,
  windowOf,
} from "../../../../static/labs/autoencoder/geometry.js";

const SIZE = {width: 200, height: 100};
const ROWS = Float32Array.from([0, 0, 9, 10, 5, 9, 4, 2, 9]); // three places of three numbers
const PLACES = {rows: ROWS, count: 3, across: 0, up: 1};

test("a window holds all places, with room around", () => {
  const {across, up} = windowOf(PLACES);
  assert.ok(across[0] < 0 && across[1] > 10 && across[1] - across[0] < 12);
  assert.ok(up[0] < 0 && up[1] > 5 && up[1] - up[0] < 6);
});

test("a window stays while places fit and fill it, and follows when they do not", () => {
  const before = windowOf(PLACES);
  const nearly = Float32Array.from(ROWS, value => value * 0.95);
  assert.deepEqual(windowOf({...PLACES, rows: nearly}, before), before);
  const larger = Float32Array.from(ROWS, value => value * 2);
  assert.ok(windowOf({...PLACES, rows: larger}, before).across[1] > 20);
  const smaller = Float32Array.from(ROWS, value => value / 3);
  assert.ok(windowOf({...PLACES, rows: smaller}, before).across[1] < 4);
});

test("a window of one place, or of numbers that are none, is still one", () => {
  const {across} = windowOf({rows: Float32Array.from([3]), count: 1, across: 0, up: 0});
  assert.ok(across[0] < 3 && across[1] > 3);
  const nothing = windowOf({rows: Float32Array.from([Number.NaN]), count: 1, across: 0, up: 0});
  assert.ok(Number.isFinite(nothing.up[0]) && nothing.up[0] < nothing.up[1]);
});

test("pixels are places, upside down", () => {
  const window = windowOf(PLACES);
  const [left, top] = toPixel(window, SIZE, 10, 5);
  assert.ok(left > 180 && top < 20);
  const [x, y] = toPlace(window, SIZE, left, top);
  assert.ok(Math.abs(x - 10) < 1e-9 && Math.abs(y - 5) < 1e-9);
});

test("an even window has one scale", () => {
  const {across, up} = evened(windowOf(PLACES), SIZE);
  assert.ok(Math.abs((across[1] - across[0]) / SIZE.width - (up[1] - up[0]) / SIZE.height) < 1e-12);
});

test("the nearest place is found, unless all are far", () => {
  const window = windowOf(PLACES);
  const [x, y] = toPixel(window, SIZE, 4, 2);
  assert.equal(nearest(PLACES, window, SIZE, [x + 3, y - 3], 16), 2);
  assert.equal(nearest(PLACES, window, SIZE, [x + 30, y - 30], 16), null);
});

test("places along a line and along a curve", () => {
  assert.equal(along([1, 1], [0, 1], 7, 4), 3);
  const curve = Float32Array.from([0, 0, 1, 0, 1, 1]);
  const codes = Float32Array.from([-2, 2, 0]);
  assert.equal(alongCurve(curve, codes, 1.1, 0.1), 0);
  assert.equal(alongCurve(curve, codes, 1, 3), 2);
  assert.equal(alongCurve(null, codes, 1, 3), null);
});
