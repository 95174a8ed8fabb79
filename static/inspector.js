/** The neuron that is looked at, in numbers: its weights and bias, to read while it learns and to edit. */

/** @import {AnyCommand} from "./connection.js" */
/** @import {Frame} from "./frame.js" */
/** @import {State} from "./protocol.js" */
/** @import {Unit} from "./state.js" */

import {firstWeight} from "./network-layout.js";
import {throttle} from "./throttle.js";

const PAUSE = 100; // ms between two updates: digits that change faster cannot be read

/** The input features in the server's order. @type {Record<string, string>} */
const FEATURES = {
  x: "X₁",
  y: "X₂",
  xSquared: "X₁²",
  ySquared: "X₂²",
  xTimesY: "X₁X₂",
  sinX: "sin X₁",
  sinY: "sin X₂",
};

export class Inspector {
  #title;
  #hint;
  #fields;
  #command;
  #key = "";
  #first = 0;
  #write;

  /**
   * @param {{title: HTMLElement, hint: HTMLElement, fields: HTMLElement}} parts
   * @param {(command: AnyCommand) => void} command
   */
  constructor({title, hint, fields}, command) {
    this.#title = title;
    this.#hint = hint;
    this.#fields = fields;
    this.#command = command;
    this.#write = throttle(PAUSE, (/** @type {Frame} */ frame) => this.#show(frame));
    fields.addEventListener("change", event => this.#edit(event.target));
  }

  /**
   * @param {State} server
   * @param {Unit | null} unit
   * @param {boolean} pinned
   */
  update(server, unit, pinned) {
    const shown = unit ?? {layer: server.shape.length - 1, neuron: 1};
    const key = `${server.run} ${shown.layer} ${shown.neuron} ${server.settings.inputs?.join()}`;
    this.#title.textContent = unitName(server, shown);
    this.#hint.textContent = pinned
      ? "Pinned. Click the neuron again or press Escape to let go."
      : "Point at a neuron to see its weights; click it, or a link, to edit them here.";
    if (key === this.#key) return;
    this.#key = key;
    this.#first = firstWeight(server.shape, shown.layer, shown.neuron);
    this.#write.hurry();
    const sources = sourceNames(server, shown.layer);
    this.#fields.replaceChildren(
      makeField("bias", "Bias", this.#first + sources.length),
      ...sources.map((name, i) => makeField(name, `Weight from ${name}`, this.#first + i)),
    );
  }

  /** @param {Frame} frame */
  draw(frame) {
    this.#write.soon(frame);
  }

  /** @param {Frame} frame */
  #show(frame) {
    for (const input of this.#fields.querySelectorAll("input")) {
      if (input === document.activeElement) continue;
      const value = frame.parameters[Number(input.dataset.index)] ?? 0;
      input.value = editable(value);
      input.classList.toggle("negative", value < 0);
    }
  }

  /** Take the keyboard to a weight. @param {number} index */
  edit(index) {
    const input = this.#fields.querySelector(`input[data-index="${index}"]`);
    if (!(input instanceof HTMLInputElement)) return;
    input.focus();
    input.select();
  }

  /** @param {EventTarget | null} target */
  #edit(target) {
    if (!(target instanceof HTMLInputElement)) return;
    const value = Number(target.value);
    if (target.value.trim() === "" || !Number.isFinite(value)) return;
    this.#write.hurry();
    this.#command({type: "set-parameter", index: Number(target.dataset.index), value});
    target.select(); // for the next try
  }
}

/**
 * Four places, two for large ones, or an exponent where they would hide the value.
 * @param {number} value
 */
function editable(value) {
  const size = Math.abs(value);
  if (size >= 10_000 || (size > 0 && size < 0.0001)) return value.toExponential(3);
  return value.toFixed(size >= 100 ? 2 : 4);
}

/**
 * @param {State} server
 * @param {Unit} unit
 */
export function unitName(server, {layer, neuron}) {
  return layer === server.shape.length - 1 ? "Output neuron" : `Layer ${layer}, neuron ${neuron}`;
}

/**
 * What a layer's units receive.
 * @param {State} server
 * @param {number} layer
 * @returns {string[]}
 */
export function sourceNames(server, layer) {
  if (layer === 1) return (server.settings.inputs ?? []).map(name => FEATURES[name] ?? name);
  return Array.from({length: server.shape[layer - 1] ?? 0}, (_, i) => `neuron ${i + 1}`);
}

/**
 * The input feature in row `row` of the network, from 1.
 * @param {number} row
 */
export function featureName(row) {
  return Object.values(FEATURES)[row - 1] ?? "";
}

/**
 * @param {string} name what is seen
 * @param {string} spoken what is said of it
 * @param {number} index
 */
function makeField(name, spoken, index) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  input.type = "number";
  input.step = "any";
  input.ariaLabel = spoken;
  input.dataset.index = String(index);
  const text = document.createElement("span");
  text.className = "source";
  text.textContent = name;
  label.append(text, input);
  return label;
}
