/** The filters or units of a layer for the image on the pad: one is chosen to be seen large. Network and layer too. */

/** @import {Frame} from "./frame.js" */
/** @import {DigitsLook, DigitsPage, DigitsShell, DigitsState} from "./page.js" */
/** @import {Tile} from "./unit-tiles.js" */

import {byId} from "../../shell/elements.js";
import {show} from "./commands.js";
import {FilterTiles} from "./filter-tiles.js";
import {
  inside,
  isUnitOff,
  kindOf,
  layerAcross,
  layerInside,
  layerShown,
  unitName,
} from "./state.js";
import {tileOf} from "./unit-tiles.js";
import {WeightTiles} from "./weight-tiles.js";

export class UnitsView {
  #shell;
  #signal;
  #box = byId("units", HTMLElement);
  #looking = byId("looking", HTMLElement);
  #layers = byId("layers", HTMLElement);
  #networks = byId("inside-network", HTMLElement);
  /** @type {Tile[]} */
  #tiles = [];
  /** Paints the tiles of the layer that is shown. @type {FilterTiles | WeightTiles} */
  #painter;

  /** @param {DigitsShell} shell @param {AbortSignal} signal ends it */
  constructor(shell, signal) {
    this.#shell = shell;
    this.#signal = signal;
    this.#painter = new FilterTiles([], signal);
    this.#box.addEventListener("click", ({target}) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (button) this.#choose(Number(button.dataset.unit));
    });
    this.#layers.addEventListener("change", ({target}) => {
      if (target instanceof HTMLInputElement) this.#chooseLayer(Number(target.value));
    });
    this.#networks.addEventListener("change", ({target}) => {
      if (target instanceof HTMLInputElement) this.#chooseNetwork(target.value === "plain");
    });
    this.#box.addEventListener("keydown", event => this.#key(event));
  }

  /** The colours are others. */
  forget() {
    this.#painter.forget();
  }

  /** @param {DigitsPage} state @param {DigitsPage | null} before */
  update({server, own}, before) {
    if (!server || (server === before?.server && own.unit === before.own.unit)) return;
    const layer = layerInside(server);
    if (!layer) return;
    this.#looking.dataset.kind = layer.kind;
    if (server !== before?.server) this.#showChoices(server);
    this.#box.ariaLabel =
      kindOf(server) === "filter" ? "Filters and their maps" : "Units, their weights and values";
    // Weights of another shape have other pictures.
    const key = `${inside(server)} ${layerShown(server)} ${layer.kind} ${layer.weights_shape}`;
    if (this.#box.dataset.layer !== key) this.#make(server, key);
    for (const [i, {button}] of this.#tiles.entries()) {
      const [isChosen, isOff] = [i + 1 === own.unit, isUnitOff(server, i + 1)];
      button.ariaPressed = String(isChosen);
      button.tabIndex = isChosen ? 0 : -1;
      button.classList.toggle("off", isOff);
      button.ariaLabel = `${unitName(server, i + 1)}${isOff ? ", switched off" : ""}`;
    }
  }

  /** @param {Frame} frame @param {DigitsLook} look */
  draw(frame, look) {
    const {server} = look.state;
    if (server) this.#painter.draw(frame, look, server);
  }

  /** Only what the server has said: a choice that it has not answered yet stays. @param {DigitsState} server */
  #showChoices(server) {
    for (const radio of this.#networks.querySelectorAll("input"))
      radio.checked = radio.value === inside(server);
    const [count, layer] = [server.facts[inside(server)].length, layerShown(server)];
    if (this.#layers.childElementCount !== count)
      this.#layers.replaceChildren(
        ...Array.from({length: count}, (_, i) => layerChoice(i + 1, i + 1 === count)),
      );
    for (const radio of this.#layers.querySelectorAll("input"))
      radio.checked = Number(radio.value) === layer;
  }

  /** @param {DigitsState} server @param {string} key of what the tiles show */
  #make(server, key) {
    const {kind, units} = layerInside(server) ?? {kind: "dense", units: 0};
    this.#box.dataset.layer = key;
    this.#tiles = Array.from({length: units}, (_, i) => tileOf(i + 1, kindOf(server)));
    this.#box.replaceChildren(...this.#tiles.map(({button}) => button));
    const Painter = kind === "dense" ? WeightTiles : FilterTiles;
    this.#painter = new Painter(this.#tiles, this.#signal);
  }

  /** What excites it most is wanted from now on. @param {number} unit from 1 */
  #choose(unit) {
    const {server} = this.#shell.state;
    this.#shell.dispatch({type: "own", unit});
    if (server) this.#shell.mention({type: "focus", unit: [layerShown(server), unit]});
  }

  /** @param {number} layer from 1 */
  #chooseLayer(layer) {
    const isStudied = Boolean(this.#shell.state.server?.focus);
    this.#shell.dispatch({type: "own", pixel: null});
    this.#shell.send(show({layer}));
    if (isStudied) this.#chooseFirst(layer);
  }

  /** @param {boolean} isPlain */
  #chooseNetwork(isPlain) {
    const {server} = this.#shell.state;
    if (!server) return;
    const layer = layerAcross(server, isPlain ? "plain" : "convolutional");
    this.#shell.dispatch({type: "own", unit: 1, pixel: null});
    this.#shell.send(show({inside_plain: isPlain, layer}));
    if (server.focus) this.#chooseFirst(Math.max(layer, 1));
  }

  /** What excites its first unit most is wanted. @param {number} layer from 1 */
  #chooseFirst(layer) {
    this.#shell.dispatch({type: "own", unit: 1});
    this.#shell.mention({type: "focus", unit: [layer, 1]});
  }

  /** Arrows go from unit to unit. @param {KeyboardEvent} event */
  #key(event) {
    const ways = /** @type {Record<string, number>} */ ({
      ArrowRight: 1,
      ArrowDown: 1,
      ArrowLeft: -1,
      ArrowUp: -1,
    });
    const way = ways[event.key];
    if (!way) return;
    event.preventDefault();
    const unit = this.#shell.state.own.unit + way;
    const tile = this.#tiles[unit - 1];
    if (!tile) return;
    this.#choose(unit);
    tile.button.focus();
  }
}

/** @param {number} layer @param {boolean} isLast */
function layerChoice(layer, isLast) {
  const [label, input, span] = [
    document.createElement("label"),
    document.createElement("input"),
    document.createElement("span"),
  ];
  input.type = "radio";
  input.name = "layer";
  input.value = String(layer);
  span.textContent = isLast ? "Output" : `Layer ${layer}`;
  label.append(input, span);
  return label;
}
