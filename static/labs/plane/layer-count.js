/** The number of hidden layers: + and −, a field for the number, and how many weights the network has. */

/** @import {LayerWidths} from "./layer-widths.js" */
/** @import {PlanePage, PlaneShell, PlaneState} from "./page.js" */

import {formatCount} from "../../drawing/format.js";
import {onClick} from "../../shell/controls.js";
import {byId} from "../../shell/elements.js";
import {isHidden} from "../../shell/hidden-controls.js";
import {fix, NumberFields, showNumber} from "../../shell/number-field.js";
import {readNumber} from "../../shell/numbers.js";

export class LayerCount {
  #shell;
  #widths;

  /**
   * @param {PlaneShell} shell
   * @param {LayerWidths} widths
   */
  constructor(shell, widths) {
    this.#shell = shell;
    this.#widths = widths;
    onClick("add-hidden-layer", () => this.#add());
    onClick("remove-hidden-layer", () =>
      shell.send({type: "remove-layer", layer: this.#hidden.length}),
    );
    new NumberFields(byId("hidden-layers", HTMLInputElement), {
      read: text => readNumber(text, {whole: true, min: 0, max: mostLayers(shell.state)}),
      show: String,
      step: (value, steps) => Math.min(Math.max(value + steps, 0), mostLayers(shell.state)),
      commit: layers => this.#set(layers),
    });
  }

  /** @param {PlanePage} state */
  update(state) {
    const {server} = state;
    if (!server) return;
    const hidden = hiddenOf(server).length;
    const field = byId("hidden-layers", HTMLInputElement);
    showNumber(field, String(hidden), hidden);
    fix(field, isHidden(server, "hidden"));
    byId("layer-count", HTMLElement).textContent = `hidden layer${hidden === 1 ? "" : "s"}`;
    const counts = byId("parameter-count", HTMLElement);
    counts.textContent = countText(server);
    counts.title = `${formatCount(server.facts.parameter_count)} parameters in all`;
    byId("remove-hidden-layer", HTMLButtonElement).disabled = hidden === 0;
    byId("add-hidden-layer", HTMLButtonElement).disabled = hidden >= mostLayers(state);
  }

  #add() {
    const layer = this.#hidden.length + 1;
    const [neurons = null] = this.#widths.after(this.#hidden, layer);
    this.#shell.send({type: "add-layer", layer, neurons});
  }

  /** @param {number} layers */
  #set(layers) {
    const neurons = this.#widths.after(this.#hidden, layers);
    return this.#shell.send({type: "set-layers", layers, neurons});
  }

  get #hidden() {
    return hiddenOf(this.#shell.state.server);
  }
}

/** Neurons of each hidden layer. @param {PlaneState | null} server */
export function hiddenOf(server) {
  return server?.facts.shape.slice(1, -1) ?? [];
}

/** @param {PlanePage} state */
function mostLayers({limits}) {
  return limits?.hidden_layers ?? 99;
}

/** How many weights and biases a network has, as exercises ask for them. @param {PlaneState} server */
function countText({facts: {weight_count: weights, bias_count: biases}}) {
  const plural = (
    /** @type {number} */ count,
    /** @type {string} */ one,
    /** @type {string} */ many,
  ) => `${formatCount(count)} ${count === 1 ? one : many}`;
  return `${plural(weights, "weight", "weights")}, ${plural(biases, "bias", "biases")}`;
}
