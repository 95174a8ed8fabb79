/** What one layer has for itself: its activation, and whether it is switched off. */

/** @import {AnyCommand} from "./connection.js" */
/** @import {Settings, State} from "./protocol.js" */

import {byId} from "./controls.js";
import {isOff, withLesion} from "./state.js";

export class LayerSettings {
  #panel = byId("layer-settings", HTMLElement);
  #title = byId("layer-settings-title", HTMLElement);
  #activation = byId("layer-activation", HTMLSelectElement);
  #off = byId("layer-off", HTMLInputElement);
  #send;
  #layer = 1;
  /** @type {State | null} */
  #server = null;

  /** @param {(command: AnyCommand) => unknown} send */
  constructor(send) {
    this.#send = send;
    this.#activation.addEventListener("change", () => this.#setActivation(this.#activation.value));
    this.#off.addEventListener("change", () => this.#switch(this.#off.checked));
    byId("layer-remove", HTMLButtonElement).addEventListener("click", () => {
      this.close();
      this.#send({type: "remove-layer", layer: this.#layer});
    });
    byId("heads", HTMLElement).addEventListener("click", event => this.#open(event.target));
  }

  /** @param {State} server */
  update(server) {
    this.#server = server;
    if (this.#layer > server.shape.length - 2) this.close();
    this.#show();
  }

  close() {
    this.#panel.hidePopover();
  }

  /** @param {EventTarget | null} target */
  #open(target) {
    const button = target instanceof HTMLElement ? target.closest("[data-layer-settings]") : null;
    if (!(button instanceof HTMLElement)) return;
    this.#layer = Number(button.dataset.layerSettings);
    this.#show();
    const {left, bottom} = button.getBoundingClientRect();
    this.#panel.style.left = `${Math.min(left, innerWidth - 250)}px`;
    this.#panel.style.top = `${bottom + 6}px`;
  }

  #show() {
    if (!this.#server) return;
    const {activations, lesions} = this.#server.settings;
    this.#title.textContent = `Layer ${this.#layer}`;
    this.#activation.value = activations[this.#layer - 1] ?? "same";
    this.#off.checked = isOff(lesions, {layer: this.#layer, neuron: 0});
  }

  /** @param {string} value */
  #setActivation(value) {
    if (!this.#server) return;
    const {activations, hidden} = this.#server.settings;
    const all = hidden.map((_, i) => (i === this.#layer - 1 ? value : (activations[i] ?? "same")));
    const own = all.some(name => name !== "same") ? all : [];
    this.#send({type: "change", settings: {activations: own}});
  }

  /** @param {boolean} off */
  #switch(off) {
    if (!this.#server) return;
    const lesions = withLesion(this.#server.settings.lesions, {layer: this.#layer, neuron: 0}, off);
    this.#send({type: "change", settings: {lesions}});
  }
}
