/** The line w₁x + w₂y + b = 0 of a neuron that sees the plane itself, and how it is shifted and turned. */

/** @import {Place} from "../plane.js" */

/** Weights of x and of y, and the bias. @typedef {readonly [number, number, number]} Line */

/**
 * Where it is nearest to the middle of the picture, and its direction as an angle; null if it has none.
 * @param {Line} line
 * @param {Place} middle
 * @returns {{x: number, y: number, angle: number} | null}
 */
export function placed([w1, w2, b], [x, y]) {
  const square = w1 * w1 + w2 * w2;
  if (!(square > 0) || !Number.isFinite(square)) return null;
  const far = (w1 * x + w2 * y + b) / square;
  return {x: x - w1 * far, y: y - w2 * far, angle: Math.atan2(w1, -w2)};
}

/** Moved by so much, with the same direction and steepness. @param {Line} line @param {Place} by @returns {Line} */
export function shifted([w1, w2, b], [x, y]) {
  return [w1, w2, b - w1 * x - w2 * y];
}

/** Turned about a place, with the same steepness. @param {Line} line @param {Place} about @param {number} angle in radians @returns {Line} */
export function turned([w1, w2, b], [x, y], angle) {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [v1, v2] = [w1 * cos - w2 * sin, w1 * sin + w2 * cos];
  const value = w1 * x + w2 * y + b; // of the neuron there, which stays
  return [v1, v2, value - v1 * x - v2 * y];
}
