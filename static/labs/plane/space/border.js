/** The straight boundary between classes within the picture: a line on two axes, a plane on three. */

/** @import {Border} from "./told-space.js" */
/** @import {Range} from "./morph.js" */

/** Where normal · place + offset is not negative. @typedef {{normal: readonly number[], offset: number}} Half */
/** @typedef {number[][]} Shape */

/**
 * The part of each border that the ranges show, in the box from −1 to 1: two ends of a line, or the corners of a polygon.
 * Of several classes only the part where both are more probable than any other.
 * @param {readonly Border[]} borders
 * @param {readonly Range[]} ranges
 * @returns {Shape[]} empty where nothing is to be seen
 */
export function shapesOf(borders, ranges) {
  const halves = borders.map(border => inBox(border, ranges));
  return borders.map((border, i) => {
    const own = halves[i];
    if (!own) return [];
    let shape = large(own);
    for (const half of [...sides(ranges.length), ...rivals(border, borders, halves)])
      shape = cut(shape, half);
    return shape;
  });
}

/** The same half in the coordinates of the box. @param {Half} half @param {readonly Range[]} ranges @returns {Half} */
export function inBox({normal, offset}, ranges) {
  const middles = ranges.map(([low, high]) => (low + high) / 2);
  return {
    normal: normal.map((part, i) => (part * ((ranges[i]?.[1] ?? 0) - (ranges[i]?.[0] ?? 0))) / 2),
    offset: offset + dot(normal, middles),
  };
}

/** The box from −1 to 1. @param {number} dimensions @returns {Half[]} */
function sides(dimensions) {
  return Array.from({length: 2 * dimensions}, (_, side) => ({
    normal: Array.from({length: dimensions}, (_, axis) =>
      axis === side >> 1 ? 1 - 2 * (side % 2) : 0,
    ),
    offset: 1,
  }));
}

/** Where a border's two classes are more probable than each other one. @param {Border} border @param {readonly Border[]} borders @param {readonly Half[]} halves @returns {Half[]} */
function rivals({classes: [one, other]}, borders, halves) {
  return borders.flatMap(({classes: [a, b]}, i) => {
    const half = halves[i];
    if (!half || (a === one && b === other) || (a !== one && b !== one)) return [];
    return a === one ? [half] : [{normal: half.normal.map(part => -part), offset: -half.offset}];
  });
}

/** A piece of the line or the plane that is larger than the box. @param {Half} half @returns {Shape} */
function large({normal, offset}) {
  const size = Math.hypot(...normal);
  if (!size) return [];
  const unit = normal.map(part => part / size);
  const foot = unit.map(part => (-offset / size) * part);
  const far = 4;
  if (Math.hypot(...foot) > far) return [];
  if (unit.length === 2) {
    const [a = 0, b = 0] = unit;
    return [-far, far].map(by => [(foot[0] ?? 0) - by * b, (foot[1] ?? 0) + by * a]);
  }
  const [first, second] = across(unit);
  return [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ].map(([p = 0, q = 0]) =>
    foot.map((part, i) => part + far * (p * (first[i] ?? 0) + q * (second[i] ?? 0))),
  );
}

/** Two directions in a plane. @param {readonly number[]} unit its normal, of length 1 @returns {[number[], number[]]} */
function across([a = 0, b = 0, c = 0]) {
  const other = Math.abs(a) < 0.9 ? [1, 0, 0] : [0, 1, 0];
  const first = crossed([a, b, c], other);
  const size = Math.hypot(...first);
  const unit = first.map(part => part / size);
  return [unit, crossed([a, b, c], unit)];
}

/** @param {readonly number[]} a @param {readonly number[]} b */
function crossed([a = 0, b = 0, c = 0], [d = 0, e = 0, f = 0]) {
  return [b * f - c * e, c * d - a * f, a * e - b * d];
}

/** The part of a line or polygon in a half (Sutherland and Hodgman). @param {Shape} shape @param {Half} half @returns {Shape} */
export function cut(shape, {normal, offset}) {
  const value = (/** @type {readonly number[]} */ place) => dot(normal, place) + offset;
  const isLine = shape.length === 2;
  /** @type {Shape} */
  const kept = [];
  for (const [i, here] of shape.entries()) {
    const next = shape[(i + 1) % shape.length] ?? here;
    const [a, b] = [value(here), value(next)];
    if (a >= 0) kept.push(here);
    if (a >= 0 !== b >= 0 && !(isLine && i === 1))
      kept.push(here.map((part, k) => part + ((next[k] ?? 0) - part) * (a / (a - b))));
  }
  return kept;
}

/** @param {readonly number[]} a @param {readonly number[]} b */
function dot(a, b) {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}
