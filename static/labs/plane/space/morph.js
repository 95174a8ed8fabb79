/** Goes from the input of a layer to the layer, phase by phase, and says which part of the space is shown. */

/** @import {Phase, Space} from "./told-space.js" */

/** What an axis shows. @typedef {readonly [number, number]} Range */
/** @typedef {{points: Float32Array, grid: Float32Array, ranges: Range[]}} Places */

const MARGIN = 0.06; // of what there is, on each side

/**
 * Between two phases everything moves in a straight line, as for a matrix that turns from one into the other.
 * @param {Space} space
 * @param {number} share 0 at the input, 1 at the layer
 * @returns {Places}
 */
export function placesAt(space, share) {
  const {phases, dimensions} = space;
  const {first, part} = between(phases.length, share);
  const [before, after] = [phaseAt(phases, first), phaseAt(phases, first + 1)];
  const isEven = space.head.units.length === 0;
  const ranges = rangesOf(before, dimensions, isEven);
  if (part === 0) return {...before, ranges};
  const later = rangesOf(after, dimensions, isEven);
  return {
    points: mixed(before.points, after.points, part),
    grid: mixed(before.grid, after.grid, part),
    ranges: ranges.map(([low, high], i) => {
      const [toLow, toHigh] = later[i] ?? [low, high];
      return [low + (toLow - low) * part, high + (toHigh - high) * part];
    }),
  };
}

/**
 * The phase before a place on the way, and how far it is to the next.
 * @param {number} count of phases
 * @param {number} share
 */
export function between(count, share) {
  const place = Math.min(Math.max(share, 0), 1) * (count - 1);
  const first = Math.min(Math.floor(place + 1e-9), count - 1);
  return {first, part: Math.max(0, place - first)};
}

/** @param {readonly Phase[]} phases @param {number} place @returns {Phase} */
function phaseAt(phases, place) {
  const phase = phases[Math.min(place, phases.length - 1)];
  if (!phase) throw new Error("a space has a phase");
  return phase;
}

/** @param {Float32Array} a @param {Float32Array} b @param {number} part of b */
function mixed(a, b, part) {
  return a.map((value, i) => value + ((b[i] ?? 0) - value) * part);
}

/**
 * The least and the largest place along each axis, with a margin.
 * @param {Phase} phase
 * @param {number} dimensions
 * @param {boolean} isEven whether all axes have one scale
 * @returns {Range[]}
 */
export function rangesOf({points, grid}, dimensions, isEven) {
  const ranges = Array.from({length: dimensions}, (_, axis) =>
    rangeOf([points, grid], dimensions, axis),
  );
  const widest = Math.max(...ranges.map(([low, high]) => high - low));
  return ranges.map(([low, high]) => {
    const size = (isEven ? widest : high - low) || widest || 1;
    const [middle, half] = [(low + high) / 2, (size / 2) * (1 + 2 * MARGIN)];
    return [middle - half, middle + half];
  });
}

/** @param {readonly Float32Array[]} sets @param {number} step @param {number} axis @returns {Range} */
function rangeOf(sets, step, axis) {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const set of sets)
    for (let i = axis; i < set.length; i += step) {
      const value = set[i] ?? 0;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  return low <= high ? [low, high] : [-1, 1];
}

/** A place within the ranges of the axes, from −1 to 1. @param {ArrayLike<number>} values @param {number} first @param {readonly Range[]} ranges */
export function inBox(values, first, ranges) {
  return ranges.map(([low, high], axis) => {
    const value = values[first + axis] ?? 0;
    return high > low ? (2 * (value - low)) / (high - low) - 1 : 0;
  });
}
