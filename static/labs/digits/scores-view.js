/** Beside the test losses: each network's accuracy on the test digits. */

/** @import {Frame} from "./frame.js" */

import {formatShare} from "../../drawing/format.js";
import {throttle} from "../../drawing/throttle.js";
import {byId} from "../../shell/elements.js";
import {TWINS} from "./state.js";

export class ScoresView {
  #scores = TWINS.map(twin => byId(`score-${twin}_test`, HTMLElement));
  #write;

  /** @param {AbortSignal} signal ends it */
  constructor(signal) {
    const write = (/** @type {Float32Array} */ accuracy) => this.#show(accuracy);
    this.#write = throttle(write, 1, signal);
  }

  /** @param {Frame} frame */
  draw({accuracy}) {
    if (accuracy) this.#write.soon(accuracy);
  }

  /** @param {Float32Array} accuracy */
  #show(accuracy) {
    for (const [i, score] of this.#scores.entries()) {
      const text = `accuracy ${formatShare(accuracy[i] ?? Number.NaN)}`;
      if (score.textContent !== text) score.textContent = text;
    }
  }
}
