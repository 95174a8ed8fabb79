/** Where a brush and a spray can put points: along a way, and scattered about a place. */

/** In pixels of the picture. @typedef {readonly [number, number]} Spot */

/**
 * The spots along a straight way, evenly apart.
 * @param {Spot} from
 * @param {Spot} to
 * @param {number} apart
 * @param {number} gone since the last spot, before this way
 * @returns {{spots: Spot[], gone: number}} and how far the way has gone since the last of them
 */
export function spotsAlong(from, to, apart, gone) {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  /** @type {Spot[]} */
  const spots = [];
  let next = apart - gone;
  for (; next <= length; next += apart) {
    const share = length ? next / length : 0;
    spots.push([from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]);
  }
  return {spots, gone: length - (next - apart)};
}

/**
 * A spot anywhere in the circle, each part of it as likely as any other.
 * @param {Spot} middle
 * @param {number} radius
 * @param {() => number} random from 0 to 1
 * @returns {Spot}
 */
export function scattered([x, y], radius, random = Math.random) {
  const away = radius * Math.sqrt(random());
  const angle = 2 * Math.PI * random();
  return [x + away * Math.cos(angle), y + away * Math.sin(angle)];
}
