/** The panel of one layer's own settings: its activation, its width, and whether it is switched off. */

/** @import {PlanePage, PlaneShell} from "./page.js" */

import {byId} from "../../shell/elements.js";
import {isHidden} from "../../shell/hidden-controls.js";
import {fix, NumberFields, showNumber} from "../../shell/number-field.js";
import {readNumber} from "../../shell/numbers.js";
import {isOff, withLesion} from "./state.js";

export class LayerSettings {
  #panel = byId("layer-settings", HTMLElement);
  #title = byId("layer-settings-title", HTMLElement);
  #activation = byId("layer-activation", HTMLSelectElement);
  #neurons = byId("layer-neurons", HTMLInputElement);
  #off = byId("layer-off", HTMLInputElement);
  #shell;
  #signal;
  #layer = 1;
  #opening = 0;

  /**
   * @param {PlaneShell} shell
   * @param {AbortSignal} signal
   */
  constructor(shell, signal) {
    this.#shell = shell;
    this.#signal = signal;
    new NumberFields(this.#neurons, {
      read: text => readNumber(text, {whole: true, min: 1, max: this.#mostNeurons}),
      show: String,
      step: (value, steps) => Math.min(Math.max(value + steps, 1), this.#mostNeurons),
      commit: neurons => this.#shell.send({type: "set-neurons", layer: this.#layer, neurons}),
    });
    this.#activation.addEventListener("change", () => this.#setActivation(this.#activation.value));
    this.#off.addEventListener("change", () => this.#switch(this.#off.checked));
    byId("layer-remove", HTMLButtonElement).addEventListener("click", () => {
      this.close();
      this.#shell.send({type: "remove-layer", layer: this.#layer});
    });
    byId("heads", HTMLElement).addEventListener("click", event => this.#click(event));
    byId("stage", HTMLElement).addEventListener("contextmenu", event => this.#rightClick(event));
    signal.addEventListener("abort", () => clearTimeout(this.#opening));
  }

  /** @param {PlanePage} state */
  update({server}) {
    if (server && this.#layer > server.facts.shape.length - 2) this.close();
    this.#show();
  }

  get #server() {
    return this.#shell.state.server;
  }

  get #mostNeurons() {
    return this.#shell.state.limits?.neurons ?? Number.POSITIVE_INFINITY;
  }

  close() {
    this.#panel.hidePopover();
  }

  /** The button shows the panel by itself if it is closed. @param {MouseEvent} event */
  #click(event) {
    const button = event.target instanceof Element && event.target.closest("[data-layer-settings]");
    if (!(button instanceof HTMLElement)) return;
    const layer = Number(button.dataset.layerSettings);
    if (layer === this.#layer && this.#panel.matches(":popover-open")) {
      event.preventDefault();
      this.close();
    } else this.#open(layer, button);
  }

  /** Open it once the button is up: letting go beside an open panel closes it. @param {MouseEvent} event */
  #rightClick(event) {
    const place = event.target instanceof Element && event.target.closest(".head, .unit");
    const layer = place instanceof HTMLElement ? Number(place.dataset.layer) : 0;
    if (!place || !layer || !this.#server || isHidden(this.#server, "layer_settings")) return;
    if (layer > this.#server.facts.shape.length - 2 || event.target instanceof HTMLInputElement)
      return;
    event.preventDefault();
    const show = () => {
      this.#opening = setTimeout(() => {
        this.#open(layer, place);
        this.#panel.showPopover();
      });
    };
    if (event.buttons) addEventListener("pointerup", show, {once: true, signal: this.#signal});
    else show();
  }

  /**
   * @param {number} layer
   * @param {Element} place below which the panel is
   */
  #open(layer, place) {
    this.#layer = layer;
    this.#show();
    const {left, bottom} = place.getBoundingClientRect();
    this.#panel.style.left = `${Math.min(left, innerWidth - 250)}px`;
    this.#panel.style.top = `${Math.min(bottom + 6, innerHeight - 260)}px`;
  }

  #show() {
    if (!this.#server) return;
    const {activations, lesions} = this.#server.settings;
    this.#title.textContent = `Layer ${this.#layer}`;
    this.#activation.value = activations[this.#layer - 1] ?? "same";
    const neurons = this.#server.facts.shape[this.#layer] ?? 0;
    showNumber(this.#neurons, String(neurons), neurons);
    fix(this.#neurons, isHidden(this.#server, "neurons", this.#layer));
    this.#off.checked = isOff(lesions, {layer: this.#layer, neuron: 0});
  }

  /** @param {string} value */
  #setActivation(value) {
    if (!this.#server) return;
    const {activations, hidden} = this.#server.settings;
    const all = hidden.map((_, i) => (i === this.#layer - 1 ? value : (activations[i] ?? "same")));
    const own = all.some(name => name !== "same") ? all : [];
    this.#shell.send({type: "change", settings: {activations: own}});
  }

  /** @param {boolean} off */
  #switch(off) {
    if (!this.#server) return;
    const lesions = withLesion(this.#server.settings.lesions, {layer: this.#layer, neuron: 0}, off);
    this.#shell.send({type: "change", settings: {lesions}});
  }
}
