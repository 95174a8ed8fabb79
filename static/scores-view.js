/** Accuracy or R² below each loss, and all the rest in a panel that stays live: precision, recall, confusion, RMSE. */

/** @import {Frame} from "./frame.js" */

import {byId} from "./controls.js";
import {formatCount, formatLoss, formatShare} from "./format.js";
import {scores} from "./metrics.js";
import {throttle} from "./throttle.js";

const PAUSE = 100; // ms
const SETS = /** @type {const} */ (["train", "test"]);

export class ScoresView {
  #write = throttle(PAUSE, (/** @type {Frame} */ frame) => this.#show(frame));
  #panel = byId("scores", HTMLElement);
  #isRegression = false;

  /** @param {boolean} isRegression */
  update(isRegression) {
    if (isRegression === this.#isRegression) return;
    this.#isRegression = isRegression;
    for (const element of this.#panel.querySelectorAll("[data-problem-scores]"))
      if (element instanceof HTMLElement)
        element.hidden = (element.dataset.problemScores === "regression") !== isRegression;
  }

  close() {
    this.#panel.hidePopover();
  }

  /** @param {Frame} frame */
  draw(frame) {
    const fits = (frame.metrics.train.length === 2) === this.#isRegression;
    if (fits) this.#write.soon(frame);
  }

  /** @param {Frame} frame */
  #show(frame) {
    for (const set of SETS) {
      const figures = frame.metrics[set];
      if (this.#isRegression) showRegression(set, figures);
      else showClassification(set, figures);
    }
  }
}

/**
 * @param {"train" | "test"} set
 * @param {Float32Array} figures
 */
function showRegression(set, [rmse = Number.NaN, r2 = Number.NaN]) {
  const text = formatR2(r2);
  setText(`score-${set}`, `R² ${text}`);
  setText(`r2-${set}`, text);
  setText(`rmse-${set}`, formatLoss(Number.isFinite(rmse) ? rmse : null));
}

/** Below zero the network says less than the mean does; how much less is of no interest. @param {number} r2 */
function formatR2(r2) {
  if (!Number.isFinite(r2)) return "–";
  return r2 < -100 ? "below −100" : r2.toFixed(3).replace("-", "−");
}

/**
 * @param {"train" | "test"} set
 * @param {Float32Array} counts
 */
function showClassification(set, counts) {
  const {accuracy, precision, recall} = scores(counts);
  setText(`score-${set}`, `accuracy ${formatShare(accuracy)}`);
  setText(`accuracy-${set}`, formatShare(accuracy));
  setText(`precision-${set}`, formatShare(precision));
  setText(`recall-${set}`, formatShare(recall));
  for (const [i, name] of ["tp", "fn", "fp", "tn"].entries())
    setText(`${name}-${set}`, formatCount(counts[i] ?? 0));
}

/**
 * @param {string} id
 * @param {string} text
 */
function setText(id, text) {
  const element = byId(id, HTMLElement);
  if (element.textContent !== text) element.textContent = text;
}
