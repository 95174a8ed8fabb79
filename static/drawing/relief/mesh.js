/** A surface of heights over a square: its triangles, the box around it, and how it is turned. */

/** @import {Pose} from "./camera.js" */

import {seen} from "./camera.js";

export const TALL = 0.55; // half the height of the picture's range, as a share of half its width
const NEAR = 0.5; // of the depth that the screen has

/** Corners of the triangles of a square of n x n vertices, row by row. @param {number} n at most 256 */
export function triangles(n) {
  const corners = new Uint16Array(6 * (n - 1) ** 2);
  let place = 0;
  for (let row = 0; row + 1 < n; row++)
    for (let column = 0; column + 1 < n; column++) {
      const first = row * n + column;
      for (const corner of [first, first + n, first + 1, first + 1, first + n, first + n + 1])
        corners[place++] = corner;
    }
  return corners;
}

/** Turns right, up and near into what WebGL draws, column by column. @param {Pose} pose */
export function matrixOf(pose) {
  return [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ].flatMap(axis => {
    const [right, down, near] = seen(axis, pose);
    return [right, -down, -NEAR * near];
  });
}

/** The edges of the box, two ends each. */
export function edges() {
  const corners = [-1, 1].flatMap(x => [-TALL, TALL].flatMap(y => [-1, 1].map(z => [x, y, z])));
  return new Float32Array(
    corners.flatMap((a, i) =>
      corners
        .slice(i + 1)
        .filter(b => a.filter((part, k) => part !== b[k]).length === 1)
        .flatMap(b => [...a, ...b]),
    ),
  );
}

/** "rgb(1 2 3)" or "#010203" as three numbers from 0 to 1. @param {string} color */
export function channels(color) {
  if (color.startsWith("#"))
    return [1, 3, 5].map(place => Number.parseInt(color.slice(place, place + 2), 16) / 255);
  return (color.match(/[\d.]+/g) ?? ["0", "0", "0"]).slice(0, 3).map(part => Number(part) / 255);
}
