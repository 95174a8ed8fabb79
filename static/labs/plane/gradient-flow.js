/** Turns the layers' gradients into bars on one scale, their colour, and one sentence. */

import {formatShare} from "../../drawing/format.js";

/**
 * The figures of one layer, as frames bring them.
 * @typedef {object} LayerFigure
 * @property {number} gradient root mean square of its weights' gradient
 * @property {number} update the share of their size by which the next step moves its weights; NaN if all are zero
 * @property {number} flat share of its values where the activation is flat; NaN if it is flat nowhere
 * @property {number} dead share of its units that are zero for every point; NaN if they are not ReLU
 */

/** Powers of ten. @typedef {{smallest: number, largest: number}} Scale */

export const FIGURES = 4;
const SCALE = {smallest: -8, largest: 0};
const SMALLEST = -44; // float32 has no number between 1e-44 and zero
const SIMILAR = 30; // gradients within this factor count as similar in size
/** The least change by a step, as a share of the weights. */
const SEEN = 6e-8; // a smaller change, below half of the last binary digit, leaves a float32 weight as it is
const SLOW = 1e-5;

/**
 * @param {Float32Array} figures four for each layer
 * @returns {LayerFigure[]}
 */
export function layersOf(figures) {
  return Array.from({length: Math.floor(figures.length / FIGURES)}, (_, i) => {
    const [gradient = 0, update = Number.NaN, flat = Number.NaN, dead = Number.NaN] =
      figures.subarray(i * FIGURES, (i + 1) * FIGURES);
    return {gradient, update, flat, dead};
  });
}

/**
 * One scale for all layers. It only grows, so that bars do not jump while a visitor looks at them.
 * @param {readonly LayerFigure[]} layers
 * @param {Scale} before
 * @returns {Scale}
 */
export function scaleOf(layers, before = SCALE) {
  const powers = layers.map(({gradient}) => Math.log10(gradient)).filter(Number.isFinite);
  return {
    smallest: Math.max(
      Math.min(before.smallest, ...powers.map(p => 4 * Math.floor(p / 4))),
      SMALLEST,
    ),
    largest: Math.max(before.largest, ...powers.map(p => 2 * Math.ceil(p / 2))),
  };
}

/**
 * The powers of ten that stand beside the bars.
 * @param {Scale} scale
 */
export function decades({smallest, largest}) {
  const range = largest - smallest;
  const step = range > 32 ? 16 : range > 16 ? 8 : 4;
  const count = Math.floor(largest / step) - Math.ceil(smallest / step) + 1;
  return Array.from({length: count}, (_, i) => (Math.ceil(smallest / step) + i) * step);
}

/**
 * The part of its bar that a gradient fills: 0 for the smallest, 1 for the largest of the scale.
 * @param {number} gradient
 * @param {Scale} scale
 */
export function barLength(gradient, {smallest, largest} = SCALE) {
  const part = (Math.log10(gradient) - smallest) / (largest - smallest);
  return Math.min(Math.max(part, 0), 1) || 0;
}

/**
 * How alarming a gradient is: 0 within a factor of ten of the last layer's, 1 from a million on.
 * @param {number} gradient
 * @param {number} last the last layer's
 */
export function alarm(gradient, last) {
  const powers = Math.abs(Math.log10(gradient / last));
  return Number.isNaN(powers) ? 1 : Math.min(Math.max((powers - 1) / 5, 0), 1);
}

/**
 * One sentence: whether the gradient reaches the first layer, and what follows from that.
 * @param {readonly LayerFigure[]} layers
 */
export function gradientSentence(layers) {
  const [first, last] = [layers[0], layers.at(-1)];
  if (!first || !last) return "";
  const gradients = layers.map(({gradient}) => gradient);
  if (!gradients.every(Number.isFinite))
    return "A gradient is too large for a number: the steps were too large.";
  const [smallest, largest] = [Math.min(...gradients), Math.max(...gradients)];
  if (largest === 0) return withoutAny(layers);
  const leap = layers.findIndex(({update}) => update > 1);
  if (leap >= 0)
    return (
      `The next step moves the weights of ${nameOf(layers, leap)} by ` +
      `${amount(layers[leap]?.update ?? 0)} times their size: the learning rate is too large.`
    );
  if (layers.length === 1) return `The only layer gets a gradient of ${amount(largest)}.`;
  if (largest <= SIMILAR * smallest)
    return `Every layer gets a gradient of similar size: the largest is ${fold(largest / smallest)} the smallest.`;
  return alongTheWay(layers, first, first.gradient / last.gradient);
}

