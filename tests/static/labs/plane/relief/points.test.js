import assert from "node:assert/strict";
import {test} from "node:test";
import {TALL} from "../../../../../static/drawing/relief/mesh.js";
import {heightAt, pointBuffer} from "../../../../../static/labs/plane/relief/points.js";

test("a byte is a height from −1 to 1", () => {
  const bytes = new Uint8Array([0, 255, 128, 51]);
  assert.equal(heightAt(bytes, 2, 0.1, 0.1), -1);
  assert.equal(heightAt(bytes, 2, 1, 0), 1);
  assert.ok(Math.abs(heightAt(bytes, 2, 0.9, 0.9) + 0.6) < 1e-6);
});

test("points stand above their place, as high as their target", () => {
  const points = new Float32Array([-6, 6, 1, 3, 0, -1, 0, 0, 5]);
  const buffer = pointBuffer(
    points,
    [-6, 6],
    label => label,
    () => [0.5, 0.25, 1],
  );
  const near = (/** @type {number} */ first) =>
    [...buffer.subarray(first, first + 3)].map(Math.fround);
  assert.deepEqual(near(0), [-1, Math.fround(TALL), -1]);
  assert.deepEqual(near(6), [0.5, Math.fround(-TALL), 0]);
  assert.deepEqual(near(12), [0, Math.fround(TALL), 0]);
  assert.deepEqual([...buffer.subarray(3, 6)], [0.5, 0.25, 1]);
});
