/** The table of what differs: settings with a control for each column, and below them what else differs, and results. */

/** @import {Rejected} from "../../session/protocol.js" */
/** @import {Column} from "./column.js" */
/** @import {Cell} from "./settings.js" */

import {byId} from "../elements.js";
import {CellControl} from "./cell-control.js";
import {differing, wordsOf} from "./settings.js";

/** Words of each column in a row of what is not chosen here. @typedef {{label: string, texts: string[], isBest?: number | null}} Row */

export class TableView {
  #table = byId("differences", HTMLTableElement);
  #add = byId("add-difference", HTMLSelectElement);
  #chosen = byId("chosen", HTMLTableSectionElement);
  #found = byId("found", HTMLTableSectionElement);
  #cells;
  /** Settings that the visitor has asked for, whether they differ or not. @type {Set<string>} */
  #added = new Set();
  /** By setting and column: "learning_rate A". @type {Map<string, CellControl>} */
  #controls = new Map();
  /** The rows and columns for which the table is made. */
  #made = "";
  /** The control from which each command came, by column and number. @type {Map<string, CellControl>} */
  #sent = new Map();

  /** @param {ReadonlyMap<string, Cell>} cells @param {() => void} changed */
  constructor(cells, changed) {
    this.#cells = cells;
    for (const {name, label, form} of cells.values())
      if (form !== "fixed") this.#add.add(new Option(label, name));
    this.#add.addEventListener("change", () => {
      const {value} = this.#add;
      if (!value) return;
      this.#added.add(value);
      this.#add.value = "";
      changed();
      this.#controls.get(`${value} ${this.#last}`)?.element.focus();
    });
  }

  /** The letter of the last column. */
  get #last() {
    return this.#made.split(" ")[0]?.at(-1) ?? "";
  }

  /** The settings that differ, in words. @param {readonly Column[]} columns @returns {Row[]} */
  rows(columns) {
    const settings = columns.map(({state}) => state?.settings ?? {});
    return differing([...this.#cells.keys()], settings).map(name => ({
      label: this.#cells.get(name)?.label ?? name,
      texts: settings.map(each => {
        const cell = this.#cells.get(name);
        return cell ? wordsOf(cell, each[name]) : "";
      }),
    }));
  }

  /** @param {readonly Column[]} columns that have a state */
  update(columns) {
    const settings = columns.map(({state}) => state?.settings ?? {});
    const different = new Set(differing([...this.#cells.keys()], settings));
    const names = [...this.#cells.keys()].filter(
      name => different.has(name) || this.#added.has(name),
    );
    this.#make(names, columns);
    for (const name of names)
      for (const {letter, state} of columns)
        this.#controls.get(`${name} ${letter}`)?.show(state?.settings[name]);
    byId("no-difference", HTMLElement).hidden = names.length > 0;
  }

  /** @param {readonly string[]} names @param {readonly Column[]} columns */
  #make(names, columns) {
    const letters = columns.map(({letter}) => letter).join("");
    const made = `${letters} ${names.join(" ")}`;
    if (made === this.#made) return;
    this.#made = made;
    const before = document.activeElement?.ariaLabel;
    const head = this.#table.tHead ?? this.#table.createTHead();
    head.replaceChildren(headRow([...letters]));
    this.#controls.clear();
    this.#chosen.replaceChildren(...names.map(name => this.#row(name, columns)));
    for (const {element} of this.#controls.values())
      if (element.ariaLabel === before) element.focus();
  }

  /** @param {string} name @param {readonly Column[]} columns */
  #row(name, columns) {
    const cell = /** @type {Cell} */ (this.#cells.get(name));
    const row = document.createElement("tr");
    row.append(rowHead(cell.label));
    for (const column of columns) {
      const control = new CellControl(cell, `${cell.label} of ${column.letter}`, value => {
        const seq = column.send({type: "change", settings: {[name]: value}});
        if (seq) this.#sent.set(`${column.letter} ${seq}`, control);
        else control.refuse("Not connected: nothing was changed.");
      });
      this.#controls.set(`${name} ${column.letter}`, control);
      const data = document.createElement("td");
      data.append(control.element);
      row.append(data);
    }
    return row;
  }

  /** @param {Column} column @param {Rejected} rejected */
  refuse({letter}, {seq, came, expected}) {
    const key = `${letter} ${seq}`;
    this.#sent.get(key)?.refuse(`${came} came, expected ${expected}`);
    this.#sent.delete(key);
  }

  /** @param {readonly Row[]} rows of what is not chosen here */
  draw(rows) {
    while (this.#found.rows.length > rows.length) this.#found.deleteRow(-1);
    for (const [i, {label, texts}] of rows.entries()) {
      const row = this.#found.rows[i] ?? this.#found.insertRow();
      if (row.cells.length !== texts.length + 1)
        row.replaceChildren(rowHead(label), ...texts.map(() => document.createElement("td")));
      for (const [k, text] of [label, ...texts].entries()) {
        const cell = row.cells[k];
        if (cell && cell.textContent !== text) cell.textContent = text;
      }
    }
  }
}

/** @param {readonly string[]} letters */
export function headRow(letters, first = "") {
  const row = document.createElement("tr");
  const corner = document.createElement(first ? "th" : "td");
  corner.textContent = first;
  row.append(corner);
  for (const letter of letters) {
    const head = document.createElement("th");
    head.scope = "col";
    head.dataset.column = letter;
    head.textContent = letter;
    row.append(head);
  }
  return row;
}

/** @param {string} label */
export function rowHead(label) {
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = label;
  return head;
}
