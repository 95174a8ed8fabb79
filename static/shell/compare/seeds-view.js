/** Lets the server train columns with other seeds, says how far it is, and what has come of it. */

/** @import {Seeded} from "../../session/protocol.js" */
/** @import {Column} from "./column.js" */
/** @import {Comparing} from "./comparing.js" */
/** @import {Band} from "./curves-view.js" */

import {formatCount} from "../../drawing/format.js";
import {throttle} from "../../drawing/throttle.js";
import {byId} from "../elements.js";
import {showFault} from "../number-field.js";
import {readNumber} from "../numbers.js";
import {SeedResults, SPREAD_HEAD, spreadTexts} from "./seeds.js";
import {textOf} from "./settings.js";

const UNIT = document.body.dataset.unit ?? "epoch";
const MOST = 100_000; // epochs of a seed, as the server allows

export class SeedsView {
  #count = byId("seed-count", HTMLSelectElement);
  #epochs = byId("seed-epochs", HTMLInputElement);
  #of = byId("seed-columns", HTMLSelectElement);
  #progress = byId("seed-progress", HTMLProgressElement);
  #text = byId("seeds-text", HTMLElement);
  #table = byId("seeds-table", HTMLTableElement);
  #kind;
  #changed;
  /** By letter. @type {Map<string, SeedResults>} */
  #results = new Map();
  #columns = /** @type {readonly Column[]} */ ([]);
  #isTyped = false;
  #show = throttle(() => this.#showAll());

