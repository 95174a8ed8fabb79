/** The experiment as a file: asks the session for it, and brings one back into the session. */

/** @import {AnyCommand} from "../../session/connection.js" */

import {formOf, NotTaken} from "./exchange.js";

const BEGINNING = 40; // bytes by which a file is known

/**
 * @typedef {object} Line to the session
 * @property {(command: AnyCommand) => number} send
 * @property {(file: ArrayBuffer) => void} bring
 */

export class MomentFiles {
  #line;
  #most;
  /** Who waits for the experiment as a file, by the number of the command. @type {{seq: number, resolve: (file: ArrayBuffer) => void, reject: (why: Error) => void}[]} */
  #waiting = [];

  /** @param {Line} line @param {number} most bytes of a file */
  constructor(line, most) {
    this.#line = line;
    this.#most = most;
  }

  /**
   * The experiment as it is now.
   * @param {boolean} [timeline] with what led there, for a film
   * @returns {Promise<ArrayBuffer>} rejects with NotTaken
   */
  take(timeline = false) {
    return new Promise((resolve, reject) => {
      const seq = this.#line.send({type: "take-home", ...(timeline ? {timeline} : {})});
      if (seq) this.#waiting.push({seq, resolve, reject});
      else reject(new NotTaken("Not connected: nothing was taken."));
    });
  }

  /** @param {ArrayBuffer} file */
  came(file) {
    this.#waiting.shift()?.resolve(file);
  }

  /** The commands up to this one are answered: what has not come will not. @param {number} seq */
  answered(seq) {
    while (this.#waiting[0] && this.#waiting[0].seq <= seq)
      this.#waiting.shift()?.reject(new NotTaken("The server could not write it. Try again."));
  }

  /** The connection is another. */
  forget() {
    this.answered(Number.POSITIVE_INFINITY);
  }

  /**
   * Open a file; the answer is a state, as after a link.
   * @param {Blob} file
   * @returns {Promise<void>} rejects with NotTaken
   */
  async open(file) {
    if (file.size > this.#most) {
      const sizes = [file.size, this.#most].map(size => size.toLocaleString("en"));
      throw new NotTaken(`${sizes[0]} bytes came, expected at most ${sizes[1]}.`);
    }
    const checked = await formOf(file, "safetensors", {}, null);
    const bytes = await checked.arrayBuffer();
    this.#line.bring(bytes);
    if (!this.#line.send({type: "open-moment", bytes: bytes.byteLength}))
      throw new NotTaken("Not connected: nothing was opened.");
  }
}

/** Whether a file begins as an experiment of ours does; another one may be a table. @param {Blob} file */
export async function isMoment(file) {
  const start = new Uint8Array(await file.slice(0, BEGINNING).arrayBuffer());
  const text = new TextDecoder().decode(start).trimStart();
  return text.startsWith('{"kind": "moment"') || start[8] === "{".charCodeAt(0);
}
