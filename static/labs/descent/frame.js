/** A frame and the material as the views of the descent lab want them: a record for each racer. */

/** @import {Frame as AnyFrame} from "../../session/frame.js" */
/** @import {Message, Tensor} from "../../session/safetensors.js" */
/** @import {Material} from "./page.js" */

import {floats, readFrame as readAnyFrame} from "../../session/frame.js";

/** How a racer goes on, as the server says it: see docs/protocol.md.
 * @typedef {object} How
 * @property {string} behaviour
 * @property {boolean} by_theory
 * @property {number | null} factor by which a step multiplies the distance along the steepest axis
 * @property {number | null} arrived since which step it is near a minimum
 * @property {boolean} at_lowest whether the nearest minimum is the lowest
 * @property {number | null} diverged the step that led too high
 */
/**
 * @typedef {object} Runner
 * @property {number[]} place each weight
 * @property {number[][]} path places so far; cut off where it has diverged
 * @property {number[]} heights the error at each of them, over one weight
 * @property {number[]} slope what the next step goes by
 * @property {number} rate of the next step
 * @property {number[] | null} next where plain gradient descent will be after it
 * @property {number} batchError of the points of the next step, where it is
 * @property {number[]} chosen those points, by their numbers from 0
 * @property {number[]} line what it says over the points' x, from left to right
 * @property {How} how
 */
/** The error and its gradient where the pointer is. @typedef {{at: number[], error: number, slope: number[]}} Hovered */
/** @typedef {AnyFrame & {runners: Runner[], hovered: Hovered | null}} Frame */

/**
 * @param {Message} message
 * @returns {Frame}
 */
export function readFrame(message) {
  const {metadata, tensors} = message;
  const hows = /** @type {How[]} */ (JSON.parse(metadata.racers || "[]"));
  const rows = (/** @type {string} */ name) => rowsOf(tensors[name], hows.length);
  const [places, slopes, next] = [rows("places"), rows("slopes"), rows("next")];
  const [heights, chosen, lines] = [rows("path_errors"), rows("chosen"), rows("lines")];
  const [rates, batchErrors] = [floats(tensors.rates), floats(tensors.batch_errors)];
  const ways = rows("paths");
  const weights = places[0]?.length ?? 1;
  const runners = hows.map((how, k) => ({
    place: places[k] ?? [],
    path: placesOf(ways[k] ?? [], weights),
    heights: heights[k] ?? [],
    slope: slopes[k] ?? [],
    rate: rates[k] ?? 0,
    next: next[k]?.every(Number.isFinite) ? next[k] : null,
    batchError: batchErrors[k] ?? 0,
    chosen: (chosen[k] ?? []).filter(point => point >= 0),
    line: lines[k] ?? [],
    how,
  }));
  const frame = readAnyFrame(message);
  const hovered = readHovered(metadata.hovered ?? "", weights);
  return {...frame, health: healthOf(frame.epoch, hows), runners, hovered};
}

/** The sentence counts the racers of the same frame as the table does. @param {number} step @param {readonly How[]} hows */
function healthOf(step, hows) {
  const [arrived, diverged] = [
    hows.filter(({arrived, diverged}) => arrived !== null && diverged === null).length,
    hows.filter(({diverged}) => diverged !== null).length,
  ];
  const kind = step === 0 ? "start" : arrived + diverged === hows.length ? "over" : "racing";
  const figures = {racers: hows.length, arrived, diverged};
  return JSON.stringify({kind, epoch: step, cause: step ? "race" : "", figures, remedy: null});
}

/** @param {Message} message @returns {Material} */
export function readMaterial({metadata, tensors}) {
  const optional = (/** @type {string} */ name) => (tensors[name] ? floats(tensors[name]) : null);
  return {
    run: Number(metadata.run),
    curve: optional("curve"),
    surface: optional("surface"),
    singles: optional("singles"),
    points: optional("points"),
  };
}

/** As many rows of a tensor. @param {Tensor | undefined} tensor @param {number} count @returns {number[][]} */
function rowsOf(tensor, count) {
  if (!tensor) return [];
  const values = floats(tensor);
  const length = values.length / Math.max(count, 1);
  return Array.from({length: count}, (_, k) => [...values.subarray(k * length, (k + 1) * length)]);
}

/** Places one after the other, up to the first that is none. @param {number[]} numbers @param {number} weights */
function placesOf(numbers, weights) {
  const places = [];
  for (let i = 0; i + weights <= numbers.length; i += weights) {
    const place = numbers.slice(i, i + weights);
    if (!place.every(Number.isFinite)) break;
    places.push(place);
  }
  return places;
}

/** @param {string} text @param {number} weights @returns {Hovered | null} */
function readHovered(text, weights) {
  if (!text) return null;
  const numbers = text.split(",").map(Number);
  return {
    at: numbers.slice(0, weights),
    error: numbers[weights] ?? 0,
    slope: numbers.slice(weights + 1),
  };
}
