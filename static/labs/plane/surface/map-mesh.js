/** Puts a map's heights, paths and places into the box of a surface: across, the loss on the map's scale, and up the map. */

/** @import {Scale} from "./scale.js" */
/** @import {Map2, Place} from "./surface.js" */

import {TALL} from "../../../drawing/relief/mesh.js";
import {shareOf} from "./scale.js";
import {within} from "./window.js";

/** Right, up and near. @typedef {[number, number, number]} Spot */

/**
 * Each height's share of the scale, the farthest row first; the highest where no height is known.
 * @param {Map2} map
 * @param {Scale} scale
 */
export function sharesOf({heights, side}, scale) {
  const shares = new Float32Array(heights.length);
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      const height = heights[row * side + column] ?? Number.NaN;
      shares[(side - 1 - row) * side + column] = Number.isFinite(height)
        ? shareOf(scale, height)
        : 1;
    }
  return shares;
}

/** Losses beyond the scale lie on the bottom or the top of the box. @param {Map2} map @param {Scale} scale @param {Place} place @returns {Spot} */
export function spotOf({centre, radius}, scale, [a, b, loss]) {
  const up = TALL * (2 * shareOf(scale, loss) - 1);
  return [(a - centre[0]) / radius, up, (centre[1] - b) / radius];
}

/**
 * The pieces of a path within the window, nine numbers each: where they begin and end, and their colour.
 * @param {Map2} map
 * @param {Scale} scale
 * @param {readonly Place[]} path
 * @param {(end: Place) => readonly number[]} color red, green and blue from 0 to 1
 */
export function trailOf(map, scale, path, color) {
  return path.slice(1).flatMap((end, i) => {
    const begin = path[i];
    const piece = begin && within(map, begin, end);
    return piece ? [...piece.flatMap(each => spotOf(map, scale, each)), ...color(end)] : [];
  });
}

/**
 * The place of the map that is drawn at a pixel: the nearest to the eye of those within reach.
 * @param {Map2} map
 * @param {Scale} scale
 * @param {readonly [number, number]} pixel
 * @param {number} reach px
 * @param {(spot: Spot) => readonly [number, number, number]} seenAt right and down in px, and how near
 * @returns {[number, number] | null}
 */
export function placeUnderPixel(map, scale, [x, y], reach, seenAt) {
  const {centre, radius, side, heights} = map;
  let nearest = Number.NEGATIVE_INFINITY;
  /** @type {[number, number] | null} */
  let found = null;
  for (const [i, height] of heights.entries()) {
    if (!Number.isFinite(height)) continue;
    const way = (/** @type {number} */ step) => radius * ((2 * step) / (side - 1) - 1);
    const [a, b] = [centre[0] + way(i % side), centre[1] + way(Math.floor(i / side))];
    const [right, down, near] = seenAt(spotOf(map, scale, [a, b, height]));
    if (near <= nearest || Math.hypot(right - x, down - y) > reach) continue;
    nearest = near;
    found = [a, b];
  }
  return found;
}
