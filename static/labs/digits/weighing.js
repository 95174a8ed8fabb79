/** The chosen dense unit: which numbers of a frame are its own, and its sum as an equation. */

/** @import {Sheet, Term} from "./dense.js" */
/** @import {Frame, Inside} from "./frame.js" */
/** @import {Digits, DigitsState} from "./page.js" */

import {formatShare} from "../../drawing/format.js";
import {count} from "../../shell/health.js";
import {denseOf, largestTerms, sheetOf, weightsInto} from "./dense.js";
import {ACTIVATION_NAMES, number} from "./equation-view.js";
import {parametersIn} from "./frame.js";
import {inside, isUnitOff, kindOf, layerInside, layerShown, TWINS} from "./state.js";

const DECIMALS = 3;
const MOST = 4; // terms that are written out
const MOST_PLACES = 3; // of an image or maps, as they have longer names

/**
 * @typedef {object} Weighing
 * @property {Float32Array} weights in the order of the inputs
 * @property {number} bias
 * @property {Numbers | null} numbers null for an empty pad
 */

/**
 * @typedef {object} Numbers
 * @property {Float32Array} source what the unit sees
 * @property {number} sum the server's
 * @property {number} value the server's, after the activation
 * @property {number} answer of an output: its probability
 */

/** Those of the layer that is shown, if the frame has them. @param {Frame} frame @param {DigitsState} server */
export function numbersOf({inside: numbers}, server) {
  return numbers?.layer === `${inside(server)},${layerShown(server)}` ? numbers : null;
}

/** Whether the layer that is shown sees the image itself. @param {DigitsState} server */
export function seesImage(server) {
  return inside(server) === "plain" && layerShown(server) === 1;
}

/** How what the layer sees lies in a picture. @param {DigitsState} server @param {Digits} digits */
export function sheetFor(server, digits) {
  const shape = layerInside(server)?.weights_shape.slice(0, -1) ?? [];
  return sheetOf(shape, seesImage(server) ? digits.pixels : null);
}

/**
 * A unit of the dense layer that is shown; null where a frame is not of the same network.
 * @param {Frame} frame
 * @param {DigitsState} server
 * @param {number} unit from 1
 * @returns {Weighing | null}
 */
export function weighingOf(frame, server, unit) {
  const parameters = parametersIn(frame, inside(server));
  const layer = parameters && denseOf(layerInside(server), parameters);
  if (!layer || unit > layer.units) return null;
  return {
    weights: weightsInto(layer, unit - 1),
    bias: layer.biases[unit - 1] ?? 0,
    numbers: numbersFor(numbersOf(frame, server), layer.inputs, unit - 1, inside(server)),
  };
}

/** @param {Inside | null} of @param {number} inputs @param {number} unit from 0 @param {"plain" | "convolutional"} twin @returns {Numbers | null} */
function numbersFor(of, inputs, unit, twin) {
  if (of?.source.length !== inputs) return null;
  const answers = of.answers ?? new Float32Array(0);
  return {
    source: of.source,
    sum: of.sums[unit] ?? 0,
    value: of.values[unit] ?? 0,
    answer: answers[(TWINS.indexOf(twin) * answers.length) / TWINS.length + unit] ?? Number.NaN,
  };
}

/**
 * “0.610 (row 9, column 14) + … + 0.840 (95 more) − 0.020 (bias) = 1.300; ReLU(1.300) = 1.300”.
 * @param {Weighing} weighing
 * @param {Sheet} sheet
 * @param {string} rest what becomes of the sum
 */
export function sumWords({weights, bias, numbers}, sheet, rest) {
  if (!numbers) return "";
  const most = sheet.nameOf(0).includes(",") ? MOST_PLACES : MOST;
  const {terms, others, rest: remainder} = largestTerms(weights, numbers.source, most);
  /** @type {[number, string][]} */
  const parts = terms.map(({input, product}) => [product, sheet.nameOf(input)]);
  if (others) parts.push([remainder, `${others} more`]);
  parts.push([bias, "bias"]);
  return `${parts.map(added).join("")} = ${fixed(numbers.sum)}; ${rest}`;
}

/** With its sign between it and what comes before. @param {[number, string]} part @param {number} at */
function added([value, name], at) {
  const text = fixed(Math.abs(value));
  const isNegative = fixed(value) !== text;
  if (at === 0) return `${isNegative ? "−" : ""}${text} (${name})`;
  return ` ${isNegative ? "−" : "+"} ${text} (${name})`;
}

/**
 * What becomes of a unit's sum.
 * @param {DigitsState} server
 * @param {number} unit from 1
 * @param {Numbers} numbers
 */
export function rest(server, unit, {sum, value, answer}) {
  if (kindOf(server) === "output") {
    const outputs = count(layerInside(server)?.units ?? 0, "output");
    return `the softmax of all ${outputs} makes it ${formatShare(answer)}`;
  }
  if (isUnitOff(server, unit)) return `switched off: ${fixed(value)}`;
  return `${ACTIVATION_NAMES[server.settings.activation]}(${fixed(sum)}) = ${fixed(value)}`;
}

/** A chosen input: “weight 0.310 × ink 0.800 = 0.248”. @param {Term} term @param {string} what */
export function termWords({weight, value, product}, what) {
  return `weight ${fixed(weight)} × ${what} ${fixed(value)} = ${fixed(product)}`;
}

/** @param {number} value */
export function fixed(value) {
  return number(value, DECIMALS);
}
