/** The numbers of a run: epoch, losses, speed. They change a few times a second, as fast as one can read. */

/** @import {Frame} from "./frame.js" */

import {byId} from "./controls.js";
import {formatCount, formatLoss, formatRate} from "./format.js";

const PAUSE = 90; // ms

export class Figures {
  #shown = 0;
  #late = 0;
  /** @type {Frame | null} */
  #frame = null;

  /** @param {Frame} frame */
  draw(frame) {
    this.#frame = frame;
    const left = this.#shown + PAUSE - performance.now();
    if (left <= 0) this.#write();
    else this.#late ||= setTimeout(() => this.#write(), left);
  }

  #write() {
    clearTimeout(this.#late);
    this.#late = 0;
    this.#shown = performance.now();
    const frame = this.#frame;
    if (!frame) return;
    set("epoch", formatCount(frame.epoch));
    set("loss-train", formatLoss(frame.lossTrain));
    set("loss-test", formatLoss(frame.lossTest));
    set("epochs-per-second", formatRate(frame.epochsPerSecond));
    set("steps-per-second", formatRate(frame.stepsPerSecond));
  }
}

/**
 * @param {string} id
 * @param {string} text
 */
function set(id, text) {
  const element = byId(id, HTMLElement);
  if (element.textContent !== text) element.textContent = text;
}
