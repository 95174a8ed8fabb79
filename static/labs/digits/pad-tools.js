/** The controls beside the pad: what pointer and arrow keys do, size and turn of the digit. */

/** @import {DigitsPage, DigitsShell, Pad} from "./page.js" */

import {onClick} from "../../shell/controls.js";
import {byId} from "../../shell/elements.js";
import {IN_PLACE, isEmpty, samePlacing} from "./state.js";

export class PadTools {
  #shell;
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
  update({own: {pad}}, before) {
    if (before?.server && pad === before.own.pad) return;
    this.#scale.value = String(Math.round(pad.scale * 100));
    this.#turn.value = String(pad.turn);
    byId("scale-figure", HTMLElement).textContent = `${Math.round(pad.scale * 100)} %`;
    byId("turn-figure", HTMLElement).textContent = `${pad.turn}°`;
    for (const radio of this.#tools) radio.checked = radio.value === pad.tool;
    byId("clear", HTMLButtonElement).disabled = isEmpty(pad);
    byId("put-back", HTMLButtonElement).disabled = samePlacing(pad, IN_PLACE);
  }

  /** @param {Partial<Pad>} pad */
  #set(pad) {
    this.#shell.dispatch({type: "own", pad});
  }
}
