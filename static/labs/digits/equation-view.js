/** How a pixel of a map is computed: patch times filter, the products, and their sum as an equation. */

/** @import {Pixel} from "./convolution.js" */
/** @import {Frame, Inside} from "./frame.js" */
/** @import {DigitsLook, DigitsPage, DigitsState, Own} from "./page.js" */

import {throttle} from "../../drawing/throttle.js";
import {byId} from "../../shell/elements.js";
import {count} from "../../shell/health.js";
import {convolutionOf, mapsOf, pixelOf} from "./convolution.js";
import {inside, isUnitOff, layerInside, layerShown} from "./state.js";

const REST = 600; // ms without a change, after which a screen reader hears the equation
const FEW = 4; // sums that are all written out
const HINT = "Point at a pixel of the map: this shows how it is computed.";
/** By the setting's word. */
export const ACTIVATION_NAMES = {relu: "ReLU", tanh: "tanh", sigmoid: "sigmoid", linear: "linear"};

export class EquationView {
  #say;
  #tables = {
    patch: byId("patch", HTMLTableElement),
    filter: byId("filter", HTMLTableElement),
    products: byId("products", HTMLTableElement),
  };
  #factors = byId("patch", HTMLTableElement).closest(".factors");
  #sum = byId("sum", HTMLElement);
  #write;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #unit = 1;
  /** A late text must not come back when nothing is looked at any more. */
  #isOn = false;
  /** The pixel that was announced, or is about to be. @type {Own["pixel"]} */
  #heard = null;

  /** @param {(text: string) => void} say @param {AbortSignal} signal ends it */
  constructor(say, signal) {
    this.#say = say;
    this.#write = throttle((/** @type {() => void} */ act) => act(), 2, signal);
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  /** @param {DigitsPage} state */
  update({server, own: {pixel, unit}}) {
    this.#unit = unit;
    this.#isOn = pixel !== null && server !== null && isConvolution(server);
    if (!this.#isOn) this.#clear(HINT);
  }

  /** @param {Frame} frame @param {DigitsLook} look */
  draw({image, parameters, inside: numbers}, {state: {server, own}, hurry}) {
    const {pixel} = own;
    if (!server || !pixel || !parameters || !isConvolution(server)) return;
    if (hurry) this.#write.hurry();
    this.#write.soon(() => {
      if (!this.#isOn) return;
      const explained = numbers && explain(server, own, numbers, parameters);
      if (explained) this.#show(explained, server);
      else if (!image) this.#clear("An empty pad has no maps: draw a digit first.");
    });
    this.#announce(pixel);
  }

  /** @param {string} text */
  #clear(text) {
    this.#factors?.classList.add("empty");
    if (this.#sum.textContent !== text) this.#sum.textContent = text;
  }

  /** @param {Pixel} pixel @param {DigitsState} server */
  #show(pixel, server) {
    const {activation} = server.settings;
    const sizes = pixel.parts.map(({sum}) => Math.abs(sum));
    const channel = sizes.indexOf(Math.max(...sizes));
    const part = pixel.parts[channel];
    if (!part) return;
    this.#factors?.classList.remove("empty");
    const products = part.patch.map((value, i) => value * (part.filter[i] ?? 0));
    showNumbers(this.#tables.patch, part.patch);
    showNumbers(this.#tables.filter, part.filter);
    showNumbers(this.#tables.products, products);
    const isOff = isUnitOff(server, this.#unit);
    this.#sum.textContent = equation(pixel, channel, isOff ? null : ACTIVATION_NAMES[activation]);
  }

  /** @param {Own["pixel"]} pixel */
  #announce(pixel) {
    if (pixel === this.#heard) return;
    this.#heard = pixel;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (pixel)
        this.#say(`Row ${pixel.row + 1}, column ${pixel.column + 1}: ${this.#sum.textContent}`);
    }, REST);
  }
}

/** Whether a pixel that is looked at is one of a convolution's map. @param {DigitsState} server */
function isConvolution(server) {
  return layerInside(server)?.kind === "convolution";
}

/**
 * @param {DigitsState} server
 * @param {Own} own
 * @param {Inside} numbers
 * @param {Float32Array} parameters
 */
function explain(server, {unit, pixel}, numbers, parameters) {
  const shown = layerShown(server);
  const isOfIt = numbers.layer === `${inside(server)},${shown}`;
  const layer = isOfIt ? convolutionOf(server, shown, parameters) : null;
  if (!layer || !pixel || unit > layer.filters) return null;
  return pixelOf(mapsOf(numbers.source, layer.channels), layer, unit - 1, pixel.row, pixel.column);
}

/**
 * @param {Pixel} pixel
 * @param {number} channel from 0, whose products are shown
 * @param {string | null} activation null for a filter that is switched off
 */
export function equation({parts, bias, sum, sums, value}, channel, activation) {
  const shown = parts[channel]?.sum ?? 0;
  const others = parts.reduce((all, part) => all + part.sum, -shown);
  const terms = [`${number(shown)}${parts.length > 1 ? ` (map ${channel + 1})` : ""}`];
  if (parts.length > 1) terms.push(`${number(others)} (${count(parts.length - 1, "other map")})`);
  terms.push(`${number(bias)} (bias)`);
  const texts = [`${terms.join(" + ")} = ${number(sum)}`];
  if (sums.length > 1)
    texts.push(
      sums.length <= FEW
        ? `max(${sums.map(each => number(each)).join(", ")}) = ${number(sum)}`
        : `the largest of ${sums.length} sums is ${number(sum)}`,
    );
  texts.push(
    activation ? `${activation}(${number(sum)}) = ${number(value)}` : `switched off: ${number(0)}`,
  );
  return texts.join("; ");
}

/** @param {number} value @param {number} [decimals] */
export function number(value, decimals = 2) {
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) ? `−${text}` : text;
}

/** At most two digits and a sign, as cells are small. @param {number} value */
export function short(value) {
  const size = Math.abs(value);
  const text =
    size < 0.995
      ? size.toFixed(2).replace(/^0/, "")
      : size < 9.95
        ? size.toFixed(1)
        : size < 99.5
          ? size.toFixed(0)
          : size.toExponential(0).replace("+", "");
  if (text === ".00") return "0";
  return value < 0 ? `−${text}` : text;
}

/** @param {HTMLTableElement} table @param {readonly number[]} numbers row by row */
function showNumbers(table, numbers) {
  const side = Math.round(Math.sqrt(numbers.length));
  if (table.rows.length !== side) {
    table.replaceChildren();
    for (let i = 0; i < side; i++) {
      const row = table.insertRow();
      for (let j = 0; j < side; j++) row.insertCell();
    }
  }
  const largest = Math.max(...numbers.map(Math.abs)) || 1;
  for (const [i, value] of numbers.entries()) {
    const cell = table.rows[Math.floor(i / side)]?.cells[i % side];
    if (!cell) continue;
    cell.textContent = short(value);
    cell.className = value < 0 ? "negative" : "positive";
    cell.style.setProperty("--share", Math.abs(value / largest).toFixed(2));
  }
}
