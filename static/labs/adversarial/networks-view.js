/** Both networks as chains of layers, with − and + for units, and for layers. */

/** @import {AdversarialPage, AdversarialShell, AdversarialState, Side} from "./page.js" */

import {formatCount} from "../../drawing/format.js";
import {byId} from "../../shell/elements.js";
import {build} from "./commands.js";
import {SIDES} from "./state.js";

const NEW = 8; // units of a new layer

export class NetworksView {
  #shell;

  /** @param {AdversarialShell} shell */
  constructor(shell) {
    this.#shell = shell;
    for (const side of SIDES)
      byId(`${side}-layers`, HTMLElement).addEventListener("click", ({target}) => {
        const button = target instanceof Element ? target.closest("button") : null;
        if (button) this.#change(side, button.dataset);
      });
  }

  /** @param {AdversarialPage} state */
  update({server, limits}) {
    if (!server) return;
    for (const side of SIDES) {
      const count = server.facts[`${side}_parameters`];
      byId(`${side}-parameters`, HTMLElement).textContent = `${formatCount(count)} parameters`;
      showChain(byId(`${side}-layers`, HTMLElement), side, server, limits);
    }
  }

  /** @param {Side} side @param {DOMStringMap} asked */
  #change(side, {layer, by, layers}) {
    const {server} = this.#shell.state;
    if (!server) return;
    const units = server.settings[side];
    const next = layers
      ? withLayers(units, Number(layers))
      : wider(units, Number(layer), Number(by));
    this.#shell.send(build(side, next));
  }
}

/** @param {readonly number[]} units @param {number} by 1 or −1 */
function withLayers(units, by) {
  return by > 0 ? [...units, NEW] : units.slice(0, -1);
}

/** @param {readonly number[]} units @param {number} layer from 1 @param {number} by */
function wider(units, layer, by) {
  return units.map((count, i) => (i === layer - 1 ? count + by : count));
}

/**
 * Elements are kept while there are as many layers: a button that is pressed keeps the focus.
 * @param {HTMLElement} chain
 * @param {Side} side
 * @param {AdversarialState} server
 * @param {AdversarialPage["limits"]} limits
 */
function showChain(chain, side, server, limits) {
  const units = server.settings[side];
  const most = /** @type {Record<string, number>} */ (limits ?? {});
  if (chain.dataset.layers !== String(units.length)) makeChain(chain, side, units.length);
  const first = chain.querySelector(".end");
  if (first) first.textContent = side === "generator" ? String(server.settings.dimensions) : "2";
  for (const [i, count] of units.entries()) {
    const step = chain.querySelector(`[data-of="${i + 1}"]`);
    const figure = step?.querySelector("output");
    if (figure) figure.textContent = String(count);
    disable(step, `[data-by="-1"]`, count <= 1);
    disable(step, `[data-by="1"]`, count >= (most.units ?? 1));
  }
  disable(chain, `[data-layers="-1"]`, units.length <= 1);
  disable(chain, `[data-layers="1"]`, units.length >= (most.layers ?? 1));
}

/** @param {Element | null | undefined} parent @param {string} selector @param {boolean} isDisabled */
function disable(parent, selector, isDisabled) {
  const button = parent?.querySelector(selector);
  if (button instanceof HTMLButtonElement) button.disabled = isDisabled;
}

/** @param {HTMLElement} chain @param {Side} side @param {number} layers */
function makeChain(chain, side, layers) {
  const active = document.activeElement;
  const wanted = active instanceof HTMLElement ? active.dataset.layers : undefined;
  const hadFocus = chain.contains(active);
  chain.dataset.layers = String(layers);
  const ways = document.createElement("span");
  ways.className = "ways";
  ways.append(
    button("−", `Remove layer from the ${side}`, {layers: "-1"}),
    button("+", `Add layer to the ${side}`, {layers: "1"}),
  );
  const steps = Array.from({length: layers}, (_, i) => stepOf(side, i + 1));
  chain.replaceChildren(end(""), ...steps, ways, end(side === "generator" ? "2" : "1"));
  const again = hadFocus && wanted ? chain.querySelector(`[data-layers="${wanted}"]`) : null;
  if (again instanceof HTMLElement) again.focus();
}

/** @param {string} text */
function end(text) {
  const span = document.createElement("span");
  span.className = "end";
  span.textContent = text;
  return span;
}

/** @param {Side} side @param {number} layer from 1 */
function stepOf(side, layer) {
  const step = document.createElement("span");
  step.className = "step";
  step.dataset.of = String(layer);
  const figure = document.createElement("output");
  figure.ariaLabel = `Units in layer ${layer} of the ${side}`;
  const of = `layer ${layer} of the ${side}`;
  step.append(
    button("−", `Remove unit from ${of}`, {layer: String(layer), by: "-1"}),
    figure,
    button("+", `Add unit to ${of}`, {layer: String(layer), by: "1"}),
  );
  return step;
}

/** @param {string} text @param {string} name @param {Record<string, string>} data */
function button(text, name, data) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "tiny";
  element.textContent = text;
  element.ariaLabel = name;
  Object.assign(element.dataset, data);
  if (data.by) element.dataset.held = "";
  return element;
}
