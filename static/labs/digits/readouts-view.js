/** In the chains of both networks: what a linear read-out of each layer scores on test digits. */

/** @import {Frame} from "./frame.js" */
/** @import {DigitsPage} from "./page.js" */

import {formatShare} from "../../drawing/format.js";
import {throttle} from "../../drawing/throttle.js";
import {byId} from "../../shell/elements.js";
import {TWINS} from "./state.js";

export class ReadoutsView {
  #chains = TWINS.map(twin => byId(`${twin}-layers`, HTMLElement));
  #isOn = false;
  #write;

  /** @param {AbortSignal} signal ends it */
  constructor(signal) {
    this.#write = throttle((/** @type {Float32Array} */ shares) => this.#show(shares), 4, signal);
  }

  /** @param {DigitsPage} state */
  update({server}) {
    this.#isOn = Boolean(server?.view.readouts);
    if (!this.#isOn) this.#show(new Float32Array(0));
  }

  /** @param {Frame} frame */
  draw({readouts}) {
    if (readouts && this.#isOn) this.#write.soon(readouts);
  }

  /** @param {Float32Array} shares of both networks, layer by layer; NaN where there is none yet */
  #show(shares) {
    for (const [twin, chain] of this.#chains.entries())
      for (const [layer, figure] of chain.querySelectorAll(".read-out").entries()) {
        const share = shares[(twin * shares.length) / TWINS.length + layer];
        const text = share === undefined || !this.#isOn ? "" : formatShare(share);
        if (figure.textContent !== text) figure.textContent = text;
      }
  }
}
