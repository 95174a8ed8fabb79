/** In the chains of both networks: what a linear read-out of the image and of each layer scores on test digits. */

/** @import {Frame} from "./frame.js" */
/** @import {DigitsPage} from "./page.js" */

import {formatShare} from "../../drawing/format.js";
import {throttle} from "../../drawing/throttle.js";
import {byId} from "../../shell/elements.js";
import {TWINS} from "./state.js";

/**
 * @typedef {object} Shares
 * @property {Float32Array} layers of both networks, layer by layer; NaN where there is none yet
 * @property {number | undefined} pixels of the image itself, which both see
 */

const NONE = {layers: new Float32Array(0), pixels: undefined};

export class ReadoutsView {
  #chains = TWINS.map(twin => byId(`${twin}-layers`, HTMLElement));
  #isOn = false;
  #write;

  /** @param {AbortSignal} signal ends it */
  constructor(signal) {
    const write = (/** @type {Shares} */ shares) => this.#show(shares);
    this.#write = throttle(write, 4, signal);
  }

  /** @param {DigitsPage} state */
  update({server}) {
    this.#isOn = Boolean(server?.view.readouts);
    if (!this.#isOn) this.#show(NONE);
  }

  /** @param {Frame} frame */
  draw({readouts, pixelsReadout}) {
    if (readouts && this.#isOn) this.#write.soon({layers: readouts, pixels: pixelsReadout?.[0]});
  }

  /** @param {Shares} shares */
  #show({layers, pixels}) {
    for (const [twin, chain] of this.#chains.entries()) {
      const own = layers.subarray(
        (twin * layers.length) / TWINS.length,
        ((twin + 1) * layers.length) / TWINS.length,
      );
      for (const [layer, figure] of chain.querySelectorAll(".read-out").entries()) {
        const share = layer === 0 ? pixels : own[layer - 1];
        const text = share === undefined || !this.#isOn ? "" : formatShare(share);
        if (figure.textContent !== text) figure.textContent = text;
      }
    }
  }
}
