/** Writes on each neuron and input what it says for the point that is explained; on the way back, its δ. */

/** @import {Frame} from "../frame.js" */
/** @import {PlaneLook} from "../look.js" */
/** @import {PlanePage} from "../page.js" */
/** @import {Explanation} from "./explanation.js" */
/** @import {Phase} from "./phases.js" */

import {throttle} from "../../../drawing/throttle.js";
import {byId} from "../../../shell/elements.js";
import {array, outputsOf, valuesOf} from "./explanation.js";
import {short} from "./math.js";
import {isAtOnce, phaseShown} from "./subject.js";

export class UnitValues {
  #stage = byId("stage", HTMLElement);
  #units = byId("units", HTMLElement);
  #isClear = true;
  #write;

  /** @param {AbortSignal} signal */
  constructor(signal) {
    this.#write = throttle((/** @type {() => void} */ act) => act(), 1, signal);
  }

  /** @param {PlanePage} state */
  update(state) {
    const phase = phaseShown(state);
    const isOpen = Boolean(state.server?.view.explain);
    for (const button of this.#units.children)
      if (button instanceof HTMLElement)
        button.classList.toggle("at-phase", isOpen && Number(button.dataset.layer) === phase.layer);
    if (!isOpen && !this.#isClear) this.#clear();
  }

  /** @param {Frame} frame @param {PlaneLook} look */
  draw({explanation}, {state}) {
    const {server} = state;
    if (!server?.view.explain || !explanation || explanation.head.refused) return;
    const phase = phaseShown(state);
    const inputs = /** @type {readonly string[]} */ (server.settings.inputs);
    if (isAtOnce(state)) this.#write.hurry();
    this.#write.soon(() => {
      this.#isClear = false;
      for (const button of this.#units.children)
        if (button instanceof HTMLElement) put(button, valueAt(explanation, phase, button.dataset));
      for (const label of this.#stage.querySelectorAll("[data-feature]"))
        if (label instanceof HTMLElement) {
          const place = inputs.indexOf(label.dataset.feature ?? "");
          put(label, place < 0 ? undefined : array(explanation, "inputs")[place]);
        }
    });
  }

  #clear() {
    this.#isClear = true;
    for (const element of this.#stage.querySelectorAll("[data-value]"))
      element.removeAttribute("data-value");
  }
}

/** @param {Explanation} explanation @param {Phase} phase @param {DOMStringMap} unit */
function valueAt(explanation, {kind}, {layer, neuron}) {
  const [l, k] = [Number(layer), Number(neuron) - 1];
  if (kind === "back" || kind === "chain") return array(explanation, `layer ${l} delta`)[k];
  const values =
    l === explanation.head.layers.length ? outputsOf(explanation) : valuesOf(explanation, l);
  return values[k];
}

/** @param {HTMLElement} element @param {number | undefined} value */
function put(element, value) {
  const text = value === undefined ? "" : brief(value);
  if (element.dataset.value !== text) element.dataset.value = text;
}

/** Two or three digits, as there is little room. @param {number} value */
function brief(value) {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return short(value);
  const digits =
    size >= 100 ? size.toFixed(0) : size >= 0.1 || size === 0 ? size.toFixed(2) : small(size);
  return `${value < 0 ? "−" : ""}${digits}`;
}

/** @param {number} size */
function small(size) {
  return size < 0.001 ? size.toExponential(0).replace("e-", "e−") : size.toPrecision(2);
}
