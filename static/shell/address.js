/** The address bar always holds the experiment, as the server writes it; Back and Forward lead from one to the other. */

/** @import {Settings, State} from "../session/plane-state.js" */

import {recall, remember} from "../session/storage.js";

const WRITTEN = "hyperplane-link";

/**
 * Which changes of settings are a step for Back.
 * @typedef {object} Steps
 * @property {readonly string[]} beginnings whoever changes one of these begins another experiment
 * @property {readonly string[]} gradual what is changed in many small steps is one step back
 */

/**
 * As the server has written them into the page, by what a change of each setting costs.
 * @param {DOMStringMap} data
 * @returns {Steps}
 */
export function stepsOf({beginnings = "", gradual = ""}) {
  return {beginnings: beginnings.split(" "), gradual: gradual.split(" ")};
}

export class Address {
  #steps;
  /** @type {Settings | null} */
  #settings = null;
  /** What the newest entry of the browser's history began with. */
  #entry = "";
  #moved = true;
  /** The command whose answer is the experiment of this address; states before it are of the one that was left. */
  #awaited = 0;

  /**
   * @param {() => number} follow called when the visitor goes to another address of this page; sends a command
   * @param {Steps} steps
   */
  constructor(follow, steps) {
    this.#steps = steps;
    addEventListener("hashchange", () => {
      if (this.isForeign) this.expect(follow());
    });
  }

  get link() {
    return location.hash;
  }

  /** Whether it is not this tab's session that has written it, but the visitor who has followed a link. */
  get isForeign() {
    return location.hash !== "" && location.hash !== recall(WRITTEN);
  }

  /** Whether the next state is that of an address that is there already: it must be noted before the visitor moves on. */
  get isMoving() {
    return this.#moved;
  }

  /**
   * The next experiment is that of this address, so it needs no entry of its own.
   * @param {number} command that opens it, if one has been sent
   */
  expect(command = 0) {
    this.#moved = true;
    this.#awaited = command;
  }

  /** @param {State} server */
  show({seq, link, settings}) {
    const hasLeft = !this.#moved && this.isForeign; // and the browser has not said so yet
    if (hasLeft || seq < this.#awaited) return;
    this.#awaited = 0;
    const begun = this.#begun(settings).join();
    this.#settings = settings;
    const gradual = begun === this.#entry && this.#steps.gradual.includes(begun);
    const stays = this.#moved || begun === "" || gradual;
    if (!isSame(link)) {
      if (stays) history.replaceState(null, "", link);
      else history.pushState(null, "", link);
    }
    if (!stays || this.#moved) this.#entry = this.#moved ? "" : begun;
    this.#moved = false;
    remember(WRITTEN, location.hash);
  }

  /** What is another than before, of what begins another experiment. @param {Settings} settings */
  #begun(settings) {
    const names = /** @type {(keyof Settings)[]} */ (this.#steps.beginnings);
    return names.filter(name => String(settings[name]) !== String(this.#settings?.[name]));
  }
}

/** Browsers write some signs in their own way. @param {string} link */
function isSame(link) {
  return new URL(link, location.href).hash === location.hash;
}
