/** What of a path lies within the window of a map, and which way to what lies outside. */

/** @import {Map2, Place} from "./surface.js" */

/** @typedef {Pick<Map2, "centre" | "radius">} Window */

/**
 * The ends of what a straight piece has within the window; null if it has nothing there (Liang and Barsky, 1984).
 * @param {Window} window
 * @param {Place} from
 * @param {Place} to
 * @returns {[Place, Place] | null}
 */
export function within({centre, radius}, from, to) {
  let [first, last] = [0, 1];
  for (const axis of /** @type {const} */ ([0, 1]))
    for (const side of [-1, 1]) {
      const room = radius - side * (from[axis] - centre[axis]);
      const pace = side * (to[axis] - from[axis]);
      if (pace > 0) last = Math.min(last, room / pace);
      else if (pace < 0) first = Math.max(first, room / pace);
      else if (room < 0) return null;
    }
  if (first > last) return null;
  const at = (/** @type {number} */ share) =>
    /** @type {Place} */ (
      /** @type {unknown} */ (from.map((a, i) => a + ((to[i] ?? a) - a) * share))
    );
  return [first > 0 ? at(first) : from, last < 1 ? at(last) : to];
}

/** @param {Window} window @param {Place} place */
export function isOutside({centre, radius}, [a, b]) {
  return Math.max(Math.abs(a - centre[0]), Math.abs(b - centre[1])) > radius;
}

/** The place of the window that is next to it, with its own loss. @param {Window} window @param {Place} place @returns {Place} */
export function seatOf({centre, radius}, [a, b, loss]) {
  const nearest = (/** @type {number} */ value, /** @type {number} */ middle) =>
    Math.min(Math.max(value, middle - radius), middle + radius);
  return [nearest(a, centre[0]), nearest(b, centre[1]), loss];
}
