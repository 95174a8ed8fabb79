import assert from "node:assert/strict";
import {test} from "node:test";
import {between, CLASSES, makePalette, pointColor} from "../../../static/drawing/colors.js";
import {enlarge, looksDifferent, shrink} from "../../../static/drawing/picture.js";

test("an even picture stays even when it is enlarged", () => {
  assert.ok(enlarge(new Uint8Array(16).fill(77), 4, 3).every(value => value === 77));
});

test("enlarging goes straight from one pixel to the next", () => {
  const row = Array.from(enlarge(new Uint8Array([0, 100, 0, 100]), 2, 4).slice(0, 8));
  assert.deepEqual(row, [0, 0, 13, 38, 63, 88, 100, 100]);
});

test("each pixel of a smaller picture is the mean of those that it stands for", () => {
  const rows = [
    [0, 10, 100, 100],
    [20, 30, 100, 100],
    [7, 7, 0, 255],
    [7, 7, 255, 0],
  ];
  assert.deepEqual(Array.from(shrink(new Uint8Array(rows.flat()), 4, 2)), [15, 100, 7, 128]);
  assert.deepEqual(Array.from(shrink(new Uint8Array([1, 2, 3, 4]), 2, 1)), [1, 2, 3, 4]);
});

test("a picture looks different where one pixel is beyond the tolerance", () => {
  const old = new Uint8Array([10, 20, 30]);
  assert.ok(!looksDifferent(new Uint8Array([10, 20, 30]), old, 0));
  assert.ok(looksDifferent(new Uint8Array([10, 20, 31]), old, 0));
  assert.ok(!looksDifferent(new Uint8Array([11, 19, 31]), old, 1));
  assert.ok(looksDifferent(new Uint8Array([11, 19, 28]), old, 1));
});

test("the scale runs from orange over pale to blue", () => {
  for (const theme of /** @type {const} */ (["light", "dark"])) {
    const {field, steps} = makePalette(theme);
    assert.equal(field.length, 256);
    const [low, high] = [field[0] ?? 0, field[255] ?? 0];
    assert.ok((low & 255) > ((low >> 16) & 255), "more red than blue");
    assert.ok(((high >> 16) & 255) > (high & 255), "more blue than red");
    assert.equal(new Set(steps).size, 2);
    assert.equal(steps[127], steps[0]);
    assert.equal(steps[128], steps[255]);
  }
});

test("colours between stops are mixed, labels beyond the scale take its ends", () => {
  assert.deepEqual(
    between(
      [
        [0, 0, 0],
        [100, 200, 50],
      ],
      0.5,
    ),
    [50, 100, 25],
  );
  const palette = makePalette("light");
  assert.equal(pointColor(palette, -3, 2), palette.negative);
  assert.equal(pointColor(palette, 1, 2), palette.positive);
});

/** As people see a colour who lack one kind of cone: Machado, Oliveira and Fernandes (2009), severity 1. */
const SIGHTS = {
  all: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [
    0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998,
  ],
  deuteranopia: [
    0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881,
  ],
  tritanopia: [
    1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039,
  ],
};

/**
 * The colour in CIE Lab, where distances are about those that people see.
 * @param {readonly number[]} rgb
 * @param {readonly number[]} sight
 */
function seen(rgb, sight) {
  const linear = rgb.map(c =>
    c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
  );
  const [r = 0, g = 0, b = 0] = [0, 3, 6].map(row =>
    Math.max(
      0,
      linear.reduce((sum, value, i) => sum + value * (sight[row + i] ?? 0), 0),
    ),
  );
  const f = (/** @type {number} */ t) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

for (const theme of /** @type {const} */ (["light", "dark"]))
  for (const [name, sight] of Object.entries(SIGHTS))
    test(`classes have colours that can be told apart: ${theme}, ${name}`, () => {
      const colors = CLASSES[theme].map(color => seen(color, sight));
      for (const [i, a] of colors.entries())
        for (const [j, b] of colors.slice(0, i).entries()) {
          const distance = Math.hypot(...a.map((value, k) => value - (b[k] ?? 0)));
          assert.ok(distance > (i < 6 ? 25 : 16), `${i + 1} and ${j + 1}: ${distance.toFixed(1)}`);
        }
    });
