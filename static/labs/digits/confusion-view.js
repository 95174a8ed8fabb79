/** For both networks: how many digits of each class are read as which, the worst pairs, and the digits of a cell. */

/** @import {Frame} from "./frame.js" */
/** @import {Pair} from "./misreadings.js" */
/** @import {Digits, DigitsLook, DigitsPage, DigitsShell} from "./page.js" */

import {formatCount} from "../../drawing/format.js";
import {throttle} from "../../drawing/throttle.js";
import {byId} from "../../shell/elements.js";
import {WAYS} from "./arrows.js";
import {DigitList} from "./digit-list.js";
import {digitsOf, worstPairs, worstWords} from "./misreadings.js";
import {IN_PLACE, TWIN_TITLES, TWINS} from "./state.js";

const CLASSES = 10;
const WORST = 3; // pairs in words
const MOST = 30; // digits of a cell

export class ConfusionView {
  #shell;
  #panel = byId("confusion", HTMLElement);
  #tables;
  #words = byId("confused-words", HTMLElement);
  #list = new DigitList(byId("confused", HTMLUListElement), digit => this.#choose(digit));
  #write;
  #writeDigits;

  /** @param {DigitsShell} shell @param {AbortSignal} signal ends it */
  constructor(shell, signal) {
    this.#shell = shell;
    this.#tables = TWINS.map(
      (name, twin) => new Table(name, (actual, said) => this.#look({twin, actual, said})),
    );
    this.#write = throttle((/** @type {Float32Array} */ counts) => this.#show(counts), 4, signal);
    // A digit is not clicked that has just gone.
    this.#writeDigits = throttle((/** @type {() => void} */ act) => act(), 8, signal);
    this.#panel.addEventListener("toggle", () => shell.redraw());
  }

  /** @param {DigitsPage} state @param {DigitsPage | null} before */
  update({own: {pair}}, before) {
    if (before && pair === before.own.pair) return;
    for (const [twin, table] of this.#tables.entries())
      table.select(pair?.twin === twin ? pair : null);
    this.#list.clear();
    this.#writeDigits.hurry();
  }

  /** The colours are others. */
  forget() {
    this.#list.forget();
  }

  /** @param {Frame} frame @param {DigitsLook} look */
  draw({confusion, said, run}, {digits, state: {own}}) {
    if (!confusion || !this.#panel.matches(":popover-open")) return;
    this.#write.soon(confusion);
    if (said && digits?.run === run)
      this.#writeDigits.soon(() => this.#showDigits(own.pair, said, digits));
  }

  /** @param {Float32Array} counts */
  #show(counts) {
    for (const [twin, table] of this.#tables.entries())
      table.show(counts.subarray(twin * CLASSES ** 2, (twin + 1) * CLASSES ** 2));
  }

  /** @param {Pair | null} pair @param {Uint8Array} said @param {Digits} digits */
  #showDigits(pair, said, digits) {
    const found = pair ? digitsOf(said, digits, pair) : [];
    const words = pair ? pairWords(pair, found.length) : "Choose a number to see its digits.";
    if (this.#words.textContent !== words) this.#words.textContent = words;
    const shown = pair ? found.slice(0, MOST).map(digit => ({...pair, digit})) : [];
    this.#list.show(shown, digits, [0, 0]);
  }

  /** @param {Pair} pair */
  #look(pair) {
    this.#shell.dispatch({type: "own", pair});
  }

  /** A panel that lies over the pad makes room for it. @param {number} digit */
  #choose(digit) {
    const pad = byId("pad", HTMLElement);
    this.#shell.dispatch({type: "own", pad: {...IN_PLACE, ink: null, digit, tool: "hand"}});
    if (!overlap(this.#panel.getBoundingClientRect(), pad.getBoundingClientRect())) return;
    this.#panel.hidePopover();
    pad.scrollIntoView({block: "nearest"});
  }
}

/** One network's numbers: a grid with one stop for Tab, in which arrow keys go from cell to cell. */
class Table {
  #cells;
  #worst;
  #choose;

  /** @param {import("./page.js").TwinName} twin @param {(actual: number, said: number) => void} choose */
  constructor(twin, choose) {
    const table = byId(`confusion-${twin}`, HTMLTableElement);
    this.#cells = makeCells(table);
    this.#worst = byId(`worst-${twin}`, HTMLElement);
    this.#choose = choose;
    table.addEventListener("click", ({target}) => {
      const at = this.#placeOf(target);
      if (at >= 0) this.#go(at);
    });
    table.addEventListener("keydown", event => this.#key(event));
    this.select(null);
  }

  /** @param {Float32Array} counts */
  show(counts) {
    for (const [i, cell] of this.#cells.entries()) {
      const [count, row] = [counts[i] ?? 0, Math.floor(i / CLASSES)];
      const all = counts
        .subarray(row * CLASSES, (row + 1) * CLASSES)
        .reduce((sum, x) => sum + x, 0);
      const text = formatCount(count);
      if (cell.textContent === text) continue;
      cell.textContent = text;
      cell.style.setProperty("--share", all ? (count / all).toFixed(3) : "0");
      cell.classList.toggle("none", count === 0);
    }
    const words = worstWords(worstPairs(counts, WORST));
    if (this.#worst.textContent !== words) this.#worst.textContent = words;
  }

  /** @param {Pair | null} pair of this network */
  select(pair) {
    const at = pair ? pair.actual * CLASSES + pair.said : -1;
    for (const [i, cell] of this.#cells.entries()) {
      cell.ariaSelected = String(i === at);
      cell.tabIndex = i === Math.max(at, 0) ? 0 : -1;
    }
  }

  /** −1 for none. @param {EventTarget | null} target */
  #placeOf(target) {
    return target instanceof HTMLTableCellElement ? this.#cells.indexOf(target) : -1;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const at = this.#placeOf(event.target);
    const way = WAYS[event.key];
    if (at < 0 || (!way && event.key !== "Enter")) return;
    event.preventDefault();
    const [row, column] = [Math.floor(at / CLASSES), at % CLASSES];
    const [right, down] = way ?? [0, 0];
    this.#go(limited(row + down) * CLASSES + limited(column + right));
  }

  /** @param {number} at */
  #go(at) {
    this.#choose(Math.floor(at / CLASSES), at % CLASSES);
    this.#cells[at]?.focus();
  }
}

/** @param {Pair} pair @param {number} count */
function pairWords({twin, actual, said}, count) {
  const name = TWIN_TITLES[TWINS[twin] ?? "plain"];
  const right = actual === said ? ", which is right" : "";
  const shown = count > MOST ? ` The first ${MOST}:` : "";
  return `${name}: ${formatCount(count)} of the digits ${actual} read as ${said}${right}.${shown}`;
}

/** @param {DOMRect} a @param {DOMRect} b */
function overlap(a, b) {
  const apart = b.bottom <= 0 || b.top >= innerHeight; // out of sight is as good as covered
  return apart || (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom);
}

/** @param {number} place */
function limited(place) {
  return Math.min(Math.max(place, 0), CLASSES - 1);
}

/** @param {HTMLTableElement} table */
function makeCells(table) {
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
