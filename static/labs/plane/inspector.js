/** The neuron that is looked at, in numbers: its weights and bias, to read while it learns and to edit. */

/** @import {Frame} from "./frame.js" */
/** @import {PlanePage, PlaneShell, PlaneState, Unit} from "./page.js" */

import {throttle} from "../../drawing/throttle.js";
import {byId} from "../../shell/elements.js";
import {isHidden} from "../../shell/hidden-controls.js";
import {makeNumberField, NumberFields, showNumber} from "../../shell/number-field.js";
import {readNumber, tidy} from "../../shell/numbers.js";
import {say} from "../../shell/words-below.js";
import {normOf, weightsOf} from "./parameters.js";
import {isOff, sameUnit, shownUnit, withLesion} from "./state.js";
import {sourceNames, unitName} from "./unit-names.js";

export class Inspector {
  #title = byId("inspector-title", HTMLElement);
  #hint = byId("inspector-hint", HTMLElement);
  #fields = byId("inspector-fields", HTMLElement);
  #lesion = byId("lesion", HTMLInputElement);
  #shell;
  #key = "";
  #write;

  /**
   * @param {PlaneShell} shell
   * @param {AbortSignal} signal
   */
  constructor(shell, signal) {
    this.#shell = shell;
    this.#lesion.addEventListener("change", () => this.switch(this.#lesion.checked));
    this.#write = throttle((/** @type {Frame} */ frame) => this.#show(frame), 1, signal);
    new NumberFields(this.#fields, {
      read: text => readNumber(text),
      show: editable,
      commit: (value, field) => this.#set(Number(field.dataset.index), value),
      step: (value, steps) => tidy(value + steps / 10),
      signed: true,
    });
  }

  /** @param {PlanePage} state @param {PlanePage | null} [before] */
  update(state, before) {
    const {server} = state;
    if (!server) return;
    const shown = unitOf(state, server);
    const pinned = shownUnit(state) !== null && sameUnit(shown, state.own.pinned);
    const {connections, inputs, lesions, batch_norm} = server.settings;
    const {shape} = server.facts;
    const key = [shape, shown.layer, shown.neuron, inputs, connections, batch_norm].join(" ");
    if (server.run !== before?.server?.run) this.#write.hurry();
    this.#showLesion(
      shown.layer < server.facts.shape.length - 1 && !isHidden(server, "lesions"),
      isOff(lesions, shown),
      isOff(lesions, {...shown, neuron: 0}),
    );
    this.#title.textContent = unitName(server, shown);
    this.#hint.textContent = pinned
      ? "Pinned. Escape unpins it."
      : "Click a neuron to edit its weights.";
    if (key === this.#key) return;
    this.#key = key;
    const {first, bias} = weightsOf(server.facts.layout, shown.layer, shown.neuron);
    this.#write.hurry();
    const sources = sourceNames(server, shown.layer);
    this.#fields.replaceChildren(
      makeField("bias", "Bias", bias),
      ...sources.map((name, i) => makeField(name, `Weight from ${name}`, first + i)),
      ...makeNormFields(server, shown),
    );
  }

  /** Switch off the neuron that is looked at, or switch it on again. */
  toggle() {
    if (this.#lesion.closest("label")?.hidden === false && !this.#lesion.disabled)
      this.switch(!this.#lesion.checked);
  }

  /** @param {boolean} off */
  switch(off) {
    const {state} = this.#shell;
    if (!state.server) return;
    const lesions = withLesion(state.server.settings.lesions, unitOf(state, state.server), off);
    this.#shell.send({type: "change", settings: {lesions}});
  }

  /**
   * @param {boolean} can
   * @param {boolean} off
   * @param {boolean} withLayer its whole layer is off, and can be switched on only as a layer
   */
  #showLesion(can, off, withLayer) {
    const label = this.#lesion.closest("label");
    if (label) label.hidden = !can;
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

  /** Move the focus to a weight's field. @param {number} index */
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
    return this.#shell.send({type: "set-parameter", index, value});
  }
}

/**
 * The neuron whose numbers are shown: the output if the visitor looks at none.
 * @param {PlanePage} state
 * @param {PlaneState} server
 */
function unitOf(state, {facts: {shape}}) {
  return shownUnit(state) ?? {layer: shape.length - 1, neuron: 1};
}

/**
 * With four decimals, two for large numbers, or with an exponent if decimals would hide the value.
 * @param {number} value
 */
function editable(value) {
  const size = Math.abs(value);
  if (size >= 10_000 || (size > 0 && size < 0.0001)) return value.toExponential(3);
  return value.toFixed(size >= 100 ? 2 : 4);
}

/**
 * @param {PlaneState} server
 * @param {Unit} unit
 */
function makeNormFields(server, {layer, neuron}) {
  const places = normOf(server.facts.layout, layer, neuron);
  if (!places) return [];
  return [
    makeField("scale", "Scale of batch norm", places.scale),
    makeField("shift", "Shift of batch norm", places.shift),
  ];
}

/**
 * @param {string} name the text on the page
 * @param {string} spoken the text for screen readers
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
