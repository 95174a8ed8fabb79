/** The test digits that can be put on the pad: by number, the next of a class, the next misread one, any. */

/** @import {Frame} from "./frame.js" */
/** @import {Digits, DigitsLook, DigitsPage, DigitsShell} from "./page.js" */

import {onClick} from "../../shell/controls.js";
import {byId} from "../../shell/elements.js";
import {nextMisread, nextOfClass} from "./misreadings.js";
import {IN_PLACE} from "./state.js";

export class TestDigits {
  #shell;
  #number = byId("test-digit", HTMLInputElement);
  #digits;
  /** What both networks read of them, in the newest frame. @type {Uint8Array | null} */
  #said = null;

  /**
   * @param {DigitsShell} shell
   * @param {() => Digits | null} digits
   */
  constructor(shell, digits) {
    this.#shell = shell;
    this.#digits = digits;
    onClick("another-digit", () => this.#choose(Math.floor(Math.random() * this.#count)));
    onClick("next-misread", () => this.misread());
    this.#number.addEventListener("change", () => this.#choose(this.#number.valueAsNumber - 1));
    byId("classes", HTMLElement).addEventListener("click", ({target}) => {
      if (target instanceof HTMLButtonElement) this.ofClass(Number(target.value));
    });
  }

  /** @param {DigitsPage} state @param {DigitsPage | null} before */
  update({own: {pad}, server}, before) {
    if (server) this.#number.max = String(server.facts.test_digits);
    if (before?.server && pad === before.own.pad) return;
    this.#number.value = pad.digit === null ? "" : String(pad.digit + 1);
  }

  /** @param {Frame | null} frame @param {DigitsLook} look */
  draw(frame, {digits}) {
    this.#said = frame && digits?.run === frame.run ? frame.said : null;
  }

  /** The next of a class. @param {number} label */
  ofClass(label) {
    const digits = this.#digits();
    if (digits) this.#choose(nextOfClass(digits, this.#present, label));
  }

  /** The next that one of the networks misreads. */
  misread() {
    const digits = this.#digits();
    if (!digits || !this.#said) return;
    const digit = nextMisread(digits, this.#present, this.#said);
    if (digit < 0) this.#shell.say("No test digit is misread.");
    else this.#choose(digit);
  }

  get #present() {
    return this.#shell.state.own.pad.digit;
  }

  get #count() {
    return this.#shell.state.server?.facts.test_digits ?? 0;
  }

  /** It can be dragged at once. @param {number} digit from 0 */
  #choose(digit) {
    const exists = Number.isInteger(digit) && digit >= 0 && digit < this.#count;
    if (!exists) {
      this.update(this.#shell.state, null);
      return;
    }
    this.#shell.dispatch({type: "own", pad: {...IN_PLACE, ink: null, digit, tool: "hand"}});
    const label = this.#digits()?.labels[digit] ?? "";
    this.#shell.say(`Test digit ${digit + 1}, ${label === 8 ? "an" : "a"} ${label}`);
  }
}
