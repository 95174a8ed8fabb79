/** Remembers which controls wait for an answer; until it comes, they show the visitor's choice. */

/** @import {AnyCommand} from "../session/connection.js" */

export class Waiting {
  #send;
  /** The command that each control waits for. @type {Map<string, number>} */
  #commands = new Map();

  /** @param {(command: AnyCommand) => number} send */
  constructor(send) {
    this.#send = send;
  }

  /**
   * Send a command, and let a control wait for its answer.
   * @param {string} control by any name that is its own
   * @param {AnyCommand} command
   */
  sendFor(control, command) {
    const seq = this.#send(command);
    if (seq) this.#commands.set(control, seq);
    return seq;
  }

  /** @param {string} control */
  has(control) {
    return this.#commands.has(control);
  }

  /** The server has answered all commands up to this one. @param {number} seq */
  answered(seq) {
    for (const [control, waiting] of this.#commands)
      if (waiting <= seq) this.#commands.delete(control);
  }

  /** No answers will come any more: the connection they belonged to is gone. */
  clear() {
    this.#commands.clear();
  }
}
