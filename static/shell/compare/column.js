/** One of the runs that are compared: a live session of its own, and what has come of it. */

/** @import {AnyCommand} from "../../session/connection.js" */
/** @import {Frame} from "../../session/frame.js" */
/** @import {Away, Rejected, Seeded, ServerMessage, Welcome} from "../../session/protocol.js" */
/** @import {Message} from "../../session/safetensors.js" */
/** @import {Connection as Status, State} from "../../session/state.js" */
/** @import {Comparing} from "./comparing.js" */
/** @import {Letter} from "./comparison-link.js" */

import {Connection, leaveSession} from "../../session/connection.js";
import {LossHistory} from "../../session/loss-history.js";
import {readSafetensors} from "../../session/safetensors.js";

/**
 * @typedef {object} Listener
 * @property {(column: Column) => void} changed by a state, a connection, or words for the visitor
 * @property {(column: Column) => void} drawn something is to be drawn
 * @property {(column: Column) => void} welcomed
 * @property {(column: Column, rejected: Rejected) => void} rejected
 * @property {(column: Column, seeded: Seeded) => void} seeded
 */

/**
 * Where its run comes from: a link; a copy of another session; or, without a link, from its own session, which is there still.
 * @typedef {{link?: string, copyToken?: string | null}} Opening
 */

/** The key of a column's session in the tab's storage. @param {Letter} letter @param {string} path of the lab's page */
function pathOf(letter, path) {
  return `compare-${path}-${letter}`;
}

export class Column {
  letter;
  /** @type {State | null} */
  state = null;
  /** @type {Frame | null} */
  frame = null;
  /** What the lab's picture reads of the run. @type {unknown} */
  material = null;
  history = new LossHistory();
  /** @type {Status} */
  status = "connecting";
  /** What was repaired in its link. */
  repairs = "";
  #link;
  #kind;
  #listener;
  #connection;
  #unacknowledged = 0;

  /**
   * @param {Letter} letter
   * @param {Opening} opening
   * @param {{kind: Comparing<any, any, any>, lab: string, path: string}} lab
   * @param {Listener} listener
   */
  constructor(letter, {link = "", copyToken = null}, {kind, lab, path}, listener) {
    this.letter = letter;
    this.#link = link;
    this.#kind = kind;
    this.#listener = listener;
    const own = pathOf(letter, path);
    if (link || copyToken) leaveSession(own);
    this.#connection = new Connection(
      {
        status: status => this.#heard(status),
        link: () => this.state?.link ?? this.#link,
        message: message => this.#receive(message),
        binary: buffer => this.#receiveBinary(readSafetensors(buffer)),
      },
      {lab, path: own, copyToken},
    );
    this.#connection.open();
  }

  /** @param {AnyCommand} command @returns {number} its number, 0 if there is no connection */
  send(command) {
    return this.#connection.send(command);
  }

  /** The newest frame has been drawn. */
  acknowledge() {
    if (this.#unacknowledged) this.#connection.tell({type: "ack", frame: this.#unacknowledged});
    this.#unacknowledged = 0;
  }

  close() {
    this.#connection.close();
  }

  get token() {
    return this.#connection.token;
  }

  get link() {
    return this.state?.link ?? this.#link;
  }

  get epoch() {
    return this.frame?.epoch ?? 0;
  }

  /** Whether it can be trained now. */
  get isReady() {
    const {state, frame} = this;
    return this.status === "open" && !!state && !!frame && !state.failed && !state.divergence;
  }

  /** Whether it has ended by itself: what stopped it, or "". */
  get ended() {
    const {state} = this;
    if (state?.failed) return "failed";
    if (state?.divergence) return "diverged";
    return state?.stop ? "stopped" : "";
  }

  /** @param {Status} status */
  #heard(status) {
    this.status = status;
    this.#listener.changed(this);
  }

  /** @param {Exclude<ServerMessage, Away>} message */
  #receive(message) {
    if (message.type === "welcome") this.#welcome();
    else if (message.type === "state") this.#take(/** @type {State} */ (message));
    else if (message.type === "opened") this.repairs = message.repairs.join("; ");
    else if (message.type === "seeded") this.#listener.seeded(this, message);
    else if (message.type === "rejected") this.#listener.rejected(this, message);
    this.#listener.changed(this);
  }

  #welcome() {
    this.#unacknowledged = 0; // it was of another connection
    this.#listener.welcomed(this);
  }

  /** @param {State} state */
  #take(state) {
    if (state.run !== this.state?.run) {
      this.history.clear();
      this.frame = null;
    }
    this.state = state;
  }

  /** @param {Message} message */
  #receiveBinary(message) {
    const {kind, run} = message.metadata;
    const isOfRun = Number(run) === this.state?.run;
    if (kind === "frame") {
      this.#unacknowledged = Number(message.metadata.frame);
      if (isOfRun) this.#takeFrame(this.#kind.readFrame(message));
    } else if (kind === "material" && isOfRun)
      this.material = this.#kind.picture?.readMaterial(message) ?? null;
    this.#listener.drawn(this);
  }

  /** @param {Frame} newest */
  #takeFrame(newest) {
    this.frame = this.#kind.completed(newest, this.frame);
    const {start, samples} = newest.history;
    this.history.merge(start, samples, Object.keys(newest.losses));
  }
}
