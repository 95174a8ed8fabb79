/** The four squared errors beside each other, and the angle between a linear stack's space and PCA's. */

/** @import {Frame} from "./frame.js" */
/** @import {AutoencoderLook} from "./page.js" */

import {byId} from "../../shell/elements.js";

const NAMES = /** @type {const} */ (["train", "test", "pca", "nothing"]);

export class BarsView {
  #bars = NAMES.map(name => byId(`bar-${name}`, HTMLElement));
  #figures = NAMES.map(name => byId(`error-${name}`, HTMLOutputElement));
  #angle = byId("angle", HTMLOutputElement);
  #angleRow = byId("angle-row", HTMLElement);
  #against = byId("against-pca", HTMLElement);

  /** @param {Frame} frame @param {AutoencoderLook} look */
  draw(frame, {state: {server}}) {
    if (!server) return;
    const {error_pca: pca, error_nothing: nothing} = server.facts;
    const {train = null, test = null} = frame.losses;
    const errors = [train, test, pca, nothing];
    const longest = Math.max(nothing, pca, Number.MIN_VALUE);
    for (const [i, error] of errors.entries()) {
      const [bar, figure] = [this.#bars[i], this.#figures[i]];
      const share = error === null ? 0 : Math.min(error / longest, 1);
      if (bar) bar.style.setProperty("--share", share.toFixed(4));
      setText(figure, errorText(error));
    }
    this.#angleRow.hidden = frame.angle === null;
    setText(this.#angle, frame.angle === null ? "" : angleText(frame.angle));
    setText(this.#against, comparison(test, pca));
  }
}

/** @param {HTMLElement | undefined} element @param {string} text */
function setText(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

/** Of an image some tens, of a point far below one. @param {number | null} error */
export function errorText(error) {
  if (error === null) return "–";
  return error >= 1 ? error.toFixed(2) : error.toPrecision(3);
}

/** @param {number} degrees */
export function angleText(degrees) {
  return `${degrees < 1 ? degrees.toFixed(2) : degrees.toFixed(1)}°`;
}

/** How the test error compares with PCA's of as many numbers. @param {number | null} test @param {number} pca */
export function comparison(test, pca) {
  if (test === null || pca <= 0) return "";
  const share = Math.abs(1 - test / pca) * 100;
  if (share < 0.5) return "As good as PCA, within half a per cent.";
  return test < pca
    ? `${share.toFixed(0)} % less error than PCA.`
    : `${share > 1000 ? "Far" : `${share.toFixed(0)} %`} more error than PCA.`;
}
