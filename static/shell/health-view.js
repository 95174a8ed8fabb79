/** The sentence by the losses. It is spoken when the verdict changes its kind, and not more often than every few seconds. */

/** @import {AnyCommand} from "../session/connection.js" */
/** @import {Health} from "./health.js" */
/** @import {State} from "../session/plane-state.js" */

import {sentence, tryName} from "./health.js";

const QUIET = 4000; // ms between two announcements
const SILENT = new Set(["start", "early", "flat", "diverged"]); // the last is announced by the notice

export class HealthView {
  #text;
  #button;
  #listener;
  #key = "";
  /** @type {AnyCommand | null} */
  #remedy = null;
  #spoken = "";
  #spokenAt = Number.NEGATIVE_INFINITY;

  /**
   * @param {HTMLElement} text
   * @param {HTMLButtonElement} button
   * @param {{command: (command: AnyCommand) => void, say: (text: string) => void}} listener
   */
  constructor(text, button, listener) {
    this.#text = text;
    this.#button = button;
    this.#listener = listener;
    button.addEventListener("click", () => this.#remedy && listener.command(this.#remedy));
  }

  /**
   * @param {string} verdict as the frame brings it
   * @param {State | null} server
   */
  draw(verdict, server) {
    const key = `${verdict} ${server?.view.hide}`;
    if (key === this.#key || !server) return;
    this.#key = key;
    if (!verdict) return;
    /** @type {Health} */
    const health = JSON.parse(verdict);
    const text = sentence(health);
    const name = tryName(health, server);
    this.#text.textContent = text;
    this.#text.title = text;
    this.#remedy = health.remedy;
    this.#button.hidden = !name;
    if (this.#button.textContent !== name) this.#button.textContent = name;
    this.#speak(`${health.kind} ${health.cause}`, health.kind, text);
  }

  /** @param {string} key @param {string} kind @param {string} text */
  #speak(key, kind, text) {
    const now = performance.now();
    if (key === this.#spoken || SILENT.has(kind) || now - this.#spokenAt < QUIET) return;
    [this.#spoken, this.#spokenAt] = [key, now];
    this.#listener.say(text);
  }
}
