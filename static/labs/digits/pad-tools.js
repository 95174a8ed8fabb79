/** The controls beside the pad: what the pointer does, which test digit, its size and turn. */

/** @import {DigitsPage, DigitsShell, Pad} from "./page.js" */

import {onClick} from "../../shell/controls.js";
import {byId} from "../../shell/elements.js";
import {IN_PLACE, isEmpty, samePlacing} from "./state.js";

export class PadTools {
  #shell;
  #number = byId("test-digit", HTMLInputElement);
  #scale = byId("scale", HTMLInputElement);
  #turn = byId("turn", HTMLInputElement);
  #tools = [...document.querySelectorAll("input[name=tool]")].filter(
    each => each instanceof HTMLInputElement,
  );

  /** @param {DigitsShell} shell */
  constructor(shell) {
    this.#shell = shell;
    onClick("clear", () => this.#set({...IN_PLACE, ink: null, digit: null, tool: "pen"}));
    onClick("put-back", () => this.#set(IN_PLACE));
    onClick("another-digit", () => this.#choose(Math.floor(Math.random() * this.#count())));
    this.#number.addEventListener("change", () => this.#choose(this.#number.valueAsNumber - 1));
    this.#scale.addEventListener("input", () =>
      this.#set({scale: Number(this.#scale.value) / 100}),
    );
    this.#turn.addEventListener("input", () => this.#set({turn: Number(this.#turn.value)}));
    for (const radio of this.#tools)
      radio.addEventListener("change", () =>
        this.#set({tool: radio.value === "hand" ? "hand" : "pen"}),
      );
  }

  /** @param {DigitsPage} state @param {DigitsPage | null} before */
  update({own: {pad}, server}, before) {
    if (server) this.#number.max = String(server.facts.test_digits);
    if (before?.server && pad === before.own.pad) return;
    this.#number.value = pad.digit === null ? "" : String(pad.digit + 1);
    this.#scale.value = String(Math.round(pad.scale * 100));
    this.#turn.value = String(pad.turn);
    byId("scale-figure", HTMLElement).textContent = `${Math.round(pad.scale * 100)} %`;
    byId("turn-figure", HTMLElement).textContent = `${pad.turn}°`;
    for (const radio of this.#tools) radio.checked = radio.value === pad.tool;
    byId("clear", HTMLButtonElement).disabled = isEmpty(pad);
    byId("put-back", HTMLButtonElement).disabled = samePlacing(pad, IN_PLACE);
  }

  #count() {
    return this.#shell.state.server?.facts.test_digits ?? 0;
  }

  /** It can be dragged at once. @param {number} digit from 0 */
  #choose(digit) {
    const exists = Number.isInteger(digit) && digit >= 0 && digit < this.#count();
    if (exists) this.#set({...IN_PLACE, ink: null, digit, tool: "hand"});
    else this.update(this.#shell.state, null);
  }

  /** @param {Partial<Pad>} pad */
  #set(pad) {
    this.#shell.dispatch({type: "own", pad});
  }
}
