/** The numbers of a run: epoch, losses, speed. They change a few times a second, as fast as one can read. */

/** @import {Frame} from "../session/frame.js" */
/** @import {Divergence} from "../session/protocol.js" */

import {batchText, formatCount, formatDiverged, formatLoss, formatRate} from "../drawing/format.js";
import {throttle} from "../drawing/throttle.js";
import {byId} from "./elements.js";

/** On one machine there is no line that could be slow: frames then wait for a busy browser. */
const IS_HERE = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);

/** @typedef {{frame: Frame, divergence: Divergence | null}} Shown */

export class Figures {
  #away = false;
  #write = throttle((/** @type {Shown} */ shown) => {
    write(shown);
    if (this.#away) writeNoSpeed();
  });

  /**
   * @param {Frame} frame
   * @param {Divergence | null} divergence
   */
  draw(frame, divergence) {
    this.#write.soon({frame, divergence});
  }

  /** Without a server nothing is as fast as it was. @param {boolean} away */
  rest(away) {
    this.#away = away;
    if (away) writeNoSpeed();
  }
}

/** @param {Shown} shown */
function write({frame, divergence}) {
  set("epoch", formatCount(frame.epoch));
  set("batch", batchText(frame));
  for (const [id, loss] of /** @type {const} */ ([
    ["loss-train", frame.lossTrain],
    ["loss-test", frame.lossTest],
  ])) {
    set(id, divergence ? formatDiverged(loss) : formatLoss(loss));
    byId(id, HTMLElement).title = divergence ? `Too large: ${formatLoss(loss)}` : "";
  }
  set("epochs-per-second", formatRate(frame.epochsPerSecond));
  set("steps-per-second", formatRate(frame.stepsPerSecond));
  byId("shared", HTMLElement).hidden = frame.coarseFor !== "crowd";
  byId("slow-link", HTMLElement).hidden = frame.coarseFor !== "link" || IS_HERE;
}

function writeNoSpeed() {
  set("epochs-per-second", "–");
  set("steps-per-second", "–");
}

/**
 * @param {string} id
 * @param {string} text
 */
function set(id, text) {
  const element = byId(id, HTMLElement);
  if (element.textContent !== text) element.textContent = text;
}
