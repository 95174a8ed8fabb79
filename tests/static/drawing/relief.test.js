import assert from "node:assert/strict";
import {test} from "node:test";
import {FRONT, seen} from "../../../static/drawing/relief/camera.js";
import {channels, edges, matrixOf, triangles} from "../../../static/drawing/relief/mesh.js";

test("two triangles cover each square of the mesh", () => {
  assert.deepEqual([...triangles(2)], [0, 2, 1, 1, 2, 3]);
  const corners = triangles(100);
  assert.equal(corners.length, 6 * 99 * 99);
  assert.equal(Math.max(...corners), 100 * 100 - 1);
  assert.equal(new Set(corners).size, 100 * 100);
});

test("WebGL turns as the camera does, with up as up and near as less deep", () => {
  const pose = {turn: 0.4, tilt: -0.3};
  const matrix = matrixOf(pose);
  const place = [0.3, -0.7, 0.9];
  const drawn = [0, 1, 2].map(row =>
    place.reduce((sum, part, column) => sum + part * (matrix[3 * column + row] ?? 0), 0),
  );
  const [right, down, near] = seen(place, pose);
  assert.ok(Math.hypot((drawn[0] ?? 0) - right, (drawn[1] ?? 0) + down) < 1e-12);
  assert.ok(Math.abs((drawn[2] ?? 0) + near / 2) < 1e-12);
  assert.ok((matrixOf(FRONT)[4] ?? 0) > 0);
});

test("a box has twelve edges", () => {
  const ends = edges();
  assert.equal(ends.length, 12 * 2 * 3);
  for (let i = 0; i < ends.length; i += 6) {
    const differs = [0, 1, 2].filter(axis => ends[i + axis] !== ends[i + 3 + axis]);
    assert.equal(differs.length, 1);
  }
});

test("colours of both spellings are read", () => {
  assert.deepEqual(channels("rgb(255 0 51)"), [1, 0, 0.2]);
  assert.deepEqual(channels("#ff0033"), [1, 0, 0.2]);
});
