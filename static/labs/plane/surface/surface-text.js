/** The words, the scale and the list of methods beside the picture of a surface. */

/** @import {Scale} from "./scale.js" */
/** @import {Kind} from "./surface.js" */

import {formatLoss, formatWeight} from "../../../drawing/format.js";
import {byId} from "../../../shell/elements.js";
import {GRADIENT, lossAt} from "./scale.js";

/** What the axes are. @type {Record<Kind, string>} */
const AXES = {
  weights:
    "Only these two weights change here; all others stay. Click a link to choose, click the map to start a race there.",
  weight: "Only this weight changes here. Click a link to choose it.",
  gradient: "To the right: down the gradient of all points. Up: a random direction.",
  path: "The principal components of the path: the two directions that hold the most of it.",
  random:
    "Two random directions, each neuron’s weights in proportion to their size (Li et al., 2018).",
};

export class SurfaceText {
  #words = byId("surface-words", HTMLElement);
  #axes = byId("surface-axes", HTMLElement);
  #read = byId("surface-read", HTMLElement);
  #race = byId("surface-racers", HTMLElement);
  #scale = byId("surface-scale", HTMLElement);
  #curveLegend = byId("surface-lines", HTMLElement);
  #radius = byId("surface-radius", HTMLElement);

  constructor() {
    const bar = this.#scale.querySelector("i");
    if (bar instanceof HTMLElement) bar.style.background = GRADIENT;
  }

  /** Who races has read the hint, and the methods need its room. @param {Kind} kind @param {boolean} isRacing */
  showKind(kind, isRacing) {
    const isCurve = kind === "weight";
    set(this.#axes, AXES[kind]);
    this.#axes.hidden = isRacing;
    this.#scale.hidden = isCurve;
    this.#curveLegend.hidden = !isCurve;
    if (!isCurve) return;
    this.showRace([]);
    this.showRead("");
    set(this.#radius, "");
  }

  /** @param {readonly string[]} sentences */
  say(sentences) {
    set(this.#words, sentences.join(" "));
  }

  /** @param {Scale} scale @param {number} radius */
  showScale(scale, radius) {
    const [low, middle, high] = [0, 0.5, 1].map(share => formatLoss(lossAt(scale, share)));
    for (const [i, text] of [low, middle, high].entries()) {
      const number = this.#scale.querySelectorAll("span")[i];
      if (number instanceof HTMLElement) set(number, text ?? "");
    }
    this.#scale.ariaLabel = `Colours: dark is a loss of ${low}, bright of ${high}${scale.log ? ", logarithmic" : ""}`;
    set(this.#radius, `± ${formatWeight(radius)}`);
  }

  /** @param {string} text */
  showRead(text) {
    set(this.#read, text);
  }

  /** @param {readonly {name: string, loss: string, color: string}[]} racers */
  showRace(racers) {
    this.#race.hidden = racers.length === 0;
    while (this.#race.children.length > racers.length) this.#race.lastElementChild?.remove();
    for (const [i, {name, loss, color}] of racers.entries()) {
      const row = this.#race.children[i] ?? this.#race.appendChild(makeRow());
      const [mark, text, number] = row.children;
      if (mark instanceof HTMLElement) {
        mark.style.background = color;
        set(mark, String(i + 1));
      }
      if (text instanceof HTMLElement) set(text, name);
      if (number instanceof HTMLElement) set(number, loss);
    }
  }
}

function makeRow() {
  const row = document.createElement("li");
  const mark = document.createElement("b");
  mark.ariaHidden = "true";
  row.append(mark, document.createElement("span"), document.createElement("output"));
  return row;
}

/** @param {HTMLElement} element @param {string} text */
function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
