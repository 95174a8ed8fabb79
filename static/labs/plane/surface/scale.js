/** From losses to shares of a scale, to colours and to the levels of contour lines. */

/** @import {Rgb} from "../../../drawing/colors.js" */

import {between} from "../../../drawing/colors.js";

/**
 * @typedef {object} Scale
 * @property {boolean} log
 * @property {number} low
 * @property {number} high
 */

const DECADE = 10; // times the lowest loss: from there on a linear scale would hide the valley
const FLOOR = 1e-6; // of the highest: smaller losses have the same colour in a logarithmic scale

/** From low to high, as bright as the loss is large: Matplotlib's viridis. @type {Rgb[]} */
const COLORS = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
];

/**
 * The scale of all finite losses of a picture.
 * @param {Float32Array} heights
 * @returns {Scale}
 */
export function scaleOf(heights) {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const height of heights) {
    if (!Number.isFinite(height)) continue;
    low = Math.min(low, height);
    high = Math.max(high, height);
  }
  if (low > high) return {log: false, low: 0, high: 1};
  const log = high > 0 && high > low * DECADE;
  return {log, low: log ? Math.max(low, high * FLOOR) : low, high};
}

/** A loss's place in the scale, from 0 to 1. @param {Scale} scale @param {number} loss */
export function shareOf({log, low, high}, loss) {
  if (high <= low) return 0;
  const share = log
    ? Math.log(Math.max(loss, low) / low) / Math.log(high / low)
    : (loss - low) / (high - low);
  return Math.min(Math.max(share, 0), 1);
}

/** The loss at a place of the scale. @param {Scale} scale @param {number} share */
export function lossAt({log, low, high}, share) {
  return log ? low * (high / low) ** share : low + (high - low) * share;
}

/** @param {Scale} scale @param {number} count @returns {number[]} losses between its ends, evenly apart in colour */
export function levelsOf(scale, count) {
  if (scale.high <= scale.low) return [];
  return Array.from({length: count}, (_, i) => lossAt(scale, (i + 1) / (count + 1)));
}

/** @param {number} share @returns {Rgb} */
export function colorAt(share) {
  return between(COLORS, Number.isNaN(share) ? 0 : share);
}

/** The same for style sheets. @param {number} share */
export function cssAt(share) {
  return `rgb(${colorAt(share).join(" ")})`;
}

/** The colours in 256 steps, as pixels of ImageData. */
export const PIXELS = Uint32Array.from({length: 256}, (_, i) => {
  const [red, green, blue] = colorAt(i / 255);
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
});

/** For the legend. */
export const GRADIENT = `linear-gradient(90deg, ${COLORS.map(color => `rgb(${color.join(" ")})`).join(", ")})`;
