/** The best discriminator p/(p + q) beside the learnt one, and the numbers of the fakes. */

/** @import {Frame} from "./frame.js" */
/** @import {AdversarialLook, AdversarialPage} from "./page.js" */

import {sharpen} from "../../drawing/canvas.js";
import {throttle} from "../../drawing/throttle.js";
import {byId} from "../../shell/elements.js";
import {FieldPainter} from "./picture-view.js";
import {squareIn} from "./plane.js";
import {divergenceText, modesText, percent} from "./words.js";

export class BestView {
  #figure = byId("best-figure", HTMLElement);
  #canvas = byId("best-picture", HTMLCanvasElement);
  #modes = byId("modes", HTMLElement);
  #good = byId("good", HTMLElement);
  #divergence = byId("divergence", HTMLElement);
  #gap = byId("gap", HTMLElement);
  #field = new FieldPainter();
  #write;

  /** @param {AbortSignal} signal ends it */
  constructor(signal) {
    this.#write = throttle(
      (/** @type {Frame["numbers"]} */ numbers) => {
        this.#modes.textContent = numbers ? modesText(numbers) : "–";
        this.#good.textContent = numbers ? percent(numbers.good) : "–";
        this.#divergence.textContent = numbers ? divergenceText(numbers.divergence) : "–";
        const gap = numbers?.gap ?? null;
        this.#gap.textContent = gap === null ? "–" : gap.toFixed(3);
      },
      2,
      signal,
    );
  }

  /** @param {AdversarialPage} state */
  update({server}) {
    if (server) this.#figure.hidden = !server.view.best;
  }

  /** @param {Frame} frame @param {AdversarialLook} look */
  draw(frame, {palette}) {
    this.#write.soon(frame.numbers);
    const {clientWidth: width, clientHeight: height} = this.#canvas;
    if (width === 0 || !frame.best) return;
    const context = sharpen(this.#canvas, width, height);
    this.#field.paint(context, squareIn(width, height), frame.best, palette.field);
  }
}
