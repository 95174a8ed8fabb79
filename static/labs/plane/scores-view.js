/** Accuracy or R² below each loss; the other scores in a panel that stays live: precision, recall, confusion, RMSE. */

/** @import {PlanePage} from "./page.js" */
/** @import {Frame} from "./frame.js" */

import {formatCount, formatLoss, formatShare} from "../../drawing/format.js";
import {throttle} from "../../drawing/throttle.js";
import {byId} from "../../shell/elements.js";
import {makeSwatch} from "./legend.js";
import {classScores, scores} from "./metrics.js";

const SETS = /** @type {const} */ (["train", "test"]);

/** @typedef {"classification" | "classes" | "regression"} Kind */

export class ScoresView {
  #write;
  #panel = byId("scores", HTMLElement);
  /** @type {Kind} */
  #kind = "classification";
  #classes = 2;

  /** @param {AbortSignal} signal */
  constructor(signal) {
    this.#write = throttle((/** @type {Frame} */ frame) => this.#show(frame), 1, signal);
  }

  /** @param {PlanePage} state */
  update({server}) {
    const classes = server?.facts.classes ?? this.#classes; // 0 in a regression
    if (classes === this.#classes) return;
    this.#classes = classes;
    this.#kind = classes === 0 ? "regression" : classes > 2 ? "classes" : "classification";
    for (const element of this.#panel.querySelectorAll("[data-scores]"))
      if (element instanceof HTMLElement) element.hidden = element.dataset.scores !== this.#kind;
    if (this.#kind === "classes") for (const set of SETS) makeTable(set, classes);
  }

  /** @param {Frame} frame */
  draw(frame) {
    const {length} = frame.metrics.train;
    const fits = this.#classes === 0 ? length === 2 : length === this.#classes ** 2;
    if (fits) this.#write.soon(frame);
  }

  /** @param {Frame} frame */
  #show(frame) {
    const show = {
      classification: showClassification,
      classes: showClasses,
      regression: showRegression,
    };
    for (const set of SETS) show[this.#kind](set, frame.metrics[set]);
  }
}

/**
 * A row for each class, and below them the precision; the last column is the recall.
 * @param {"train" | "test"} set
 * @param {number} classes
 */
function makeTable(set, classes) {
  const numbers = Array.from({length: classes}, (_, k) => k);
  const table = byId(`confusion-${set}`, HTMLTableElement);
  const head = table.createTHead();
  head.replaceChildren(makeRow("", [...numbers.map(k => makeSwatch("span", k)), "Recall"]));
  const cells = (/** @type {string} */ name) => numbers.map(k => cell(`${name}-${k}`));
  const rows = numbers.map(k =>
    makeRow(makeSwatch("span", k), [...cells(`count-${k}`), cell(`recall-${k}`)]),
  );
  const body = table.tBodies[0] ?? table.createTBody();
  body.replaceChildren(...rows, makeRow("Precision", [...cells("precision"), cell("accuracy")]));
}

/** An empty cell. @param {string} name */
function cell(name) {
  const element = document.createElement("td");
  element.dataset.figure = name;
  return element;
}

/**
 * @param {string | HTMLElement} name
 * @param {(string | HTMLElement)[]} cells
 */
function makeRow(name, cells) {
  const row = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  head.append(name);
  row.append(head, ...cells.map(asCell));
  return row;
}

/** @param {string | HTMLElement} content */
function asCell(content) {
  if (content instanceof HTMLTableCellElement) return content;
  const element = document.createElement("th");
  element.scope = "col";
  element.append(content);
  return element;
}

/**
 * @param {"train" | "test"} set
 * @param {Float32Array} counts
 */
function showClasses(set, counts) {
  const {accuracy, precision, recall} = classScores(counts);
  setText(`score-${set}`, `accuracy ${formatShare(accuracy)}`);
  const table = byId(`confusion-${set}`, HTMLTableElement);
  const classes = precision.length;
  const write = (/** @type {string} */ name, /** @type {string} */ text) => {
    const element = table.querySelector(`[data-figure="${name}"]`);
    if (element && element.textContent !== text) element.textContent = text;
  };
  for (const [i, count] of counts.entries())
    write(`count-${Math.floor(i / classes)}-${i % classes}`, formatCount(count));
  for (const [k, share] of recall.entries()) write(`recall-${k}`, formatShare(share));
  for (const [k, share] of precision.entries()) write(`precision-${k}`, formatShare(share));
  write("accuracy", formatShare(accuracy));
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

/** Below zero the network predicts worse than the mean does; how much worse is not shown. @param {number} r2 */
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
