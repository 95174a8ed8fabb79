/** The filters of a layer and their maps for the image on the pad: one is chosen to be seen large. */

/** @import {Frame, Maps} from "./frame.js" */
/** @import {DigitsLook, DigitsPage, DigitsShell, DigitsState} from "./page.js" */

import {throttle} from "../../drawing/throttle.js";
import {byId} from "../../shell/elements.js";
import {show} from "./commands.js";
import {convolutionOf, filterOf} from "./convolution.js";
import {fill, signedBytes, signedColors} from "./pictures.js";
import {layerShown} from "./state.js";

/** @typedef {{button: HTMLButtonElement, map: HTMLCanvasElement, filter: HTMLCanvasElement}} Tile */

export class UnitsView {
  #shell;
  #box = byId("units", HTMLElement);
  #layers = byId("layers", HTMLElement);
  /** @type {Tile[]} */
  #tiles = [];
  #paintFilters;
  /** @type {unknown[]} */
  #drawn = [];

  /** @param {DigitsShell} shell @param {AbortSignal} signal ends it */
  constructor(shell, signal) {
    this.#shell = shell;
    this.#paintFilters = throttle((/** @type {() => void} */ act) => act(), 2, signal);
    this.#box.addEventListener("click", ({target}) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (button) this.#choose(Number(button.dataset.unit));
    });
    this.#layers.addEventListener("change", ({target}) => {
      if (target instanceof HTMLInputElement) this.#chooseLayer(Number(target.value));
    });
    this.#box.addEventListener("keydown", event => this.#key(event));
  }

  /** The colours are others. */
  forget() {
    this.#drawn = [];
  }

  /** @param {DigitsPage} state @param {DigitsPage | null} before */
  update({server, own}, before) {
    if (!server || (server === before?.server && own.unit === before.own.unit)) return;
    const layer = layerShown(server);
    const count = server.settings.filters[layer - 1] ?? 0;
    this.#showLayers(server.settings.filters.length, layer);
    if (this.#tiles.length !== count || this.#box.dataset.layer !== String(layer))
      this.#make(layer, count);
    for (const [i, {button}] of this.#tiles.entries()) {
      const [isChosen, isOff] = [i + 1 === own.unit, isUnitOff(server, layer, i + 1)];
      button.ariaPressed = String(isChosen);
      button.tabIndex = isChosen ? 0 : -1;
      button.classList.toggle("off", isOff);
      button.ariaLabel = `Layer ${layer} filter ${i + 1}${isOff ? ", switched off" : ""}`;
    }
  }

  /** @param {Frame} frame @param {DigitsLook} look */
  draw({maps, image, parameters}, {state: {server}, palette, hurry}) {
    if (!server) return;
    const layer = layerShown(server);
    const own = image ? (maps[layer - 1] ?? null) : null;
    const colors = palette.field;
    const shades = own && signedColors(colors, own);
    if (own !== this.#drawn[0]) {
      for (const [i, {map}] of this.#tiles.entries())
        if (own && shades) fill(map, pictureOf(own, i), own.side, shades);
        else map.width = 1; // clears it
    }
    if (parameters && parameters !== this.#drawn[1]) {
      if (hurry) this.#paintFilters.hurry();
      this.#paintFilters.soon(() => this.#showFilters(server, parameters, colors));
    }
    this.#drawn = [own, parameters];
  }

  /** @param {DigitsState} server @param {Float32Array} parameters @param {Uint32Array} colors */
  #showFilters(server, parameters, colors) {
    const layer = convolutionOf(server, layerShown(server), parameters);
    if (!layer) return;
    for (const [i, {filter}] of this.#tiles.entries()) {
      const channels = Array.from({length: layer.channels}, (_, channel) =>
        filterOf(layer, i, channel),
      );
      fill(filter, signedBytes(strongest(channels)), layer.size, colors);
    }
  }

  /** @param {number} count @param {number} layer */
  #showLayers(count, layer) {
    if (this.#layers.childElementCount !== count)
      this.#layers.replaceChildren(...Array.from({length: count}, (_, i) => layerChoice(i + 1)));
    for (const radio of this.#layers.querySelectorAll("input"))
      radio.checked = Number(radio.value) === layer;
  }

  /** @param {number} layer @param {number} count */
  #make(layer, count) {
    this.#drawn = [];
    this.#box.dataset.layer = String(layer);
    this.#tiles = Array.from({length: count}, (_, i) => tileOf(i + 1));
    this.#box.replaceChildren(...this.#tiles.map(({button}) => button));
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
    this.#shell.send(show({layer}));
    if (!isStudied) return;
    this.#shell.dispatch({type: "own", unit: 1});
    this.#shell.mention({type: "focus", unit: [layer, 1]});
  }

  /** Arrows go from filter to filter. @param {KeyboardEvent} event */
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

/** @param {Maps} maps @param {number} unit from 0 */
function pictureOf({pictures, side}, unit) {
  return pictures.subarray(unit * side ** 2, (unit + 1) * side ** 2);
}

/** @param {DigitsState} server @param {number} layer @param {number} unit */
export function isUnitOff({settings: {convolutional_off: off}}, layer, unit) {
  return off.some(([l, u]) => l === layer && u === unit);
}

/** The channel to which a filter gives most weight. @param {number[][]} channels */
function strongest(channels) {
  const sizes = channels.map(weights => weights.reduce((sum, weight) => sum + weight ** 2, 0));
  return channels[sizes.indexOf(Math.max(...sizes))] ?? [];
}

/** @param {number} unit @returns {Tile} */
function tileOf(unit) {
  const button = document.createElement("button");
  const [map, filter] = [document.createElement("canvas"), document.createElement("canvas")];
  button.type = "button";
  button.className = "unit";
  button.dataset.unit = String(unit);
  map.className = "map";
  filter.className = "filter";
  for (const canvas of [map, filter]) canvas.ariaHidden = "true";
  button.append(map, filter);
  return {button, map, filter};
}

/** @param {number} layer */
function layerChoice(layer) {
  const [label, input, span] = [
    document.createElement("label"),
    document.createElement("input"),
    document.createElement("span"),
  ];
  input.type = "radio";
  input.name = "layer";
  input.value = String(layer);
  span.textContent = `Layer ${layer}`;
  label.append(input, span);
  return label;
}
