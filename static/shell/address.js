/** The address bar always holds the experiment, as the server writes it; Back and Forward lead from one to the other. */

/** @import {Frame} from "../session/frame.js" */
/** @import {PageState, State} from "../session/state.js" */

import {recall, remember} from "../session/storage.js";

const WRITTEN = "hyperplane-link";
const APART = 350; // ms between two writings; Safari allows 100 in half a minute
const UNWRITTEN = 250; // ms until the address is written, if no picture of the new experiment comes before

/**
 * Which changes of settings are a step for Back.
 * @typedef {object} Steps
 * @property {readonly string[]} beginnings a change of one of these begins another experiment
 * @property {readonly string[]} gradual many small changes of one of these are one step back
 */

/**
 * Read from the page, into which the server writes them by what a change of each setting costs.
 * @param {DOMStringMap} data
 * @returns {Steps}
 */
export function stepsOf({beginnings = "", gradual = ""}) {
  return {beginnings: beginnings.split(" "), gradual: gradual.split(" ")};
}

export class Address {
  #steps;
  #present;
  #path;
  /** @type {State["settings"] | null} */
  #settings = null;
  /** The settings whose change began the newest entry of the browser's history. */
  #entry = "";
  #moved = true;
  /** The command that opens this address's experiment; states before its answer are of the experiment before. */
  #awaited = 0;
  /** The timer of an address that is not yet written. @type {ReturnType<typeof setTimeout> | 0} */
  #writing = 0;
  /** Whether its time is set: the picture has come. */
  #isLate = false;
  #written = Number.NEGATIVE_INFINITY;

  /**
   * @param {() => number} follow called when the visitor goes to another address of this page; sends a command
   * @param {{steps: Steps, path: string, present: () => State | null}} page `path` of the lab; what it shows at present
   */
  constructor(follow, {steps, path, present}) {
    this.#steps = steps;
    this.#present = present;
    this.#path = path;
    addEventListener("hashchange", () => {
      if (this.isForeign) this.expect(follow());
    });
  }

  get link() {
    return location.hash;
  }

  /** Whether the visitor has gone to this address, by a link say: this tab's session has not written it. */
  get isForeign() {
    return location.hash !== "" && location.hash !== recall(WRITTEN, this.#path);
  }

  /**
   * The next experiment is that of this address, so it needs no entry of its own.
   * @param {number} command that opens it, if one has been sent
   */
  expect(command = 0) {
    this.#moved = true;
    this.#awaited = command;
  }

  /** A command was refused, so the address becomes that of the experiment that stays. @param {PageState} state */
  goBack({server}) {
    if (!server) return;
    this.expect();
    this.show(server);
  }

  /**
   * An address that is there already is noted at once, before the visitor goes on. To write another one takes 5 to
   * 20 ms, so this waits for the picture of the change.
   * @param {PageState} state
   */
  update({server}) {
    if (server && this.#moved) this.show(server);
    else this.#writing ||= setTimeout(() => this.#write(), UNWRITTEN);
  }

  /** @param {Frame} frame that has been drawn @param {{state: PageState}} look */
  draw({applied}, {state: {server}}) {
    if (!this.#writing || !server || applied < server.seq) return;
    if (this.#isLate) return;
    this.#isLate = true;
    clearTimeout(this.#writing);
    const left = this.#written + APART - performance.now();
    this.#writing = setTimeout(() => this.#write(), Math.max(0, left));
  }

  #write() {
    this.#writing = 0;
    this.#isLate = false;
    this.#written = performance.now();
    const server = this.#present();
    if (server) this.show(server);
  }

  /** @param {State} server */
  show({seq, link, settings}) {
    const hasLeft = !this.#moved && this.isForeign; // the browser has not told the page yet
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
    remember(WRITTEN, location.hash, this.#path);
  }

  /** The changed settings among those that begin another experiment. @param {State["settings"]} settings */
  #begun(settings) {
    return this.#steps.beginnings.filter(
      name => String(settings[name]) !== String(this.#settings?.[name]),
    );
  }
}

/** The browser compares, because browsers write some characters in their own way. @param {string} link */
function isSame(link) {
  return new URL(link, location.href).hash === location.hash;
}
