/** Digits that are misread at the shift that is looked at; each can be put on the pad. */

/** @import {Frame, Misread} from "./frame.js" */
/** @import {Digits, DigitsLook, DigitsPage, DigitsShell} from "./page.js" */

import {throttle} from "../../drawing/throttle.js";
import {byId} from "../../shell/elements.js";
import {DigitList} from "./digit-list.js";
import {IN_PLACE, TWINS} from "./state.js";

const MOST_OF_EACH = 5;

export class MisreadView {
  #shell;
  #box = byId("misread", HTMLUListElement);
  #list = new DigitList(this.#box, digit => this.#choose(digit));
  #write;

  /** @param {DigitsShell} shell @param {AbortSignal} signal ends it */
  constructor(shell, signal) {
    this.#shell = shell;
    // A digit is not clicked that has just gone.
    this.#write = throttle((/** @type {() => void} */ act) => act(), 8, signal);
  }

  /** @param {DigitsPage} state */
  update({own: {cell}, server}) {
    this.#box.hidden = cell === null || !server?.view.shift_map;
    if (this.#box.hidden) this.#list.clear();
  }

  /** The colours are others. */
  forget() {
    this.#list.forget();
  }

  /** @param {Frame} frame @param {DigitsLook} look */
  draw({misread, misreadAt, run}, {digits, hurry, state: {own}}) {
    if (this.#box.hidden || !misread || digits?.run !== run) return;
    if (misreadAt !== String(own.cell)) return; // those of the cell before
    if (hurry) this.#write.hurry();
    this.#write.soon(() => this.#list.show(fewOf(misread), digits, own.cell ?? [0, 0]));
  }

  /** On the pad as it was misread. @param {number} digit */
  #choose(digit) {
    const move = this.#shell.state.own.cell ?? [0, 0];
    this.#shell.dispatch({type: "own", pad: {...IN_PLACE, ink: null, digit, move, tool: "hand"}});
  }
}

/** @param {Misread[]} misread */
function fewOf(misread) {
  return TWINS.flatMap((_, twin) =>
    misread.filter(each => each.twin === twin).slice(0, MOST_OF_EACH),
  );
}