/**
 * The figures of one layer, in words.
 * @param {readonly LayerFigure[]} layers
 * @param {number} index
 */
export function layerSentence(layers, index) {
  const layer = layers[index];
  const last = layers.at(-1);
  if (!layer || !last) return "";
  const {gradient, update, flat, dead} = layer;
  const name = nameOf(layers, index);
  const ratio = gradient / last.gradient;
  const share =
    layer === last || !Number.isFinite(ratio)
      ? ""
      : `, ${precise(ratio)} ${ratio > 1 ? "times" : "of"} the output’s`;
  const words = [
    `${name[0]?.toUpperCase()}${name.slice(1)}: gradient ${precise(gradient)}${share}.`,
  ];
  if (Number.isFinite(update))
    words.push(
      update
        ? `The next step moves its weights by ${precise(update)} of their size.`
        : "The next step leaves its weights as they are.",
    );
  if (Number.isFinite(dead)) words.push(`${formatShare(dead)} of its neurons are dead.`);
  if (Number.isFinite(flat)) words.push(`${formatShare(flat)} of its values are saturated.`);
  return words.join(" ");
}

/** @param {readonly LayerFigure[]} layers */
function withoutAny(layers) {
  const dead = layers.findLastIndex(layer => layer.dead === 1);
  return dead >= 0
    ? `All neurons of layer ${dead + 1} are dead: no gradient gets past them.`
    : "No layer gets a gradient: the next step changes nothing.";
}

/**
 * @param {readonly LayerFigure[]} layers
 * @param {LayerFigure} first
 * @param {number} ratio of the first layer's gradient to the last one's
 */
function alongTheWay(layers, {gradient, update}, ratio) {
  if (gradient === 0) {
    const dead = layers.findLastIndex(layer => layer.dead === 1);
    return dead >= 0 ? withoutAny(layers) : "The first layer gets no gradient: it cannot learn.";
  }
  const moves = `weights by ${amount(update)} of their size`;
  if (ratio > SIMILAR)
    return (
      `The gradient grows ${Number(ratio.toPrecision(2))}-fold on its way back` +
      `${Number.isFinite(update) ? `: the next step moves the first layer’s ${moves}` : ""}.`
    );
  if (ratio >= 0.95)
    return `The first layer gets ${amount(ratio)} times the last layer’s gradient: enough to learn.`;
  const share = `The first layer gets ${amount(ratio)} of the last layer’s gradient`;
  if (ratio * SIMILAR >= 1) return `${share}: enough to learn.`;
  if (Number.isNaN(update)) return `${share}.`;
  if (update < SEEN) return `${share}: it cannot learn.`;
  return update < SLOW
    ? `${share} and learns very slowly: the next step moves its ${moves}.`
    : `${share}, yet it learns: the next step moves its ${moves}.`;
}

/** @param {readonly LayerFigure[]} layers @param {number} index */
function nameOf(layers, index) {
  return index === layers.length - 1 ? "the output" : `layer ${index + 1}`;
}

/** With one digit: more digits would only flicker. @param {number} value */
function amount(value) {
  if (value >= 0.001 && value < 1e4) return String(Number(value.toPrecision(1)));
  return value.toExponential(0).replace("+", "");
}

/** @param {number} value */
function precise(value) {
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  return value >= 0.001 && value < 1e4
    ? String(Number(value.toPrecision(2)))
    : value.toExponential(1).replace("+", "");
}

/** @param {number} factor */
function fold(factor) {
  return factor < 1.5 ? "hardly larger than" : `${Math.round(factor)} times`;
}
