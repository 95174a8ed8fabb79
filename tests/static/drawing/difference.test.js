import assert from "node:assert/strict";
import {test} from "node:test";
import {differenceBytes, scaleEnd, subtract} from "../../../static/drawing/difference.js";

const OUTPUT = /** @type {const} */ ({what: "the output", place: "-6,6", range: [-1, 1]});

/** @param {number[]} bytes @param {number} side */
const field = (bytes, side = 2) => ({...OUTPUT, side, bytes: Uint8Array.from(bytes)});

test("the difference is of the numbers that the bytes stand for", () => {
  const found = subtract(field([0, 255, 128, 51]), field([255, 255, 128, 102]));
  assert.ok(found);
  // (a - b) / 127.5 and its absolute mean, by NumPy
  assert.deepEqual(
    [...found.values].map(value => Number(value.toFixed(5))),
    [-2, 0, 0, -0.4],
  );
  assert.equal(found.largest, 2);
  assert.ok(Math.abs(found.mean - 0.6) < 1e-12);
});

test("of two sizes the smaller counts", () => {
  const large = field([...Array(4).fill(0), ...Array(4).fill(0), ...Array(8).fill(255)], 4);
  const found = subtract(large, field([0, 0, 255, 255]));
  assert.ok(found);
  assert.equal(found.side, 2);
  assert.deepEqual([...found.values], [0, 0, 0, 0]);
});

test("of classes it says where they differ", () => {
  const classes = (/** @type {number[]} */ bytes) => ({
    side: 2,
    bytes: Uint8Array.from(bytes),
    what: "classes",
    place: "-6,6",
    range: null,
  });
  const found = subtract(classes([0, 1, 2, 2]), classes([0, 2, 2, 0]));
  assert.deepEqual(found && [...found.values], [0, 1, 0, 1]);
  assert.equal(found?.mean, 0.5);
  assert.equal(subtract(classes([0, 1, 2, 2]), field([0, 1, 2, 2])), null);
  assert.equal(subtract({...field([0]), place: "-1,1"}, field([0])), null);
});

test("its colours are symmetric about the middle, and its scale holds the largest", () => {
  const found = subtract(field([0, 255, 128, 128]), field([255, 0, 128, 128]));
  assert.deepEqual(found && [...differenceBytes(found, 2)], [0, 255, 128, 128]);
  assert.deepEqual([0, 0.004, 0.5, 0.51, 1.9].map(scaleEnd), [0.01, 0.01, 0.5, 1, 2]);
});
