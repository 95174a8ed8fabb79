/** The numbers of a run: epoch, losses, speed. They change a few times a second, as fast as one can read. */

/** @import {Frame} from "./frame.js" */

import {byId} from "./controls.js";
import {formatCount, formatLoss, formatRate} from "./format.js";
import {throttle} from "./throttle.js";

const PAUSE = 90; // ms

export class Figures {
  #write = throttle(PAUSE, write);

  /** @param {Frame} frame */
  draw(frame) {
    this.#write.soon(frame);
  }
}

/** @param {Frame} frame */
function write(frame) {
  set("epoch", formatCount(frame.epoch));
  set("loss-train", formatLoss(frame.lossTrain));
  set("loss-test", formatLoss(frame.lossTest));
  set("epochs-per-second", formatRate(frame.epochsPerSecond));
  set("steps-per-second", formatRate(frame.stepsPerSecond));
  byId("shared", HTMLElement).hidden = frame.coarseFor !== "crowd";
  byId("slow-link", HTMLElement).hidden = frame.coarseFor !== "link";
}

/**
 * @param {string} id
 * @param {string} text
 */
function set(id, text) {
  const element = byId(id, HTMLElement);
  if (element.textContent !== text) element.textContent = text;
}
