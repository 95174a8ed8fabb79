/** Below each layer: its gradient and what a step changes, as bars on logarithmic scales, and how many units stand still. */

/** @import {Frame} from "./frame.js" */
/** @import {NetworkLayout} from "./network-layout.js" */

import {formatShare} from "./format.js";
import {throttle} from "./throttle.js";

export const FOOT = 66; // px
const PAUSE = 120; // ms
/** The bars' scales, in powers of ten. A step of a thousandth of the weights is in the middle of the second. */
const GRADIENT = {smallest: -8, largest: 1};
const UPDATE = {smallest: -6, largest: 0};
const FIGURES = 4;

export class LayerFigures {
  #element;
  #write = throttle(PAUSE, (/** @type {Float32Array} */ figures) => this.#show(figures));

  /** @param {HTMLElement} element */
  constructor(element) {
    this.#element = element;
  }

  /** @param {NetworkLayout} layout @param {boolean} wanted */
  arrange(layout, wanted) {
    const columns = wanted ? layout.columns.slice(1) : [];
    const element = this.#element;
    element.hidden = !wanted;
    while (element.children.length > columns.length) element.lastElementChild?.remove();
    while (element.children.length < columns.length) element.append(makeFigure());
    for (const [i, child] of [...element.children].entries())
      if (child instanceof HTMLElement) child.style.left = `${columns[i]}px`;
  }

  /** @param {Frame} frame */
  draw({layers}) {
    if (layers && layers.length === this.#element.children.length * FIGURES)
      this.#write.soon(layers);
  }

  /** @param {Float32Array} figures */
  #show(figures) {
    for (const [i, child] of [...this.#element.children].entries())
      if (child instanceof HTMLElement)
        write(child, figures.subarray(i * FIGURES, (i + 1) * FIGURES));
  }
}

/**
 * The part of its bar that a figure fills: 0 for the smallest, 1 for the largest that is told apart.
 * @param {number} figure
 * @param {{smallest: number, largest: number}} scale
 */
export function barLength(figure, {smallest, largest} = GRADIENT) {
  const power = Math.log10(figure);
  return Math.min(Math.max((power - smallest) / (largest - smallest), 0), 1) || 0;
}

/**
 * @param {HTMLElement} element
 * @param {Float32Array} figures
 */
function write(element, [gradient = 0, update = Number.NaN, flat = Number.NaN, dead = Number.NaN]) {
  const [slopes, size, moves, share, still] = element.children;
  fill(slopes, barLength(gradient, GRADIENT));
  fill(moves, barLength(update, UPDATE));
  if (size) size.textContent = `∇ ${short(gradient)}`;
  if (share) share.textContent = `Δ ${short(update)}`;
  if (still) still.textContent = standingStill(flat, dead);
  element.title =
    `∇: the gradient's size, ${gradient.toExponential(2)}. Δ: the next step moves the weights by ${update.toExponential(1)} ` +
    "of their size. Flat: values where the activation hardly changes. Dead: units that are zero for every point.";
}

/** @param {Element | undefined} bar @param {number} part */
function fill(bar, part) {
  if (bar instanceof HTMLElement) bar.style.setProperty("--part", String(part));
}

/** @param {number} figure */
function short(figure) {
  if (!Number.isFinite(figure)) return "–";
  return figure ? figure.toExponential(1) : "0";
}

/** @param {number} flat @param {number} dead */
function standingStill(flat, dead) {
  if (Number.isFinite(dead)) return `${formatShare(dead)} dead`;
  return Number.isFinite(flat) ? `${formatShare(flat)} flat` : "";
}

function makeFigure() {
  const figure = document.createElement("div");
  const parts = ["i", "span", "i", "span", "small"];
  figure.append(...parts.map(name => document.createElement(name)));
  figure.children[2]?.classList.add("moves");
  return figure;
}
