/** For both networks: how many digits of each class are taken for which. */

/** @import {Frame} from "./frame.js" */

import {formatCount} from "../../drawing/format.js";
import {throttle} from "../../drawing/throttle.js";
import {byId} from "../../shell/elements.js";
import {TWINS} from "./state.js";

const CLASSES = 10;

export class ConfusionView {
  #panel = byId("confusion", HTMLElement);
  #cells = TWINS.map(twin => makeTable(byId(`confusion-${twin}`, HTMLTableElement)));
  #write;

  /** @param {() => void} redraw @param {AbortSignal} signal ends it */
  constructor(redraw, signal) {
    this.#write = throttle((/** @type {Float32Array} */ counts) => this.#show(counts), 4, signal);
    this.#panel.addEventListener("toggle", redraw);
  }

  /** @param {Frame} frame */
  draw({confusion}) {
    if (confusion && this.#panel.matches(":popover-open")) this.#write.soon(confusion);
  }

  /** @param {Float32Array} counts */
  #show(counts) {
    for (const [twin, cells] of this.#cells.entries()) {
      const own = counts.subarray(twin * CLASSES ** 2, (twin + 1) * CLASSES ** 2);
      for (const [i, cell] of cells.entries()) {
        const [count, row] = [own[i] ?? 0, Math.floor(i / CLASSES)];
        const all = own.subarray(row * CLASSES, (row + 1) * CLASSES).reduce((sum, x) => sum + x, 0);
        const text = formatCount(count);
        if (cell.textContent === text) continue;
        cell.textContent = text;
        cell.style.setProperty("--share", all ? (count / all).toFixed(3) : "0");
        cell.classList.toggle("none", count === 0);
      }
    }
  }
}

/** @param {HTMLTableElement} table */
function makeTable(table) {
  const head = table.createTHead().insertRow();
  head.append(document.createElement("td"), ...classHeads("col"));
  const body = table.createTBody();
  const cells = [];
  for (const [actual, heading] of classHeads("row").entries()) {
    const row = body.insertRow();
    row.append(heading);
    for (let said = 0; said < CLASSES; said++) {
      const cell = row.insertCell();
      cell.classList.toggle("right", said === actual);
      cells.push(cell);
    }
  }
  return cells;
}

/** @param {string} scope */
function classHeads(scope) {
  return Array.from({length: CLASSES}, (_, digit) => {
    const heading = document.createElement("th");
    heading.scope = scope;
    heading.textContent = String(digit);
    return heading;
  });
}
