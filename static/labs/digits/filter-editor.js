/** The weights of the chosen filter as numbers that can be typed, also while the networks learn. */

/** @import {Convolution} from "./convolution.js" */
/** @import {Frame} from "./frame.js" */
/** @import {DigitsLook, DigitsPage, DigitsShell} from "./page.js" */

import {throttle} from "../../drawing/throttle.js";
import {byId} from "../../shell/elements.js";
import {makeNumberField, NumberFields, showNumber} from "../../shell/number-field.js";
import {readNumber, tidy} from "../../shell/numbers.js";
import {setUnit} from "./commands.js";
import {convolutionOf, filterOf, weightsOf} from "./convolution.js";
import {layerInside, layerShown} from "./state.js";

export const LARGEST = 1e6;
export const STEP = 0.1;

export class FilterEditor {
  #shell;
  #panel = byId("filter-editor", HTMLElement);
  #title = byId("filter-editor-title", HTMLElement);
  #channel = byId("filter-channel", HTMLSelectElement);
  #grid = byId("filter-weights", HTMLElement);
  #bias = makeNumberField("Bias");
  /** @type {HTMLInputElement[]} */
  #fields = [];
  #write;
  /** The newest of what is edited. @type {Convolution | null} */
  #layer = null;

  /** @param {DigitsShell} shell @param {AbortSignal} signal ends it */
  constructor(shell, signal) {
    this.#shell = shell;
    this.#write = throttle((/** @type {Convolution} */ layer) => this.#show(layer), 1, signal);
    byId("filter-bias", HTMLElement).append(this.#bias);
    new NumberFields(this.#panel, {
      read: text => readNumber(text, {min: -LARGEST, max: LARGEST}),
      show: editable,
      commit: (value, field) => this.#set(value, field),
      step: (value, steps) => tidy(value + steps * STEP),
      signed: true,
    });
    this.#channel.addEventListener("change", () => this.#layer && this.#show(this.#layer));
    this.#panel.addEventListener("toggle", () => shell.redraw());
  }

  /** @param {DigitsPage} state */
  update({server, own: {unit}}) {
    if (!server) return;
    const layer = layerInside(server);
    if (layer?.kind !== "convolution") return;
    this.#title.textContent = `Weights of layer ${layerShown(server)}, filter ${unit}`;
    this.#makeChannels(layer.weights_shape[2] ?? 1);
    this.#makeFields(layer.size);
  }

  /** @param {Frame} frame @param {DigitsLook} look */
  draw({parameters}, {state: {server}, hurry}) {
    if (!server || !parameters || !this.#panel.matches(":popover-open")) return;
    const isOfIt = layerInside(server)?.kind === "convolution";
    this.#layer = isOfIt ? convolutionOf(server, layerShown(server), parameters) : null;
    if (hurry) this.#write.hurry();
    if (this.#layer) this.#write.soon(this.#layer);
  }

  /** @param {Convolution} layer */
  #show(layer) {
    const unit = this.#shell.state.own.unit - 1;
    const weights = filterOf(layer, unit, this.#channel.selectedIndex);
    if (weights.length !== this.#fields.length) return;
    const largest = Math.max(...weights.map(Math.abs)) || 1;
    for (const [i, field] of this.#fields.entries()) {
      const weight = weights[i] ?? 0;
      showNumber(field, editable(weight), weight);
      field.classList.toggle("negative", weight < 0);
      field.style.setProperty("--share", Math.abs(weight / largest).toFixed(2));
    }
    const bias = layer.biases[unit] ?? 0;
    showNumber(this.#bias, editable(bias), bias);
  }

  /** @param {number} value @param {HTMLInputElement} field */
  #set(value, field) {
    const {own, server} = this.#shell.state;
    const layer = this.#layer;
    if (!server || !layer) return 0;
    const weights = weightsOf(layer, own.unit - 1);
    const at = this.#fields.indexOf(field);
    if (at >= 0) weights[at * layer.channels + this.#channel.selectedIndex] = value;
    const bias = field === this.#bias ? value : (layer.biases[own.unit - 1] ?? 0);
    return this.#shell.send(setUnit("convolutional", layerShown(server), own.unit, weights, bias));
  }

  /** @param {number} count */
  #makeChannels(count) {
    if (this.#channel.length === count) return;
    const options = Array.from({length: count}, (_, i) => new Option(`map ${i + 1}`, String(i)));
    this.#channel.replaceChildren(...options);
    const row = this.#channel.closest("label");
    if (row) row.hidden = count < 2;
  }

  /** @param {number} size */
  #makeFields(size) {
    if (this.#fields.length === size ** 2) return;
    this.#grid.style.setProperty("--size", String(size));
    this.#fields = Array.from({length: size ** 2}, (_, i) =>
      makeNumberField(`Weight in row ${Math.floor(i / size) + 1}, column ${(i % size) + 1}`),
    );
    this.#grid.replaceChildren(...this.#fields);
  }
}

/** @param {number} value */
export function editable(value) {
  return String(Number(value.toFixed(3))).replace("-", "−");
}
