/** Keeps the order of what page and server say to each other: commands and their answers, states and their frames. */

/** @import {AnyCommand, Listener as ConnectionListener, Unnumbered} from "../session/connection.js" */
/** @import {Away, ServerMessage, State, Welcome} from "../session/protocol.js" */
/** @import {Message} from "../session/safetensors.js" */
/** @import {Place} from "./labs.js" */

import {Connection} from "../session/connection.js";
import {readHeader, readSafetensors} from "../session/safetensors.js";
import {answerNumbers} from "./number-field.js";

/** @typedef {Exclude<ServerMessage, Away | Welcome>} Answer */

/**
 * @typedef {object} Listener
 * @property {ConnectionListener["status"]} status
 * @property {ConnectionListener["link"]} link
 * @property {(welcome: Welcome, expected: boolean) => void} welcome `expected`: the tab had a session before
 * @property {(answer: Answer, isOpened: boolean) => void} answer `isOpened`: it is the experiment that was asked for
 * @property {(seq: number) => void} answered all commands up to this one are answered
 * @property {(message: Message) => number} frame its number
 * @property {(message: Message) => void} material
 * @property {(file: ArrayBuffer) => void} moment the experiment as a file, which was asked for
 * @property {() => void} later something is to be drawn with the next frame of the screen
 */

export class Conversation {
  #listener;
  #connection;
  /** The last command that was sent, and the last that has been answered. */
  #newest = 0;
  #answered = 0;
  /** The command that opens another experiment, until it is answered. */
  #opening = 0;
  /** A state that waits for its frame, until the next frame of the screen. @type {State | null} */
  #untold = null;
  #unacknowledged = 0;

  /**
   * @param {Listener} listener
   * @param {Place} place
   */
  constructor(listener, place) {
    this.#listener = listener;
    this.#connection = new Connection(
      {
        status: listener.status,
        link: listener.link,
        message: message => this.#receive(message),
        binary: buffer => this.#receiveBinary(buffer),
      },
      place,
    );
  }

  open() {
    this.#connection.open();
  }

  retryNow() {
    this.#connection.retryNow();
  }

  /**
   * @param {AnyCommand} command
   * @returns {number} its number, 0 if there is no connection
   */
  send(command) {
    const seq = this.#connection.send(command);
    this.#newest = seq || this.#newest;
    if (command.type === "open-link" || command.type === "open-moment") this.#opening = seq;
    return seq;
  }

  /** Send a command without noting it: nobody waits for its answer. @param {AnyCommand} command */
  mention(command) {
    this.#connection.send(command);
  }

  /** @param {Unnumbered} message */
  tell(message) {
    this.#connection.tell(message);
  }

  /** Send a file, for a command to follow at once. @param {ArrayBuffer} file */
  bring(file) {
    this.#connection.bring(file);
  }

  /** Whether the server has answered all that was sent. */
  get isAnswered() {
    return this.#answered >= this.#newest;
  }

  /** The newest frame has been drawn. */
  acknowledge() {
    if (this.#unacknowledged) this.tell({type: "ack", frame: this.#unacknowledged});
    this.#unacknowledged = 0;
  }

  /** A state and its first frame come one after the other; shown together, they cost one layout and one painting. */
  catchUp() {
    const message = this.#untold;
    this.#untold = null;
    if (message) this.#answer(message);
  }

  /** @param {Exclude<ServerMessage, Away>} message */
  #receive(message) {
    this.catchUp();
    if (message.type === "state" && !document.hidden) {
      this.#untold = message;
      this.#listener.later();
    } else if (message.type === "welcome") this.#welcome(message);
    else this.#answer(message);
  }

  /** @param {ArrayBuffer} buffer */
  #receiveBinary(buffer) {
    const header = readHeader(buffer);
    if (header.metadata.kind === "moment") {
      this.#listener.moment(buffer);
      return;
    }
    const message = readSafetensors(buffer, header);
    if (message.metadata.kind === "frame") {
      this.catchUp();
      this.#unacknowledged = this.#listener.frame(message);
    } else this.#listener.material(message);
    this.#listener.later();
  }

  /** @param {Welcome} message */
  #welcome(message) {
    this.#answered = this.#newest;
    this.#unacknowledged = 0; // it was of another connection, whose frames count on their own
    this.#listener.welcome(message, this.#connection.isBack);
  }

  /** @param {Answer} message */
  #answer(message) {
    const {seq} = message;
    this.#listener.answered(seq);
    this.#answered = Math.max(this.#answered, seq);
    answerNumbers(seq, message.type === "rejected");
    this.#listener.answer(message, this.#opens(message));
  }

  /** Whether this is the first state of the experiment that was asked for. @param {Answer} message */
  #opens({type, seq}) {
    if (type === "rejected" && seq === this.#opening) this.#opening = 0; // it was refused
    if (type !== "state" || !this.#opening || seq < this.#opening) return false;
    this.#opening = 0;
    return true;
  }
}
