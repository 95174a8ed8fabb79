/** The link carries what is on the pad: the view has it as the server writes it into links, once the pad rests. */

/** @import {DigitsPage, DigitsShell, Linked} from "./page.js" */

import {show} from "./commands.js";
import {linkedOf} from "./state.js";

const REST = 300; // ms without a change of the pad, after which the link gets it

export class LinkedPad {
  #shell;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {DigitsShell} shell @param {AbortSignal} signal ends it */
  constructor(shell, signal) {
    this.#shell = shell;
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  /** @param {DigitsPage} state @param {DigitsPage | null} before */
  update(state, before) {
    if (before && state.own.pad === before.own.pad && state.server === before.server) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell(), REST);
  }

  #tell() {
    const {own, server, connection} = this.#shell.state;
    if (connection !== "open" || !server) return;
    const linked = linkedOf(own.pad);
    const names = /** @type {(keyof Linked)[]} */ (Object.keys(linked));
    if (names.some(name => linked[name] !== server.view[name])) this.#shell.mention(show(linked));
  }
}
