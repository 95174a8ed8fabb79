/** Digits that are misread at the shift that is looked at; each can be put on the pad. */

/** @import {Frame, Misread} from "./frame.js" */
/** @import {Digits, DigitsLook, DigitsPage, DigitsShell} from "./page.js" */

import {throttle} from "../../drawing/throttle.js";
import {byId} from "../../shell/elements.js";
import {imageOf, movedImage, SIDE} from "./ink.js";
import {fill, inkColors} from "./pictures.js";
import {IN_PLACE, TWIN_TITLES, TWINS} from "./state.js";

const MOST_OF_EACH = 5;

export class MisreadView {
  #shell;
  #list = byId("misread", HTMLUListElement);
  #write;
  #drawn = "";

  /** @param {DigitsShell} shell @param {AbortSignal} signal ends it */
  constructor(shell, signal) {
    this.#shell = shell;
    // A digit is not clicked that has just gone.
    this.#write = throttle((/** @type {() => void} */ act) => act(), 8, signal);
    this.#list.addEventListener("click", ({target}) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (button) this.#choose(Number(button.dataset.digit));
    });
  }

  /** @param {DigitsPage} state */
  update({own: {cell}, server}) {
    this.#list.hidden = cell === null || !server?.view.shift_map;
    if (!this.#list.hidden) return;
    this.#drawn = "";
    this.#list.replaceChildren();
  }

  /** The colours are others. */
  forget() {
    this.#drawn = "";
  }

  /** @param {Frame} frame @param {DigitsLook} look */
  draw({misread, misreadAt, run}, {digits, hurry, state: {own}}) {
    if (this.#list.hidden || !misread || digits?.run !== run) return;
    if (misreadAt !== String(own.cell)) return; // those of the cell before
    if (hurry) this.#write.hurry();
    this.#write.soon(() => this.#show(misread, digits, own.cell ?? [0, 0]));
  }

  /** @param {Misread[]} misread @param {Digits} digits @param {readonly [number, number]} cell */
  #show(misread, digits, cell) {
    const shown = TWINS.flatMap((_, twin) =>
      misread.filter(each => each.twin === twin).slice(0, MOST_OF_EACH),
    );
    const key = JSON.stringify([shown, cell]);
    if (key === this.#drawn || this.#list.contains(document.activeElement)) return;
    this.#drawn = key;
    this.#list.replaceChildren(...shown.map(each => itemOf(each, digits, cell)));
  }

  /** On the pad as it was misread. @param {number} digit */
  #choose(digit) {
    const move = this.#shell.state.own.cell ?? [0, 0];
    this.#shell.dispatch({type: "own", pad: {...IN_PLACE, ink: null, digit, move, tool: "hand"}});
  }
}

/** @param {Misread} misread @param {Digits} digits @param {readonly [number, number]} cell */
function itemOf({twin, digit, said}, digits, cell) {
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
  button.ariaLabel = `${TWIN_TITLES[name]}: a ${label}, read as ${said}. Put it on the pad`;
  words.textContent = `${label}→${said}`;
  words.ariaHidden = "true";
  canvas.ariaHidden = "true";
  fill(canvas, movedImage(imageOf(digits, digit), cell), SIDE, inkColors());
  button.append(canvas, words);
  item.append(button);
  return item;
}
