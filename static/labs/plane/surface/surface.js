/** Reads the loss surface that a frame brings: docs/protocol.md lists what it holds. */

/** @import {Message} from "../../../session/safetensors.js" */

import {floats} from "../../../session/frame.js";

/** @typedef {"weights" | "weight" | "gradient" | "path" | "random"} Kind */

/**
 * @typedef {object} Head
 * @property {Kind} of
 * @property {[number, number]} weights places among the parameters
 * @property {string} [refused] why there is nothing to show; then there is nothing else
 * @property {[number, number]} [centre] of the picture, in coordinates of the plane
 * @property {number} [radius]
 * @property {number | null} [share] of the path that the plane holds
 * @property {number} [done] how much of the heights is known, from 0 to 1
 * @property {string[]} [methods] that race
 * @property {number} [steps] that they have taken
 * @property {number} [of_steps]
 * @property {number[]} [numbers] of the points with curves of their own, from 1
 * @property {number} [count] points in the next batch
 * @property {number | null} [slope] of the loss of that batch
 * @property {number | null} [after] the weight after the next step
 */
/** @typedef {{head: Head, values: ReadonlyMap<string, Float32Array>}} Surface */

/**
 * @typedef {object} Map2 the loss over a plane
 * @property {[number, number]} centre
 * @property {number} radius
 * @property {number} side places on each side
 * @property {Float32Array} heights row by row from the bottom; NaN where the loss is not known or not finite
 * @property {Place} here the run's place and its true loss
 * @property {Place[]} path
 * @property {Place[][]} race a path for each method
 */
/** Two coordinates and a loss. @typedef {readonly [number, number, number]} Place */

const PREFIX = "surface ";
const NONE = new Float32Array();

/** @param {Message} message @returns {Surface | null} */
export function readSurface({metadata, tensors}) {
  if (!metadata.surface) return null;
  const values = new Map();
  for (const [name, tensor] of Object.entries(tensors))
    if (name.startsWith(PREFIX)) values.set(name.slice(PREFIX.length), floats(tensor));
  return {head: JSON.parse(metadata.surface), values};
}

/** @param {Surface} surface @returns {Map2 | null} null if it is of one weight, or there is nothing to see */
export function mapOf({head, values}) {
  const heights = values.get("heights");
  if (!heights || !head.centre || !head.radius) return null;
  const race = values.get("race") ?? NONE;
  const methods = head.methods?.length ?? 0;
  const each = methods ? race.length / methods : 0;
  return {
    centre: head.centre,
    radius: head.radius,
    side: Math.round(Math.sqrt(heights.length)),
    heights,
    here: placesOf(values.get("here") ?? NONE)[0] ?? [0, 0, Number.NaN],
    path: placesOf(values.get("path") ?? NONE),
    race: Array.from({length: methods}, (_, i) =>
      placesOf(race.subarray(i * each, (i + 1) * each)).filter(place =>
        place.every(Number.isFinite),
      ),
    ),
  };
}

/** @param {Float32Array} numbers three for each @returns {Place[]} */
function placesOf(numbers) {
  return Array.from({length: Math.floor(numbers.length / 3)}, (_, i) => [
    numbers[3 * i] ?? Number.NaN,
    numbers[3 * i + 1] ?? Number.NaN,
    numbers[3 * i + 2] ?? Number.NaN,
  ]);
}

/**
 * The curves along one weight.
 * @param {Surface} surface
 */
export function curvesOf({head, values}) {
  const [weights, whole, batch] = [values.get("values"), values.get("whole"), values.get("batch")];
  if (!weights || !whole || !batch) return null;
  const points = values.get("points") ?? NONE;
  const [weight = 0, loss = 0, batchLoss = 0] = values.get("here") ?? NONE;
  return {
    weights,
    whole,
    batch,
    points: Array.from({length: points.length / weights.length}, (_, i) =>
      points.subarray(i * weights.length, (i + 1) * weights.length),
    ),
    numbers: head.numbers ?? [],
    count: head.count ?? 0,
    weight,
    loss,
    batchLoss,
    slope: head.slope ?? Number.NaN,
    after: head.after ?? Number.NaN,
  };
}
/** @typedef {NonNullable<ReturnType<typeof curvesOf>>} Curves */

/**
 * The height at a place of the map, between the places that are known; NaN outside.
 * @param {Map2} map
 * @param {readonly [number, number]} place
 */
export function heightAt({centre, radius, side, heights}, [a, b]) {
  const column = ((a - centre[0] + radius) / (2 * radius)) * (side - 1);
  const row = ((b - centre[1] + radius) / (2 * radius)) * (side - 1);
  if (!(column >= 0 && row >= 0 && column <= side - 1 && row <= side - 1)) return Number.NaN;
  const [i, j] = [Math.min(Math.floor(column), side - 2), Math.min(Math.floor(row), side - 2)];
  const at = (/** @type {number} */ x, /** @type {number} */ y) =>
    heights[y * side + x] ?? Number.NaN;
  const [right, up] = [column - i, row - j];
  const low = at(i, j) * (1 - right) + at(i + 1, j) * right;
  const high = at(i, j + 1) * (1 - right) + at(i + 1, j + 1) * right;
  return low * (1 - up) + high * up;
}