  /** @param {Comparing<any, any, any>} kind @param {() => void} changed bands or the wish */
  constructor(kind, changed) {
    this.#kind = kind;
    this.#changed = changed;
    byId("try-seeds", HTMLFormElement).addEventListener("submit", event => {
      event.preventDefault();
      this.#start();
    });
    byId("stop-seeds", HTMLButtonElement).addEventListener("click", () => this.#stop());
    this.#epochs.addEventListener("input", () => {
      this.#isTyped = true;
    });
    for (const control of [this.#count, this.#epochs]) control.addEventListener("change", changed);
  }

  /** What the address says of it. @param {number} seeds @param {number} epochs */
  begin(seeds, epochs) {
    if (seeds >= 2) this.#count.value = String(seeds);
    if (epochs) this.#epochs.value = String(epochs);
    this.#isTyped = epochs > 0;
  }

  /** What the address is to say; nothing while nobody has asked for seeds. */
  get wish() {
    const {value} = readNumber(this.#epochs.value, {whole: true});
    const isAsked = this.#isTyped || this.#results.size > 0;
    return isAsked && value
      ? {seeds: Number(this.#count.value), epochs: value}
      : {seeds: 0, epochs: 0};
  }

  /** @param {readonly Column[]} columns */
  update(columns) {
    this.#columns = columns;
    const letters = columns.map(({letter}) => letter);
    if (this.#of.options.length !== letters.length + 1) {
      const [all] = this.#of.options;
      this.#of.replaceChildren(
        ...(all ? [all] : []),
        ...letters.map(letter => new Option(letter, letter)),
      );
    }
    for (const letter of this.#results.keys())
      if (!letters.some(each => each === letter)) this.#results.delete(letter);
    for (const column of columns) this.#forgetIfOther(column);
    this.#show.soon(undefined);
  }

  /** The seeds last as long as the runs that are compared, unless somebody has typed another number. @param {number} epoch */
  follow(epoch) {
    if (!this.#isTyped && epoch > 0 && this.#results.size === 0)
      this.#epochs.value = String(Math.min(epoch, MOST));
  }

  /** Results of other settings mean nothing for this column. @param {Column} column */
  #forgetIfOther(column) {
    const results = this.#results.get(column.letter);
    if (!results || !column.state || results.settings === keyOf(column)) return;
    this.#results.delete(column.letter);
    column.send({type: "try-seeds", seeds: [], epochs: 1});
  }

  /** A new connection has forgotten them. @param {Column} column */
  welcomed(column) {
    const results = this.#results.get(column.letter);
    if (results?.left.length) this.#ask(column, results);
  }

  /** @param {Column} column @param {Seeded} seeded */
  take(column, seeded) {
    this.#results.get(column.letter)?.take(seeded);
    this.#show.soon(undefined);
    if (seeded.done) this.#changed();
  }

  #start() {
    const {value, fault} = readNumber(this.#epochs.value, {whole: true, min: 1, max: MOST});
    if (fault !== null) {
      showFault(this.#epochs, fault);
      return;
    }
    this.#isTyped = true;
    for (const column of this.#columns) {
      if (this.#of.value && this.#of.value !== column.letter) continue;
      const results = new SeedResults(Number(this.#count.value), value, keyOf(column));
      this.#results.set(column.letter, results);
      this.#ask(column, results);
    }
    this.#changed();
    this.#showAll();
  }

  /** @param {Column} column @param {SeedResults} results */
  #ask(column, results) {
    results.ask(column.send({type: "try-seeds", seeds: results.left, epochs: results.epochs}));
  }

  #stop() {
    for (const column of this.#columns) {
      const results = this.#results.get(column.letter);
      if (!results?.left.length) continue;
      column.send({type: "try-seeds", seeds: [], epochs: 1});
      results.seeds = [...results.done.keys()];
      if (results.seeds.length === 0) this.#results.delete(column.letter);
    }
    this.#changed();
    this.#showAll();
  }

  /** Of a loss, for the chart. @param {string} loss @returns {Band[]} */
  bands(loss) {
    return this.#columns.flatMap(column => {
      const results = this.#results.get(column.letter);
      const k = Object.keys(column.frame?.losses ?? {}).indexOf(loss);
      if (!results || results.done.size < 2 || k < 0) return [];
      return [{letter: column.letter, ...results.band(k)}];
    });
  }

  #showAll() {
    const all = [...this.#results.values()];
    const left = all.reduce((sum, {left: seeds}) => sum + seeds.length, 0);
    const wanted = all.reduce((sum, {seeds}) => sum + seeds.length, 0);
    byId("stop-seeds", HTMLButtonElement).hidden = left === 0;
    this.#progress.hidden = left === 0;
    this.#progress.value = all.reduce((sum, {share}) => sum + share, 0) / Math.max(all.length, 1);
    const said =
      wanted === 0 ? "" : left ? `${wanted - left} of ${wanted} runs are done.` : this.#note;
    this.#text.ariaLive = left ? "off" : "polite"; // the bar tells how far it is
    if (this.#text.textContent !== said) this.#text.textContent = said;
    const {rows} = this;
    byId("seeds-scroll", HTMLElement).hidden = rows.length === 0;
    const made = [["", "Result", ...SPREAD_HEAD], ...rows].map(cells => makeRow(cells));
    this.#table.replaceChildren(...made);
  }

  get #note() {
    const epochs = [...new Set([...this.#results.values()].map(each => formatCount(each.epochs)))];
    return `From ${UNIT} 0 to ${epochs.join(" or ")}, with the seeds 1, 2 and so on. Median and spread are of the runs that have not diverged.`;
  }

  /** @returns {string[][]} column, result, and its spread at the end */
  get rows() {
    return this.#columns.flatMap(column => {
      const results = this.#results.get(column.letter);
      if (!results?.done.size) return [];
      const losses = Object.keys(column.frame?.losses ?? {})
        .map((name, k) => ({name, spread: results.atEnd(k)}))
        .filter(({spread}) => spread || results.diverged)
        .map(({name, spread}) => [
          column.letter,
          this.#kind.words[name] ?? name,
          ...spreadTexts(spread, results.diverged, false),
        ]);
      const metrics = results.metrics.map(name => [
        column.letter,
        inWords(name),
        ...spreadTexts(results.metric(name), results.diverged, name.includes("accuracy")),
      ]);
      return [...losses, ...metrics];
    });
  }

  /** For the report. */
  get reported() {
    const {rows} = this;
    return rows.length
      ? {head: ["Column", "Result", ...SPREAD_HEAD], rows, note: this.#note}
      : null;
  }
}

/** The settings apart from the seed. @param {Column} column */
function keyOf({state}) {
  return Object.entries(state?.settings ?? {})
    .filter(([name]) => name !== "seed")
    .map(([name, value]) => `${name}=${textOf(value)}`)
    .join("&");
}

/** "accuracy_test" becomes "Test accuracy". @param {string} name */
export function inWords(name) {
  const [, model = "", what = "", set = ""] = /^(?:(\w+) )?(\w+?)_(train|test)$/.exec(name) ?? [];
  if (!what) return name;
  const side = set === "train" ? "training" : "test";
  const words = `${model ? `${model}, ` : ""}${side} ${what === "rmse" || what === "r2" ? what.toUpperCase() : what}`;
  return words[0]?.toUpperCase() + words.slice(1);
}

/** @param {readonly string[]} cells */
function makeRow(cells) {
  const row = document.createElement("tr");
  const isHead = cells[1] === "Result";
  row.append(
    ...cells.map((text, i) => {
      const cell = document.createElement(isHead && text ? "th" : i < 2 && !isHead ? "th" : "td");
      if (cell instanceof HTMLTableCellElement && cell.tagName === "TH")
        cell.scope = isHead ? "col" : "row";
      cell.textContent = text;
      if (i === 0 && !isHead) cell.dataset.column = text;
      return cell;
    }),
  );
  return row;
}
