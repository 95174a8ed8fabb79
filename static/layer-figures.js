/** Below each layer: how large its gradient is, as a bar on a logarithmic scale, and how many units stand still. */

/** @import {Frame} from "./frame.js" */
/** @import {NetworkLayout} from "./network-layout.js" */

import {formatShare} from "./format.js";
import {throttle} from "./throttle.js";

export const FOOT = 46; // px
const PAUSE = 120; // ms
const SMALLEST = -8; // the bar's scale, in powers of ten
const LARGEST = 1;
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
 * The part of the bar that a gradient fills: 0 for the smallest, 1 for the largest that is told apart.
 * @param {number} gradient
 */
export function barLength(gradient) {
  const power = Math.log10(gradient);
  return Math.min(Math.max((power - SMALLEST) / (LARGEST - SMALLEST), 0), 1) || 0;
}

/**
 * @param {HTMLElement} element
 * @param {Float32Array} figures
 */
function write(element, [gradient = 0, update = 0, flat = Number.NaN, dead = Number.NaN]) {
  const [bar, size, still] = element.children;
  if (bar instanceof HTMLElement) bar.style.setProperty("--part", String(barLength(gradient)));
  if (size) size.textContent = gradient ? gradient.toExponential(1) : "0";
  if (still) still.textContent = standingStill(flat, dead);
  element.title =
    `Gradient ${gradient.toExponential(2)}; a plain step moves the weights by ${update.toExponential(1)} of their ` +
    "size. Flat: values where the activation hardly changes. Dead: units that are zero for every point.";
}

/** @param {number} flat @param {number} dead */
function standingStill(flat, dead) {
  if (Number.isFinite(dead)) return `${formatShare(dead)} dead`;
  return Number.isFinite(flat) ? `${formatShare(flat)} flat` : "";
}

function makeFigure() {
  const figure = document.createElement("div");
  figure.append(...["i", "span", "small"].map(name => document.createElement(name)));
  return figure;
}
