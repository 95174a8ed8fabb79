/** Ink on 28 × 28 pixels, a byte each: drawn with a soft pen, moved, compared. Nothing here knows the page.
 *
 * Places are in pixels from the upper left corner; the middle of the first pixel is (0.5, 0.5).
 */

/** @import {Digits, Pad, Placing} from "./page.js" */

export const SIDE = 28;
export const PIXELS = SIDE * SIDE;
const MIDDLE = SIDE / 2;
const RADIUS = 1.1; // of the pen: strokes are about as thick as those of MNIST, two to three pixels
const EDGE = 1.2; // pixels over which the ink fades

/** @typedef {readonly [number, number]} Spot x and y */

/**
 * The ink after a stroke of the pen, straight from one spot to another. The share of ink in a pixel follows from its
 * distance to the line, which is what a larger canvas would give, without reading one back.
 * @param {Uint8Array | null} ink
 * @param {Spot} from
 * @param {Spot} to
 * @returns {Uint8Array}
 */
export function withStroke(ink, from, to) {
  const result = ink ? ink.slice() : new Uint8Array(PIXELS);
  const reach = RADIUS + EDGE;
  const [left, right] = range(from[0], to[0], reach);
  const [top, bottom] = range(from[1], to[1], reach);
  for (let row = top; row <= bottom; row++)
    for (let column = left; column <= right; column++) {
      const distance = distanceTo([column + 0.5, row + 0.5], from, to);
      const share = Math.min(Math.max((RADIUS + EDGE / 2 - distance) / EDGE, 0), 1);
      const at = row * SIDE + column;
      result[at] = Math.max(result[at] ?? 0, Math.round(255 * share));
    }
  return result;
}

/** @param {number} a @param {number} b @param {number} reach @returns {[number, number]} pixels */
function range(a, b, reach) {
  const low = Math.floor(Math.min(a, b) - reach);
  return [Math.max(low, 0), Math.min(Math.ceil(Math.max(a, b) + reach), SIDE - 1)];
}

/** Of a spot from the line between two. @param {Spot} spot @param {Spot} from @param {Spot} to */
function distanceTo([x, y], [fromX, fromY], [toX, toY]) {
  const [alongX, alongY] = [toX - fromX, toY - fromY];
  const square = alongX ** 2 + alongY ** 2;
  const share = square ? ((x - fromX) * alongX + (y - fromY) * alongY) / square : 0;
  const nearest = Math.min(Math.max(share, 0), 1);
  return Math.hypot(x - fromX - nearest * alongX, y - fromY - nearest * alongY);
}

/**
 * Where on the image a spot of the pad lies, which is moved, scaled and turned.
 * @param {Spot} spot
 * @param {Placing} placing
 * @returns {[number, number]}
 */
export function onImage([x, y], {move, turn, scale}) {
  const angle = (-turn * Math.PI) / 180;
  const [right, down] = [x - MIDDLE - move[0], y - MIDDLE - move[1]];
  return [
    (right * Math.cos(angle) - down * Math.sin(angle)) / scale + MIDDLE,
    (right * Math.sin(angle) + down * Math.cos(angle)) / scale + MIDDLE,
  ];
}

/**
 * The image on the pad before it was moved; null while it is empty or its test digit has not come.
 * @param {Pad} pad
 * @param {Digits | null} digits
 * @returns {Uint8Array | null}
 */
export function sourceOf({ink, digit}, digits) {
  return digit === null ? ink : (digits && imageOf(digits, digit)) || null;
}

/** @param {Digits} digits @param {number} digit from 0 */
export function imageOf({images}, digit) {
  return images.subarray(digit * PIXELS, (digit + 1) * PIXELS);
}

/**
 * An image moved by whole pixels; what leaves it is lost.
 * @param {Uint8Array} image
 * @param {Spot} move to the right and down
 */
export function movedImage(image, [right, down]) {
  const result = new Uint8Array(PIXELS);
  for (const [i, ink] of image.entries()) {
    const [column, row] = [(i % SIDE) + right, Math.floor(i / SIDE) + down];
    if (column >= 0 && column < SIDE && row >= 0 && row < SIDE) result[row * SIDE + column] = ink;
  }
  return result;
}

/**
 * How much of one image's ink the other has at the same place, from 0 to 1; null without ink.
 * @param {Uint8Array} image
 * @param {Uint8Array} other
 */
export function sharedInk(image, other) {
  let [all, shared] = [0, 0];
  for (const [i, ink] of image.entries()) {
    all += ink;
    shared += Math.min(ink, other[i] ?? 0);
  }
  return all ? shared / all : null;
}

/** @param {Uint8Array} ink */
export function toBase64(ink) {
  return btoa(String.fromCharCode(...ink));
}

/** @param {string} text */
export function fromBase64(text) {
  return Uint8Array.from(atob(text), character => character.charCodeAt(0));
}
