/** Keeps what has come of the present run: its losses so far, and the newest frame. */

/** @import {Frame} from "../session/frame.js" */
/** @import {Message} from "../session/safetensors.js" */
/** @import {Lab, MountedLab} from "./lab.js" */

import {LossHistory} from "../session/loss-history.js";

export class LatestRun {
  /** Null while no frame of the run has come. @type {Frame | null} */
  frame = null;
  history = new LossHistory();
  #read;

  /** @param {Lab["readFrame"]} read */
  constructor(read) {
    this.#read = read;
  }

  /** Another run begins: forget the losses and pictures of the last. */
  begin() {
    this.history.clear();
    this.frame = null;
  }

  /**
   * @param {Message} message a frame, of this run or of one that is over
   * @param {number | undefined} run the present one
   * @param {MountedLab["complete"]} complete
   * @returns {number} the number of the frame
   */
  receive(message, run, complete) {
    const newest = this.#read(message);
    if (newest.run !== run) return newest.number;
    this.frame = this.frame ? complete(this.frame, newest) : newest;
    const {start, samples} = newest.history;
    this.history.merge(start, samples, Object.keys(newest.losses));
    return newest.number;
  }
}
