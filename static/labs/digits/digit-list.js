/** A list of misread test digits as pictures; each can be put on the pad. */

/** @import {Misread} from "./frame.js" */
/** @import {Digits} from "./page.js" */

import {imageOf, movedImage, SIDE} from "./ink.js";
import {fill, inkColors} from "./pictures.js";
import {TWIN_TITLES, TWINS} from "./state.js";

/** @typedef {readonly [number, number]} Move pixels to the right and down */

export class DigitList {
  #list;
  #shown = "";

  /** @param {HTMLElement} list @param {(digit: number) => void} choose */
  constructor(list, choose) {
    this.#list = list;
    list.addEventListener("click", ({target}) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (button) choose(Number(button.dataset.digit));
    });
  }

  /** What it shows means nothing any more. */
  clear() {
    this.forget();
    this.#list.replaceChildren();
  }

  /** The colours are others. */
  forget() {
    this.#shown = "";
  }

  /**
   * A digit that has the focus stays until it is left, while the question is the same.
   * @param {readonly Misread[]} digits
   * @param {Digits} all
   * @param {Move} move
   */
  show(digits, all, move) {
    const key = JSON.stringify([digits, move]);
    if (key === this.#shown || this.#list.contains(document.activeElement)) return;
    this.#shown = key;
    this.#list.replaceChildren(...digits.map(each => itemOf(each, all, move)));
  }
}

/** @param {Misread} misread @param {Digits} digits @param {Move} move */
function itemOf({twin, digit, said}, digits, move) {
  const [item, button, canvas, words] = [
    document.createElement("li"),
    document.createElement("button"),
    document.createElement("canvas"),
    document.createElement("span"),
  ];
  const name = TWINS[twin] ?? "plain";
  const label = digits.labels[digit] ?? 0;
  item.className = `of-${name}`;
  button.type = "button";
  button.dataset.digit = String(digit);
  words.textContent = `${label}→${said}`;
  button.ariaLabel = `${words.textContent}, ${TWIN_TITLES[name].toLowerCase()}: a ${label}, read as ${said}. Put it on the pad`;
  words.ariaHidden = "true";
  canvas.ariaHidden = "true";
  fill(canvas, movedImage(imageOf(digits, digit), move), SIDE, inkColors());
  button.append(canvas, words);
  item.append(button);
  return item;
}
