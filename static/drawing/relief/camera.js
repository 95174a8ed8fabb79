/** Turns three axes, and puts places on the screen. Two axes are seen from the front. */

/** Turned about the vertical axis, then tilted towards the eye; radians. @typedef {{turn: number, tilt: number}} Pose */
/** Right, down and near, in half edges of the picture. @typedef {readonly [number, number, number]} Seen */

/** @type {Pose} */
export const FRONT = {turn: 0, tilt: 0};
/** @type {Pose} */
export const CORNER = {turn: -0.6, tilt: 0.45};
const STEEPEST = Math.PI / 2;
export const DRAG = 0.01; // radians for a pixel
const KEY = 0.1; // radians for a key
/** Right and down, in radians, of the keys that turn. */
export const TURNS = {
  ArrowLeft: [-KEY, 0],
  ArrowRight: [KEY, 0],
  ArrowUp: [0, -KEY],
  ArrowDown: [0, KEY],
};
const ROOM = 0.58; // of the picture's half edge, so that no corner of a turned cube leaves it

/** @param {Pose} pose @param {number} right in radians @param {number} down @returns {Pose} */
export function turned({turn, tilt}, right, down) {
  return {turn: turn + right, tilt: Math.min(Math.max(tilt + down, -STEEPEST), STEEPEST)};
}

/**
 * A place of the box from −1 to 1 on the screen.
 * @param {readonly number[]} place two or three numbers
 * @param {Pose} pose
 * @returns {Seen}
 */
export function seen([x = 0, y = 0, z], {turn, tilt}) {
  if (z === undefined) return [x, -y, 0];
  const [a, b] = [Math.cos(turn), Math.sin(turn)];
  const [c, d] = [Math.cos(tilt), Math.sin(tilt)];
  const [right, deep] = [a * x + b * z, a * z - b * x];
  return [ROOM * right, ROOM * (d * deep - c * y), ROOM * (c * deep + d * y)];
}
