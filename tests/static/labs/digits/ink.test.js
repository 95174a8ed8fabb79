import assert from "node:assert/strict";
import {test} from "node:test";
import {
  movedImage,
  onImage,
  PIXELS,
  SIDE,
  sharedInk,
  toBase64,
  withStroke,
} from "../../../../static/labs/digits/ink.js";

const IN_PLACE = {move: /** @type {const} */ ([0, 0]), turn: 0, scale: 1};

/** @param {Uint8Array} ink @param {number} row @param {number} column */
const at = (ink, row, column) => ink[row * SIDE + column] ?? 0;

test("a stroke is full in its middle, soft at its edge, and nowhere else", () => {
  const ink = withStroke(null, [5, 10.5], [20, 10.5]);
  assert.equal(at(ink, 10, 12), 255);
  const beside = at(ink, 9, 12);
  assert.ok(beside > 0 && beside < 255);
  assert.equal(beside, at(ink, 11, 12));
  assert.equal(at(ink, 7, 12), 0);
  assert.equal(at(ink, 10, 24), 0);
});

test("a stroke takes no ink away, and leaves the image that it began with", () => {
  const before = new Uint8Array(PIXELS).fill(90);
  const after = withStroke(before, [-4, 3], [40, 3]);
  assert.ok(before.every(ink => ink === 90));
  assert.ok(after.every(ink => ink >= 90) && after.includes(255));
});

test("a spot of the pad lies on the image where moving, scaling and turning have taken it from", () => {
  const near = (/** @type {number[]} */ a, /** @type {number[]} */ b) =>
    a.forEach((value, i) => {
      assert.ok(Math.abs(value - (b[i] ?? 0)) < 1e-9, `${a} is not ${b}`);
    });
  near(onImage([3, 4], IN_PLACE), [3, 4]);
  near(onImage([3, 4], {...IN_PLACE, move: [1, -2]}), [2, 6]);
  near(onImage([18, 14], {...IN_PLACE, scale: 2}), [16, 14]);
  // A quarter clockwise takes what is above the middle to its right.
  near(onImage([18, 14], {...IN_PLACE, turn: 90}), [14, 10]);
});

test("ink that leaves an image is lost, and none comes in", () => {
  const image = new Uint8Array(PIXELS);
  image[0] = 7;
  image[PIXELS - 1] = 9;
  const moved = movedImage(image, [2, 1]);
  assert.equal(at(moved, 1, 2), 7);
  assert.equal(
    moved.reduce((sum, ink) => sum + ink, 0),
    7,
  );
});

test("images share the ink that both have at a place", () => {
  const image = new Uint8Array(PIXELS);
  image.set([100, 100, 0, 200]);
  const other = new Uint8Array(PIXELS);
  other.set([50, 255, 99, 0]);
  assert.equal(sharedInk(image, other), 150 / 400);
  assert.equal(sharedInk(image, image), 1);
  assert.equal(sharedInk(new Uint8Array(PIXELS), image), null);
});

test("ink travels as its bytes", () => {
  const image = Uint8Array.from({length: PIXELS}, (_, i) => i % 256);
  assert.deepEqual(new Uint8Array(Buffer.from(toBase64(image), "base64")), image);
});
