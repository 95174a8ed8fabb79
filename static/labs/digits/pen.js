/** A pen that is led by keys: where it is on the pad, whether it is down, and what a key does to it. No page. */

/** @import {Pen} from "./page.js" */

import {WAYS} from "./arrows.js";
import {SIDE} from "./ink.js";

const FAST = 5; // pixels, with Shift

/** Up, in the middle of the pad; its places are middles of pixels. @type {Pen} */
export const RESTING = {at: [SIDE / 2 + 0.5, SIDE / 2 + 0.5], isDown: false};

/**
 * The pen after a key; null where the key is not the pen's. The first arrow takes the pen, and only then Space is its
 * own: before that, Space plays.
 * @param {{key: string, shiftKey: boolean}} event
 * @param {Pen | null} pen
 * @returns {Pen | null}
 */
export function penBy({key, shiftKey}, pen) {
  const way = WAYS[key];
  if (way && !pen) return RESTING;
  if (key === " " && pen) return {...pen, isDown: !pen.isDown};
  if (!way || !pen) return null;
  const step = shiftKey ? FAST : 1;
  return {...pen, at: [limited(pen.at[0] + step * way[0]), limited(pen.at[1] + step * way[1])]};
}

/** @param {number} place */
function limited(place) {
  return Math.min(Math.max(place, 0.5), SIDE - 0.5);
}

/** @param {Pen} pen */
export function penWords({at: [x, y], isDown}) {
  return `Pen ${isDown ? "down" : "up"}, column ${Math.ceil(x)}, row ${Math.ceil(y)}`;
}
