/** The numbers of a run: epoch, losses, speed. They change a few times a second, as fast as people read. */

/** @import {Frame} from "../session/frame.js" */
/** @import {Divergence} from "../session/protocol.js" */
/** @import {PageState} from "../session/state.js" */

import {batchText, formatCount, formatDiverged, formatLoss, formatRate} from "../drawing/format.js";
import {throttle} from "../drawing/throttle.js";
import {isAway} from "./away.js";
import {byId} from "./elements.js";

/** Without a network no line can be slow: late frames then come from a busy browser. */
const IS_HERE = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);

/** @typedef {{frame: Frame, divergence: Divergence | null, away: boolean}} Shown */

export class Figures {
  #write = throttle(write);

  /** Without a server no training runs, so the old speeds are wrong. @param {PageState} state */
  update(state) {
    if (isAway(state)) writeNoSpeed();
  }

  /** @param {Frame} frame @param {{state: PageState}} look */
  draw(frame, {state}) {
    this.#write.soon({frame, divergence: state.server?.divergence ?? null, away: isAway(state)});
  }
}

/** @param {Shown} shown */
function write({frame, divergence, away}) {
  set("epoch", formatCount(frame.epoch));
  set("batch", batchText(frame));
  for (const [name, loss] of Object.entries(frame.losses)) {
    set(`loss-${name}`, divergence ? formatDiverged(loss) : formatLoss(loss));
    byId(`loss-${name}`, HTMLElement).title = divergence ? `Too large: ${formatLoss(loss)}` : "";
  }
  set("epochs-per-second", away ? "–" : formatRate(frame.epochsPerSecond));
  set("steps-per-second", away ? "–" : formatRate(frame.stepsPerSecond));
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
