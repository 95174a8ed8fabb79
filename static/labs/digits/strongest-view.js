/** The nine test digits that excite the chosen filter most; each can be put on the pad. */

/** @import {Frame} from "./frame.js" */
/** @import {Digits, DigitsLook, DigitsPage, DigitsShell} from "./page.js" */

import {throttle} from "../../drawing/throttle.js";
import {byId} from "../../shell/elements.js";
import {imageOf, SIDE} from "./ink.js";
import {fill, inkColors} from "./pictures.js";
import {IN_PLACE, isStudied} from "./state.js";

const HINT = "Click a filter for the nine test digits that excite it most.";

export class StrongestView {
  #shell;
  #list = byId("strongest", HTMLOListElement);
  #words = byId("strongest-words", HTMLElement);
  #write;
  #drawn = "";

  /** @param {DigitsShell} shell @param {AbortSignal} signal ends it */
  constructor(shell, signal) {
    this.#shell = shell;
    this.#write = throttle((/** @type {() => void} */ act) => act(), 4, signal);
    this.#list.addEventListener("click", ({target}) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (button)
        shell.dispatch({
          type: "own",
          pad: {...IN_PLACE, ink: null, digit: Number(button.dataset.digit), tool: "hand"},
        });
    });
  }

  /** @param {DigitsPage} state */
  update({server, own}) {
    const isOn = server !== null && isStudied(server, own.unit);
    const text = isOn ? `Filter ${own.unit} is excited most by` : HINT;
    if (this.#words.textContent !== text) this.#words.textContent = text;
    if (isOn || !this.#list.childElementCount) return;
    this.#drawn = "";
    this.#list.replaceChildren();
  }

  /** The colours are others. */
  forget() {
    this.#drawn = "";
  }

  /** @param {Frame} frame @param {DigitsLook} look */
  draw({strongest, focus, run}, {digits, hurry, state: {server, own}}) {
    if (!strongest || !server || digits?.run !== run || !isStudied(server, own.unit)) return;
    if (focus !== String(server.focus)) return; // those of the filter before
    if (hurry) this.#write.hurry();
    this.#write.soon(() => {
      const now = this.#shell.state;
      if (now.server && isStudied(now.server, now.own.unit) && focus === String(now.server.focus))
        this.#show(strongest, digits);
    });
  }

  /** @param {readonly number[]} strongest @param {Digits} digits */
  #show(strongest, digits) {
    const key = String(strongest);
    if (key === this.#drawn || this.#list.contains(document.activeElement)) return;
    this.#drawn = key;
    this.#list.replaceChildren(...strongest.map(digit => itemOf(digit, digits)));
  }

  /** Whether there was a filter whose digits are wanted. */
  leave() {
    const isThere = Boolean(this.#shell.state.server?.focus);
    if (isThere) this.#shell.mention({type: "focus", unit: null});
    return isThere;
  }
}

/** @param {number} digit @param {Digits} digits */
function itemOf(digit, digits) {
  const [item, button, canvas] = [
    document.createElement("li"),
    document.createElement("button"),
    document.createElement("canvas"),
  ];
  button.type = "button";
  button.dataset.digit = String(digit);
  button.ariaLabel = `Test digit ${digit + 1}, a ${digits.labels[digit] ?? 0}. Put it on the pad`;
  canvas.ariaHidden = "true";
  fill(canvas, imageOf(digits, digit), SIDE, inkColors());
  button.append(canvas);
  item.append(button);
  return item;
}
