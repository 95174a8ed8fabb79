/** The plane under the large picture: the place of a pointer, the point near it, and what the engine says of both. */

/** @import {Frame, Points} from "./frame.js" */
/** @import {Facts} from "./page.js" */

import {formatLoss, formatShare, formatWeight} from "../../drawing/format.js";

/** The domain of most data. @type {Domain} */
const PLANE = [-6, 6];
const FIGURES = 4; // of each answer: the output or class, its probability, the loss, whether it is wrong

/** The part of the plane that a picture shows, in both directions. @typedef {readonly [number, number]} Domain */
/** x and y, within the domain. @typedef {readonly [number, number]} Place */
/** A point of those that are shown, as `answers` counts them. @typedef {{index: number, set: "train" | "test", x: number, y: number, label: number}} Found */

/**
 * The place under a pixel of a square picture, within it, to a thousandth.
 * @param {number} left
 * @param {number} top
 * @param {number} size of the picture
 * @param {Domain} domain
 * @returns {Place}
 */
export function placeAt(left, top, size, [low, high] = PLANE) {
  const unit = (high - low) / size;
  return within(low + left * unit, high - top * unit, [low, high]);
}

/**
 * @param {number} x
 * @param {number} y
 * @param {Domain} domain
 * @returns {Place}
 */
export function within(x, y, [low, high] = PLANE) {
  const near = (/** @type {number} */ value) =>
    Math.round(Math.min(Math.max(value, low), high) * 1000) / 1000 || 0;
  return [near(x), near(y)];
}

/**
 * A place in the picture, in pixels from its left and its top.
 * @param {Place} place
 * @param {number} size of the picture
 * @param {Domain} domain
 */
export function pixelsAt([x, y], size, [low, high] = PLANE) {
  const scale = size / (high - low);
  return {left: (x - low) * scale, top: (high - y) * scale};
}

/**
 * The nearest point that is shown, if one is within reach.
 * @param {Points} points
 * @param {boolean} showTest
 * @param {Place} place
 * @param {number} reach in units of the plane
 * @returns {Found | null}
 */
export function pointNear({train, test}, showTest, [x, y], reach) {
  /** @type {Found | null} */
  let found = null;
  let nearest = reach * reach;
  const before = train.length / 3;
  for (const [set, values, first] of /** @type {const} */ ([
    ["train", train, 0],
    ["test", showTest ? test : [], before],
  ]))
    for (let i = 0; i + 2 < values.length; i += 3) {
      const [px = 0, py = 0, label = 0] = [values[i], values[i + 1], values[i + 2]];
      const distance = (px - x) ** 2 + (py - y) ** 2;
      if (distance > nearest) continue;
      nearest = distance;
      found = {index: first + i / 3, set, x: px, y: py, label};
    }
  return found;
}

/**
 * The places of shown points that are classified wrongly, and the number of shown points.
 * @param {Float32Array} answers
 * @param {Points} points
 * @param {boolean} showTest
 */
export function wrongPoints(answers, {train, test}, showTest) {
  /** @type {Place[]} */
  const places = [];
  const trained = train.length / 3;
  const count = trained + (showTest ? test.length / 3 : 0);
  for (let i = 0; i < count; i++) {
    if (answers[i * FIGURES + 3] !== 1) continue;
    const [values, at] = i < trained ? [train, 3 * i] : [test, 3 * (i - trained)];
    places.push([values[at] ?? 0, values[at + 1] ?? 0]);
  }
  return {places, count};
}

/**
 * The lines to read at a place; none while the frame is of another place.
 * @param {Frame} frame
 * @param {Facts} facts
 * @param {Found | null} point
 * @param {{key: string, name: string} | null} unit the neuron whose picture is shown, its key as in frames
 * @returns {string[]}
 */
export function reading({at, atValues, answers, focus}, facts, point, unit) {
  if (!at || !atValues) return [];
  const outputs = facts.shape.at(-1) ?? 1;
  const lines = [`X₁ ${short(at[0])}, X₂ ${short(at[1])}`];
  if (unit && focus === unit.key && atValues.length > outputs)
    lines.push(`${unit.name}: ${formatWeight(atValues[outputs] ?? 0)}`);
  lines.push(sayOutputs(atValues.subarray(0, outputs), facts));
  if (point && answers) {
    const figures = answers.subarray(point.index * FIGURES, (point.index + 1) * FIGURES);
    lines.push(...sayPoint(point, figures, facts));
  }
  return lines;
}

/** @param {number} value */
function short(value) {
  return value.toFixed(2).replace("-", "−");
}

/**
 * @param {Float32Array} values
 * @param {Facts} facts
 */
function sayOutputs(values, facts) {
  const [value = 0] = values;
  if (facts.classes > 2) {
    const winner = values.indexOf(Math.max(...values));
    return `${className(winner, facts)}, ${formatShare(values[winner] ?? 0)}`;
  }
  return saySingle(value, Math.max(value, 1 - value), facts);
}

/**
 * @param {number} value of a single output
 * @param {number} probability of the class that it stands for, if it is a class
 * @param {Facts} facts
 */
function saySingle(value, probability, facts) {
  if (facts.classes === 0) return `Output ${formatWeight(value)}`;
  if (facts.objective === "cross-entropy")
    return `${className(value > 0.5 ? 0 : 1, facts)}, ${formatShare(probability)}`;
  return `Output ${formatWeight(value)}, ${className(value > 0 ? 0 : 1, facts).toLowerCase()}`;
}

/**
 * @param {Found} point
 * @param {Float32Array} figures
 * @param {Facts} facts
 */
function sayPoint({set, x, y, label}, [said = 0, probability = 0, loss = 0, wrong = 0], facts) {
  const point = set === "train" ? "Training point" : "Test point";
  const name = `${point} ${short(x)}, ${short(y)}`; // the pointer is only near it, so its figures differ
  const cost = `loss ${formatLoss(loss)}`;
  if (facts.classes === 0)
    return [`${name}: target ${formatWeight(label)}`, `Output ${formatWeight(said)}, ${cost}`];
  const is = facts.classes > 2 ? label : label > 0 ? 0 : 1;
  const taken =
    facts.classes > 2
      ? `${className(said, facts)}, ${formatShare(probability)}`
      : saySingle(said, probability, facts);
  return [
    `${name}: ${className(is, facts).toLowerCase()}`,
    `${wrong ? "✗ Wrong" : "✓ Right"}: ${taken.toLowerCase()}; ${cost}`,
  ];
}

/** @param {number} k from 0 @param {{classes: number}} facts */
export function className(k, {classes}) {
  if (classes > 2) return `Class ${k + 1}`;
  return k === 0 ? "Blue" : "Orange";
}
