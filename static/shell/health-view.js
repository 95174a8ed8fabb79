/** The sentence by the losses. A screen reader says it when the kind of verdict changes, but only every few seconds. */

/** @import {AnyCommand} from "../session/connection.js" */
/** @import {Frame} from "../session/frame.js" */
/** @import {PageState} from "../session/state.js" */
/** @import {Health} from "./health.js" */
/** @import {HealthWords, LabShell} from "./lab.js" */

import {byId} from "./elements.js";
import {sentence} from "./health.js";

const QUIET = 4000; // ms between two announcements
const SILENT = new Set(["start", "early", "flat", "diverged"]); // the last is announced by the notice

export class HealthView {
  #text = byId("health-text", HTMLElement);
  #button = byId("health-try", HTMLButtonElement);
  #shell;
  #words;
  #key = "";
  /** @type {AnyCommand | null} */
  #remedy = null;
  #spoken = "";
  #spokenAt = Number.NEGATIVE_INFINITY;

  /**
   * @param {LabShell} shell
   * @param {HealthWords} words
   */
  constructor(shell, words) {
    this.#shell = shell;
    this.#words = words;
    this.#button.addEventListener("click", () => this.#remedy && shell.send(this.#remedy));
  }

  /** @param {Frame} frame @param {{state: PageState}} look */
  draw({health: verdict}, {state: {server}}) {
    const key = `${verdict} ${server?.view.hide}`;
    if (key === this.#key || !server) return;
    this.#key = key;
    if (!verdict) return;
    /** @type {Health} */
    const health = JSON.parse(verdict);
    const text = sentence(health, this.#words.causes);
    const name = this.#words.tryName(health, server);
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
    this.#shell.say(text);
  }
}
