/** Explains the colours of the large picture: a scale of the output or of a probability, or a colour for each class. */

/** @import {PlanePage} from "./page.js" */

import {byId} from "../../shell/elements.js";
import {shownUnit} from "./state.js";

export class Legend {
  #classes = byId("class-legend", HTMLElement);
  #scale = byId("scale", HTMLElement);

  /** @param {PlanePage} state */
  update(state) {
    const {server} = state;
    const count = server?.facts.classes ?? 2;
    const several = count > 2;
    this.#scale.hidden = several;
    this.#showScale(server?.facts.objective === "cross-entropy" && !shownUnit(state));
    this.#classes.hidden = !several;
    const shown = several ? count : 0;
    const list = this.#classes;
    while (list.children.length > shown) list.lastElementChild?.remove();
    while (list.children.length < shown) list.append(makeSwatch("li", list.children.length));
    const names = server?.facts.own?.classes ?? [];
    for (const [k, each] of [...list.children].entries()) nameSwatch(each, k, names[k]);
  }

  /** @param {boolean} isProbability */
  #showScale(isProbability) {
    const {marks, words} = isProbability ? PROBABILITY : OUTPUT;
    for (const [i, mark] of [...this.#scale.querySelectorAll("span")].entries())
      if (mark.textContent !== marks[i]) mark.textContent = marks[i] ?? "";
    this.#scale.ariaLabel = words;
  }
}

/** @param {Element} swatch @param {number} k @param {string | undefined} name that somebody gave the class */
function nameSwatch(swatch, k, name) {
  const words = name && name !== `${k + 1}` ? `${k + 1} ${name}` : `${k + 1}`;
  if (swatch.textContent !== words) swatch.textContent = words;
}

const OUTPUT = {
  marks: ["−1", "0", "1"],
  words: "Colours: orange is minus one, blue is plus one",
};
const PROBABILITY = {
  marks: ["0", "0.5", "1"],
  words: "Colours: the probability of blue, from 0, orange, to 1",
};

/**
 * The colour and the number of a class.
 * @param {"li" | "span"} tag
 * @param {number} k
 */
export function makeSwatch(tag, k) {
  const swatch = document.createElement(tag);
  swatch.className = "swatch";
  swatch.style.setProperty("--class", `var(--class-${k})`);
  swatch.textContent = String(k + 1);
  return swatch;
}
