/** Beside the test losses: the share of test digits that each network reads. */

/** @import {Frame} from "./frame.js" */

import {formatShare} from "../../drawing/format.js";
import {throttle} from "../../drawing/throttle.js";
import {byId} from "../../shell/elements.js";
import {TWINS} from "./state.js";

export class ScoresView {
  #scores = TWINS.map(twin => byId(`score-${twin}_test`, HTMLElement));
  #write = throttle((/** @type {Float32Array} */ accuracy) => {
    for (const [i, score] of this.#scores.entries()) {
      const text = `${formatShare(accuracy[i] ?? Number.NaN)} read`;
      if (score.textContent !== text) score.textContent = text;
    }
  });

  /** @param {Frame} frame */
  draw({accuracy}) {
    if (accuracy) this.#write.soon(accuracy);
  }
}
