/** Where points of the plane lie over its output as a surface. */

/** @import {Domain} from "../plane.js" */

import {TALL} from "../../../drawing/relief/mesh.js";

/** The value of the pixel under a place, from −1 to 1. @param {Uint8Array} bytes @param {number} side @param {number} across from 0 to 1 @param {number} down */
export function heightAt(bytes, side, across, down) {
  const pixel = (/** @type {number} */ share) =>
    Math.min(Math.max(Math.floor(share * side), 0), side - 1);
  return (bytes[pixel(down) * side + pixel(across)] ?? 0) / 127.5 - 1;
}

/**
 * Each point's place and colour: right, up, near, red, green, blue.
 * @param {Float32Array} points x, y, label, …
 * @param {Domain} domain
 * @param {(label: number, across: number, down: number) => number} height from −1 to 1
 * @param {(label: number) => readonly number[]} color each from 0 to 1
 */
export function pointBuffer(points, [low, high], height, color) {
  const buffer = new Float32Array(2 * points.length);
  for (let i = 0; i + 2 < points.length; i += 3) {
    const [x = 0, y = 0, label = 0] = points.subarray(i, i + 3);
    const [across, down] = [(x - low) / (high - low), (high - y) / (high - low)];
    const up = Math.min(Math.max(height(label, across, down), -1), 1);
    buffer.set([2 * across - 1, TALL * up, 2 * down - 1, ...color(label)], 2 * i);
  }
  return buffer;
}
