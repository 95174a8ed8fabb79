/** The neuron that is looked at, in numbers: its weights and bias, to read while it learns and to edit. */

/** @import {AnyCommand} from "../../session/connection.js" */
/** @import {Frame} from "../../session/frame.js" */
/** @import {State} from "../../session/plane-state.js" */
/** @import {Unit} from "../../session/state.js" */

import {throttle} from "../../drawing/throttle.js";
import {isOff, withLesion} from "../../session/state.js";
import {makeNumberField, NumberFields, showNumber} from "../../shell/number-field.js";
import {readNumber, tidy} from "../../shell/numbers.js";
import {say} from "../../shell/reasons.js";
import {normOf, weightsOf} from "./parameters.js";

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
  #lesion;
  #key = "";
  #write;
  /** @type {State | null} */
  #server = null;
  /** @type {Unit | null} */
  #unit = null;

  /**
   * @param {{title: HTMLElement, hint: HTMLElement, fields: HTMLElement, lesion: HTMLInputElement}} parts
   * @param {(command: AnyCommand) => number} command
   */
  constructor({title, hint, fields, lesion}, command) {
    this.#title = title;
    this.#hint = hint;
    this.#fields = fields;
    this.#lesion = lesion;
    this.#command = command;
    lesion.addEventListener("change", () => this.switch(lesion.checked));
    this.#write = throttle((/** @type {Frame} */ frame) => this.#show(frame));
    new NumberFields(fields, {
      read: text => readNumber(text),
      show: editable,
      commit: (value, field) => this.#set(Number(field.dataset.index), value),
      step: (value, steps) => tidy(value + steps / 10),
      signed: true,
    });
  }

  /**
   * @param {State} server
   * @param {Unit | null} unit
   * @param {boolean} pinned
   */
  update(server, unit, pinned) {
    const shown = unit ?? {layer: server.shape.length - 1, neuron: 1};
    const {connections, inputs, lesions, batch_norm} = server.settings;
    const key = [server.run, shown.layer, shown.neuron, inputs, connections, batch_norm].join(" ");
    [this.#server, this.#unit] = [server, shown];
    this.#showLesion(
      shown.layer < server.shape.length - 1,
      isOff(lesions, shown),
      isOff(lesions, {...shown, neuron: 0}),
    );
    this.#title.textContent = unitName(server, shown);
    this.#hint.textContent = pinned
      ? "Pinned. Click the neuron again or press Escape to unpin it."
      : "Click a neuron to edit its weights.";
    if (key === this.#key) return;
    this.#key = key;
    const {first, bias} = weightsOf(server.layout, shown.layer, shown.neuron);
    this.#write.hurry();
    const sources = sourceNames(server, shown.layer);
    this.#fields.replaceChildren(
      makeField("bias", "Bias", bias),
      ...sources.map((name, i) => makeField(name, `Weight from ${name}`, first + i)),
      ...makeNormFields(server, shown),
    );
  }

  /** Switch the neuron off that is looked at, or on again. */
  toggle() {
    if (this.#lesion.closest("label")?.hidden === false && !this.#lesion.disabled)
      this.switch(!this.#lesion.checked);
  }

  /** @param {boolean} off */
  switch(off) {
    if (!this.#server || !this.#unit) return;
    const lesions = withLesion(this.#server.settings.lesions, this.#unit, off);
    this.#command({type: "change", settings: {lesions}});
  }

  /**
   * @param {boolean} can
   * @param {boolean} off
   * @param {boolean} withLayer its whole layer is off, which is switched on at the layer
   */
  #showLesion(can, off, withLayer) {
    const label = this.#lesion.closest("label");
    if (label) label.hidden = !can || isHidden(this.#server, "lesions");
    this.#lesion.checked = off;
    this.#lesion.disabled = withLayer;
    say(this.#lesion, withLayer ? "(its layer is off)" : "");
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
      showNumber(input, editable(value), value);
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

  /**
   * @param {number} index
   * @param {number} value
   */
  #set(index, value) {
    this.#write.hurry();
    return this.#command({type: "set-parameter", index, value});
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
  return layer === server.shape.length - 1
    ? outputName(server, {layer, neuron})
    : `Layer ${layer}, neuron ${neuron}`;
}

/**
 * @param {State} server
 * @param {Unit} unit
 */
export function outputName(server, {neuron}) {
  return server.shape.at(-1) === 1 ? "Output neuron" : `Output neuron, class ${neuron}`;
}

/**
 * What a layer's units receive.
 * @param {State} server
 * @param {number} layer
 * @returns {string[]}
 */
export function sourceNames(server, layer) {
  if (server.settings.connections !== "dense") return unitNames(server, layer - 1, "neuron ");
  const layers = Array.from({length: layer}, (_, l) => l);
  return layers.flatMap(l => unitNames(server, l, `layer ${l}, neuron `));
}

/**
 * @param {State} server
 * @param {number} layer 0 are the inputs
 * @param {string} prefix
 */
function unitNames(server, layer, prefix) {
  if (layer === 0) return server.settings.inputs.map(name => FEATURES[name] ?? name);
  return Array.from({length: server.shape[layer] ?? 0}, (_, i) => `${prefix}${i + 1}`);
}

/**
 * @param {State} server
 * @param {Unit} unit
 */
function makeNormFields(server, {layer, neuron}) {
  const places = normOf(server.layout, layer, neuron);
  if (!places) return [];
  return [
    makeField("scale", "Scale of batch norm", places.scale),
    makeField("shift", "Shift of batch norm", places.shift),
  ];
}

/** @param {State | null} server @param {string} control */
function isHidden(server, control) {
  return server?.view.hide?.includes(control) ?? false;
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
  const input = makeNumberField(spoken);
  input.dataset.index = String(index);
  const text = document.createElement("span");
  text.className = "source";
  text.textContent = name;
  label.append(text, input);
  return label;
}
