/** The nine test digits that excite the chosen filter or unit most; each can be put on the pad. */

/** @import {Frame} from "./frame.js" */
/** @import {Digits, DigitsLook, DigitsPage, DigitsShell, DigitsState} from "./page.js" */

import {throttle} from "../../drawing/throttle.js";
import {byId} from "../../shell/elements.js";
import {imageOf, SIDE} from "./ink.js";
import {fill, inkColors} from "./pictures.js";
import {IN_PLACE, inside, isStudied, kindOf} from "./state.js";

export class StrongestView {
  #shell;
  #list = byId("strongest", HTMLOListElement);
  #words = byId("strongest-words", HTMLElement);
  #write;
  #drawn = "";
  /** The unit that no test digit excites: network and focus. */
  #idle = "";

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
    if (!server) return;
    const isOn = isStudied(server, own.unit);
    this.#tell(server, own.unit);
    if (isOn || !this.#list.childElementCount) return;
    this.#drawn = "";
    this.#list.replaceChildren();
  }

  /** @param {DigitsState} server @param {number} unit from 1 */
  #tell(server, unit) {
    const text = !isStudied(server, unit)
      ? hintOf(server)
      : this.#idle === keyOf(server)
        ? `No test digit excites ${kindOf(server)} ${unit}.`
        : wordsOf(server, unit);
    if (this.#words.textContent !== text) this.#words.textContent = text;
  }

  /** The colours are others. */
  forget() {
    this.#drawn = "";
  }

  /** @param {Frame} frame @param {DigitsLook} look */
  draw({strongest, isIdle, focus, focusTwin, run}, {digits, hurry, state: {server, own}}) {
    if (!strongest || !server || digits?.run !== run || !isStudied(server, own.unit)) return;
    const key = `${focusTwin} ${focus}`;
    if (key !== keyOf(server)) return; // those of the unit before
    if (hurry) this.#write.hurry();
    this.#write.soon(() => {
      const now = this.#shell.state;
      if (!now.server || !isStudied(now.server, now.own.unit) || key !== keyOf(now.server)) return;
      this.#idle = isIdle ? key : "";
      this.#tell(now.server, now.own.unit);
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

/** Of the unit in focus. @param {DigitsState} server */
function keyOf(server) {
  return `${inside(server)} ${server.focus}`;
}

/** @param {DigitsState} server */
function hintOf(server) {
  const kind = kindOf(server);
  return `Click ${kind === "output" ? "an" : "a"} ${kind} for the nine test digits that excite it most.`;
}

/** @param {DigitsState} server @param {number} unit from 1 */
function wordsOf(server, unit) {
  const kind = kindOf(server);
  if (kind === "output") return `The output for digit ${unit - 1} is excited most by`;
  return `${kind === "filter" ? "Filter" : "Unit"} ${unit} is excited most by`;
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
