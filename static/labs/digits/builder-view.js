/** Both networks as chains of layers, with − and + for filters and units, and for layers. */

/** @import {DigitsPage, DigitsShell, DigitsState, TwinName} from "./page.js" */

import {formatCount} from "../../drawing/format.js";
import {byId} from "../../shell/elements.js";
import {build} from "./commands.js";
import {parametersOf, TWINS} from "./state.js";

const MOST_LAYERS = 4;
const MOST = {plain: 256, convolutional: 64};
const LEAST_LAYERS = {plain: 0, convolutional: 1};
const NEW = {plain: 16, convolutional: 16}; // units or filters of a new layer
const UNIT = {plain: "unit", convolutional: "filter"};

export class BuilderView {
  #shell;

  /** @param {DigitsShell} shell */
  constructor(shell) {
    this.#shell = shell;
    for (const twin of TWINS)
      byId(`${twin}-layers`, HTMLElement).addEventListener("click", ({target}) => {
        const button = target instanceof Element ? target.closest("button") : null;
        if (button) this.#change(twin, button.dataset);
      });
  }

  /** @param {DigitsPage} state */
  update({server}) {
    if (!server) return;
    for (const twin of TWINS) {
      const count = formatCount(parametersOf(server, twin));
      byId(`${twin}-parameters`, HTMLElement).textContent = `${count} parameters`;
      showChain(byId(`${twin}-layers`, HTMLElement), twin, server);
    }
  }

  /** @param {TwinName} twin @param {DOMStringMap} asked */
  #change(twin, {layer, by, layers}) {
    const {server} = this.#shell.state;
    if (!server) return;
    const units = unitsOf(server, twin);
    const next = layers
      ? withLayers(units, Number(layers), twin)
      : wider(units, Number(layer), Number(by));
    this.#shell.send(build(twin, next));
  }
}

/** @param {DigitsState} server @param {TwinName} twin */
function unitsOf({settings: {hidden, filters}}, twin) {
  return twin === "plain" ? hidden : filters;
}

/** @param {readonly number[]} units @param {number} by 1 or −1 @param {TwinName} twin */
function withLayers(units, by, twin) {
  return by > 0 ? [...units, NEW[twin]] : units.slice(0, -1);
}

/** @param {readonly number[]} units @param {number} layer from 1 @param {number} by */
function wider(units, layer, by) {
  return units.map((count, i) => (i === layer - 1 ? count + by : count));
}

/**
 * Elements are kept while there are as many layers: a button that is pressed keeps the focus.
 * @param {HTMLElement} chain
 * @param {TwinName} twin
 * @param {DigitsState} server
 */
function showChain(chain, twin, server) {
  const units = unitsOf(server, twin);
  if (chain.dataset.layers !== String(units.length)) makeChain(chain, twin, units.length);
  for (const [i, count] of units.entries()) {
    const side = server.facts[twin][i]?.side ?? 0;
    const step = chain.querySelector(`[data-of="${i + 1}"]`);
    const figure = step?.querySelector("output");
    if (figure) figure.textContent = String(count);
    const map = step?.querySelector(".map-size");
    if (map) map.textContent = side ? `${side}×${side}` : "";
    disable(step, `[data-by="-1"]`, count <= 1);
    disable(step, `[data-by="1"]`, count >= MOST[twin]);
  }
  disable(chain, `[data-layers="-1"]`, units.length <= LEAST_LAYERS[twin]);
  disable(chain, `[data-layers="1"]`, units.length >= MOST_LAYERS);
}

/** @param {Element | null | undefined} parent @param {string} selector @param {boolean} isDisabled */
function disable(parent, selector, isDisabled) {
  const button = parent?.querySelector(selector);
  if (button instanceof HTMLButtonElement) button.disabled = isDisabled;
}

/** @param {HTMLElement} chain @param {TwinName} twin @param {number} layers */
function makeChain(chain, twin, layers) {
  const wanted =
    document.activeElement instanceof HTMLElement ? {...document.activeElement.dataset} : {};
  const hadFocus = chain.contains(document.activeElement);
  chain.dataset.layers = String(layers);
  const steps = Array.from({length: layers}, (_, i) => stepOf(twin, i + 1));
  const ways = document.createElement("span");
  ways.className = "ways";
  ways.append(
    button("−", `Remove layer from the ${twin} network`, {layers: "-1"}),
    button("+", `Add layer to the ${twin} network`, {layers: "1"}),
  );
  const last = end("10");
  last.append(readOut());
  const first = end("28×28");
  first.append(readOut());
  chain.replaceChildren(first, ...steps, ways, last);
  if (!hadFocus || !wanted.layers) return;
  const again = chain.querySelector(`[data-layers="${wanted.layers}"]`);
  if (again instanceof HTMLElement) again.focus();
}

/** @param {string} text */
function end(text) {
  const span = document.createElement("span");
  span.className = "end";
  span.textContent = text;
  return span;
}

/** @param {TwinName} twin @param {number} layer from 1 */
function stepOf(twin, layer) {
  const step = document.createElement("span");
  step.className = "step";
  step.dataset.of = String(layer);
  const figure = document.createElement("output");
  figure.ariaLabel = `${UNIT[twin]}s in layer ${layer} of the ${twin} network`;
  const [known, map] = [document.createElement("small"), document.createElement("small")];
  known.className = "known";
  map.className = "map-size";
  known.append(map, readOut());
  const of = `layer ${layer} of the ${twin} network`;
  step.append(
    button("−", `Remove ${UNIT[twin]} from ${of}`, {layer: String(layer), by: "-1"}),
    figure,
    button("+", `Add ${UNIT[twin]} to ${of}`, {layer: String(layer), by: "1"}),
    known,
  );
  return step;
}

/** Where the share of a read-out of the layer, or of the image itself, stands. */
function readOut() {
  const figure = document.createElement("small");
  figure.className = "read-out";
  return figure;
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
