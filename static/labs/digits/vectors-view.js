/** The image as a vector, and the moved image below it: how little they share, though a person sees the same digit. */

/** @import {Frame} from "./frame.js" */
/** @import {DigitsLook} from "./page.js" */

import {sharpen} from "../../drawing/canvas.js";
import {formatShare} from "../../drawing/format.js";
import {throttle} from "../../drawing/throttle.js";
import {byId} from "../../shell/elements.js";
import {PIXELS, sharedInk, sourceOf} from "./ink.js";
import {bitmap, inkColors} from "./pictures.js";

const GAP = 3; // px between the two

export class VectorsView {
  #canvas = byId("vectors", HTMLCanvasElement);
  #words = byId("vectors-words", HTMLElement);
  #write;
  /** @type {unknown[]} */
  #drawn = [];

  /** @param {AbortSignal} signal ends it */
  constructor(signal) {
    const write = (/** @type {string} */ text) => {
      if (this.#words.textContent !== text) this.#words.textContent = text;
    };
    this.#write = throttle(write, 1, signal);
  }

  /** The canvas has another size or other colours. */
  forget() {
    this.#drawn = [];
  }

  /** @param {Frame} frame @param {DigitsLook} look */
  draw({image: seen}, {state: {own}, digits}) {
    const source = sourceOf(own.pad, digits);
    const shown = [source, seen];
    if (shown.every((each, i) => each === this.#drawn[i])) return;
    this.#drawn = shown;
    this.#write.soon(wordsFor(source, seen));
    const {clientWidth: width, clientHeight: height} = this.#canvas;
    if (!width) return;
    const context = sharpen(this.#canvas, width, height);
    const strip = (height - GAP) / 2;
    for (const [i, vector] of [source, seen].entries())
      if (vector)
        context.drawImage(bitmap(vector, PIXELS, inkColors()), 0, i * (strip + GAP), width, strip);
  }
}

/** @param {Uint8Array | null} source @param {Uint8Array | null} seen */
function wordsFor(source, seen) {
  const share = source && seen && sharedInk(source, seen);
  if (share === null) return "Above: the image row by row. Below: the same after it was moved.";
  const tail = share < 1 ? "though it is the same digit." : "as it has not been moved.";
  return `Above: the image row by row. Below: as networks see it. ${formatShare(share)} of the ink is in the same places, ${tail}`;
}
