/** Paints the weights of a dense layer's units, each by its own scale, and writes their values for the image on the pad. */

/** @import {Frame, Inside} from "./frame.js" */
/** @import {DigitsLook, DigitsState} from "./page.js" */
/** @import {Tile} from "./unit-tiles.js" */

import {throttle} from "../../drawing/throttle.js";
import {denseOf, weightsInto} from "./dense.js";
import {short} from "./equation-view.js";
import {parametersIn} from "./frame.js";
import {fillSheet, largestOf, signedShades} from "./pictures.js";
import {inside, layerInside} from "./state.js";
import {numbersOf, sheetFor} from "./weighing.js";

export class WeightTiles {
  #tiles;
  #paint;
  #write;
  /** @type {unknown[]} */
  #drawn = [];

  /** @param {readonly Tile[]} tiles @param {AbortSignal} signal ends it */
  constructor(tiles, signal) {
    this.#tiles = tiles;
    this.#paint = throttle((/** @type {() => void} */ act) => act(), 2, signal);
    this.#write = throttle(
      (/** @type {Inside | null} */ numbers) => this.#show(numbers),
      1,
      signal,
    );
  }

  /** The colours are others. */
  forget() {
    this.#drawn = [];
  }

  /** @param {Frame} frame @param {DigitsLook} look @param {DigitsState} server */
  draw(frame, {palette: {field}, digits, hurry}, server) {
    const numbers = numbersOf(frame, server);
    const parameters = parametersIn(frame, inside(server));
    if (numbers !== this.#drawn[0]) {
      if (hurry) this.#write.hurry();
      this.#write.soon(numbers);
    }
    if (parameters && digits && parameters !== this.#drawn[1]) {
      if (hurry) this.#paint.hurry();
      const sheet = sheetFor(server, digits);
      this.#paint.soon(() => {
        const layer = denseOf(layerInside(server), parameters);
        if (!layer) return;
        for (const [i, {picture}] of this.#tiles.entries()) {
          const weights = weightsInto(layer, i);
          fillSheet(picture, sheet, weights, field, signedShades(largestOf(weights)));
        }
      });
    }
    this.#drawn = [numbers, digits && parameters];
  }

  /** @param {Inside | null} numbers null for an empty pad */
  #show(numbers) {
    const largest = numbers ? largestOf(numbers.values) || 1 : 1;
    for (const [i, {button, value}] of this.#tiles.entries()) {
      if (!value) continue;
      const number = numbers?.values[i] ?? 0;
      const text = numbers ? short(number) : "";
      if (value.dataset.text !== text) {
        value.dataset.text = text; // painted by the style sheet: it is no part of the button's name
        button.ariaDescription = text;
      }
      value.classList.toggle("negative", number < 0);
      value.style.setProperty("--share", Math.abs(number / largest).toFixed(2));
    }
  }
}
