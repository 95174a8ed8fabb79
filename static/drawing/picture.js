/** Turns the bytes of pictures into pixels. */

/** @import {Palette} from "./colors.js" */

/**
 * Of each pixel the most probable class, and how sure a network is of it.
 * @typedef {{winners: Uint8Array, confidence: Uint8Array}} Classes
 */
/** A canvas context, off screen or on. @typedef {OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D} Context */

/**
 * Paint square pictures of `side` pixels below one another.
 * @param {Context} context of a canvas at least as large
 * @param {Uint8Array} bytes
 * @param {number} side
 * @param {Uint32Array} colors 256 of them
 * @param {ImageData | null} reuse of an earlier call
 * @returns {ImageData}
 */
export function paintBytes(context, bytes, side, colors, reuse = null) {
  const height = bytes.length / side;
  const image =
    reuse?.height === height && reuse.width === side ? reuse : new ImageData(side, height);
  colorBytes(bytes, colors, image);
  context.putImageData(image, 0, 0);
  return image;
}

/**
 * @param {Uint8Array} bytes
 * @param {Uint32Array} colors 256 of them
 * @param {ImageData} image
 * @param {number} first pixel to set
 */
export function colorBytes(bytes, colors, image, first = 0) {
  const pixels = new Uint32Array(image.data.buffer, 4 * first, bytes.length);
  for (let i = 0; i < bytes.length; i++) pixels[i] = colors[bytes[i] ?? 0] ?? 0;
}

/**
 * Whether two pictures of one size differ by more than the tolerance in any pixel.
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 * @param {number} tolerance in the 256 steps of a byte
 */
export function looksDifferent(a, b, tolerance) {
  for (let i = 0; i < a.length; i++)
    if (Math.abs((a[i] ?? 0) - (b[i] ?? 0)) > tolerance) return true;
  return false;
}

/**
 * The same picture with `factor` times fewer pixels per side, each the mean of those that it replaces.
 * @param {Uint8Array} bytes
 * @param {number} side
 * @param {number} factor divides it
 * @returns {Uint8Array}
 */
export function shrink(bytes, side, factor) {
  if (factor === 1) return bytes;
  const size = side / factor;
  const sums = new Uint32Array(size * size);
  for (let y = 0; y < side; y++) {
    const row = Math.floor(y / factor) * size;
    for (let x = 0, i = y * side, at = row; x < side; at++)
      for (const end = x + factor; x < end; x++, i++) sums[at] = (sums[at] ?? 0) + (bytes[i] ?? 0);
  }
  return Uint8Array.from(sums, sum => sum / factor ** 2 + 0.5);
}

/**
 * Paint the winning class of each pixel.
 * @param {Context} context of a canvas as large
 * @param {Classes} classes
 * @param {number} side
 * @param {Palette} palette
 * @param {boolean} discretize show only the class, not the confidence
 */
export function paintClasses(context, {winners, confidence}, side, palette, discretize) {
  const image = new ImageData(side, side);
  const pixels = new Uint32Array(image.data.buffer);
  const colors = palette.classes.map(color => color.field);
  for (let i = 0; i < winners.length; i++)
    pixels[i] = colors[winners[i] ?? 0]?.[discretize ? 255 : (confidence[i] ?? 0)] ?? 0;
  context.putImageData(image, 0, 0);
}

/**
 * The same picture with `factor` times as many pixels per side, by linear interpolation of the values. A canvas would
 * interpolate colours, but an edge between two colours must be found before they are mixed.
 * @param {Uint8Array} bytes
 * @param {number} side
 * @param {number} factor
 * @returns {Uint8Array}
 */
export function enlarge(bytes, side, factor) {
  const size = side * factor;
  const result = new Uint8Array(size * size);
  const at = (/** @type {number} */ row, /** @type {number} */ column) =>
    bytes[row * side + column] ?? 0;
  for (let y = 0; y < size; y++) {
    const [row, below, down] = neighbours(y, side, factor);
    for (let x = 0; x < size; x++) {
      const [column, right, across] = neighbours(x, side, factor);
      const upper = at(row, column) * (1 - across) + at(row, right) * across;
      const lower = at(below, column) * (1 - across) + at(below, right) * across;
      result[y * size + x] = upper * (1 - down) + lower * down + 0.5;
    }
  }
  return result;
}

/**
 * The two old pixels around a new one, and its distance from the first.
 * @param {number} place
 * @param {number} side
 * @param {number} factor
 * @returns {[number, number, number]}
 */
function neighbours(place, side, factor) {
  const old = Math.min(Math.max((place + 0.5) / factor - 0.5, 0), side - 1);
  const first = Math.floor(old);
  return [first, Math.min(first + 1, side - 1), old - first];
}
