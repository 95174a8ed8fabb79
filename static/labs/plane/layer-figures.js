/** Below the network: one bar for each layer's gradient, on one logarithmic scale, and a sentence about them. */

/** @import {Frame} from "./frame.js" */
/** @import {LayerFigure, Scale} from "./gradient-flow.js" */
/** @import {NetworkLayout} from "./network-layout.js" */

import {throttle} from "../../drawing/throttle.js";
import {byId} from "../../shell/elements.js";
import {
  alarm,
  barLength,
  decades,
  FIGURES,
  gradientSentence,
  layerSentence,
  layersOf,
  scaleOf,
} from "./gradient-flow.js";

const WORDS = 5; // beats between two texts: people read words more slowly than bars
const WIDEST = 24; // px of a bar
const MARGIN = 44; // px for the scale, if the bars do not stand below their layers
const TIP = 230; // px, as the style sheet has it

export class LayerFigures {
  #parts = {
    strip: byId("gradient-strip", HTMLElement), // holds all
    plot: byId("gradient-plot", HTMLElement),
    scale: byId("gradient-scale", HTMLElement),
    bars: byId("gradient-bars", HTMLElement), // a list
    tip: byId("gradient-tip", HTMLElement),
    sentence: byId("gradient-sentence", HTMLElement),
  };
  /** @type {LayerFigure[]} */
  #layers = [];
  /** @type {Scale | undefined} */
  #scale;
  /** @type {number[]} */
  #places = [];
  #shown = -1;
  #draw;
  #say;

  /** @param {AbortSignal} signal */
  constructor(signal) {
    this.#draw = throttle(
      (/** @type {Float32Array} */ figures) => this.#drawBars(figures),
      1,
      signal,
    );
    this.#say = throttle(() => this.#write(), WORDS, signal);
    this.#listen(signal);
  }

  /**
   * @param {NetworkLayout} layout
   * @param {boolean} wanted
   * @param {number} width of the panel
   */
  arrange(layout, wanted, width) {
    const {strip, bars} = this.#parts;
    strip.hidden = !wanted;
    this.#places = wanted ? placesOf(layout, width) : [];
    const places = this.#places;
    while (bars.children.length > places.length) bars.lastElementChild?.remove();
    while (bars.children.length < places.length) bars.append(makeBar());
    const apart = Math.min(...places.slice(1).map((x, i) => x - (places[i] ?? 0)));
    bars.style.setProperty("--bar", `${Math.max(Math.min(WIDEST, Math.round(apart * 0.6)), 3)}px`);
    for (const [i, item] of items(bars).entries()) item.style.left = `${places[i]}px`;
    if (bars.querySelector("[tabindex='0']") === null) this.#makeEntrance(0);
    this.#scale = undefined;
    this.#show(-1);
    this.#draw.hurry();
    this.#say.hurry();
  }

  /** @param {Frame} frame */
  draw({layers}) {
    if (layers && layers.length === this.#places.length * FIGURES) this.#draw.soon(layers);
  }

  /** @param {Float32Array} figures */
  #drawBars(figures) {
    const layers = layersOf(figures);
    if (layers.length !== this.#places.length) return; // the network has changed meanwhile
    this.#layers = layers;
    const scale = scaleOf(layers, this.#scale);
    if (scale.smallest !== this.#scale?.smallest || scale.largest !== this.#scale.largest)
      this.#parts.scale.replaceChildren(...decades(scale).map(power => makeDecade(power, scale)));
    this.#scale = scale;
    const last = layers.at(-1)?.gradient ?? 0;
    for (const [i, item] of items(this.#parts.bars).entries()) {
      const gradient = layers[i]?.gradient ?? 0;
      setProperty(item, "--part", barLength(gradient, scale).toFixed(3));
      setProperty(item, "--alarm", `${Math.round(100 * alarm(gradient, last))}%`);
    }
    this.#writeTip();
    this.#say.soon(undefined);
  }

  #write() {
    setText(this.#parts.sentence, gradientSentence(this.#layers));
    for (const [i, item] of items(this.#parts.bars).entries()) {
      const words = layerSentence(this.#layers, i);
      const button = item.firstElementChild;
      if (button && button.ariaLabel !== words) button.ariaLabel = words;
    }
  }

  /** @param {AbortSignal} signal */
  #listen(signal) {
    const {strip, plot, bars} = this.#parts;
    for (const type of /** @type {const} */ (["pointermove", "pointerdown"]))
      plot.addEventListener(type, event => {
        const x = event.clientX - plot.getBoundingClientRect().left;
        const away = this.#places.map(place => Math.abs(place - x));
        this.#show(away.indexOf(Math.min(...away)));
      });
    plot.addEventListener("pointerleave", event => {
      if (event.pointerType === "mouse") this.#show(this.#focused());
    });
    document.addEventListener(
      "pointerdown",
      event => {
        if (event.target instanceof Node && !plot.contains(event.target)) this.#show(-1);
      },
      {signal},
    );
    bars.addEventListener("focusin", () => this.#show(this.#focused()));
    bars.addEventListener("focusout", () => this.#show(-1));
    strip.addEventListener("keydown", event => this.#step(event));
  }

  /** @param {KeyboardEvent} event */
  #step(event) {
    const last = this.#places.length - 1;
    const here = this.#focused();
    const there = {
      ArrowLeft: Math.max(here - 1, 0),
      ArrowRight: Math.min(here + 1, last),
      Home: 0,
      End: last,
    }[event.key];
    if (event.key === "Escape") this.#show(-1);
    if (there === undefined || here < 0) return;
    event.preventDefault();
    this.#makeEntrance(there);
    const button = this.#parts.bars.children[there]?.firstElementChild;
    if (button instanceof HTMLElement) button.focus();
  }

  /** The whole strip is one stop for Tab. @param {number} entrance */
  #makeEntrance(entrance) {
    for (const [i, item] of items(this.#parts.bars).entries())
      if (item.firstElementChild instanceof HTMLElement)
        item.firstElementChild.tabIndex = i === entrance ? 0 : -1;
  }

  #focused() {
    return items(this.#parts.bars).findIndex(item => item.contains(document.activeElement));
  }

  /** @param {number} layer whose figures stand beside its bar, from 0; −1 for none */
  #show(layer) {
    if (layer === this.#shown) return;
    const {bars, tip, plot} = this.#parts;
    bars.children[this.#shown]?.classList.remove("shown");
    bars.children[layer]?.classList.add("shown");
    this.#shown = layer;
    tip.hidden = layer < 0;
    const most = Math.max(plot.clientWidth - TIP / 2, TIP / 2);
    tip.style.left = `${Math.min(Math.max(this.#places[layer] ?? 0, TIP / 2), most)}px`;
    this.#writeTip();
  }

  #writeTip() {
    if (this.#shown >= 0) setText(this.#parts.tip, layerSentence(this.#layers, this.#shown));
  }
}

/**
 * Where the bars stand: below their layers, or at even distances if the network is wider than the panel.
 * @param {NetworkLayout} layout
 * @param {number} width of the panel
 */
function placesOf({columns, width: whole}, width) {
  const own = columns.slice(1);
  if (whole <= width) return own;
  const step = (width - MARGIN) / own.length;
  return own.map((_, i) => Math.round(MARGIN + step * (i + 0.5)));
}

/** @param {HTMLElement} list */
function items(list) {
  return /** @type {HTMLElement[]} */ ([...list.children]);
}

function makeBar() {
  const item = document.createElement("li");
  const button = item.appendChild(document.createElement("button"));
  button.type = "button";
  button.tabIndex = -1;
  return item;
}

/** @param {number} power @param {Scale} scale */
function makeDecade(power, scale) {
  const line = document.createElement("span");
  line.textContent = power === 0 ? "1" : `1e${power}`;
  line.style.bottom = `${100 * barLength(10 ** power, scale)}%`;
  return line;
}

/** @param {HTMLElement} element @param {string} text */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {HTMLElement} element @param {string} name @param {string} value */
function setProperty(element, name, value) {
  if (element.style.getPropertyValue(name) !== value) element.style.setProperty(name, value);
}
