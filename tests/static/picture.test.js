import assert from "node:assert/strict";
import {test} from "node:test";
import {between, makePalette, pointColor} from "../../static/colors.js";
import {enlarge} from "../../static/picture.js";

test("an even picture stays even when it is enlarged", () => {
  assert.ok(enlarge(new Uint8Array(16).fill(77), 4, 3).every(value => value === 77));
});

test("enlarging goes straight from one pixel to the next", () => {
  const row = Array.from(enlarge(new Uint8Array([0, 100, 0, 100]), 2, 4).slice(0, 8));
  assert.deepEqual(row, [0, 0, 13, 38, 63, 88, 100, 100]);
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
  assert.equal(pointColor(palette, -3), palette.negative);
  assert.equal(pointColor(palette, 1), palette.positive);
});
