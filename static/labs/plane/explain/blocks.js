/** Puts blocks into the page. Numbers that change are changed in place, so that nothing flickers while it trains. */

/** @import {Block} from "./symbols.js" */
/** @import {Math} from "./math.js" */

import {asText, mathElement} from "./math.js";

export class Blocks {
  #element;
  #shape = "";
  /** @type {Element[]} */
  #numbers = [];

  /** @param {HTMLElement} element */
  constructor(element) {
    this.#element = element;
  }

  /** @param {readonly Block[]} blocks */
  show(blocks) {
    const numbers = blocks.flatMap(mathsOf).flatMap(numbersOf);
    const shape = blocks.map(shapeOf).join("\n");
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.#element.replaceChildren(...blocks.map(elementOf));
      this.#numbers = [...this.#element.querySelectorAll("[data-exact]")];
      return;
    }
    for (const [i, element] of this.#numbers.entries()) {
      const {text = "", exact = ""} = numbers[i] ?? {};
      if (element.getAttribute("data-exact") === exact) continue;
      element.textContent = text;
      element.setAttribute("data-exact", exact);
      element.setAttribute("title", exact);
    }
  }
}

/** All that a block says, with all digits. @param {Block} block */
export function blockText(block) {
  if (block.kind === "words") return block.text;
  if (block.kind === "formula")
    return block.lines.map(line => line.map(asText).join(" ")).join("; ");
  return block.rows.map(cells => cells.map(textOf).join(" ")).join("; ");
}

/** @param {string | Math} cell */
function textOf(cell) {
  return typeof cell === "string" ? cell : asText(cell);
}

/** @param {Block} block @returns {Math[]} */
function mathsOf(block) {
  if (block.kind === "formula") return block.lines.flat();
  if (block.kind === "words") return [];
  return [...block.head, ...block.rows.flat()].filter(cell => typeof cell !== "string");
}

/** @param {Math} math @returns {Math[]} */
function numbersOf(math) {
  return math.exact === undefined ? (math.parts ?? []).flatMap(numbersOf) : [math];
}

/** All but the numbers. @param {Block} block @returns {string} */
function shapeOf(block) {
  return JSON.stringify(block, (_, value) =>
    value && typeof value === "object" && "exact" in value ? {tag: value.tag} : value,
  );
}

/** @param {Block} block @returns {Element} */
function elementOf(block) {
  switch (block.kind) {
    case "words":
      return make("p", "fine", block.text);
    case "formula": {
      const formula = make("div", "formula");
      for (const line of block.lines) {
        const row = make("p", "");
        for (const math of line) row.append(mathElement(math), " ");
        formula.append(row);
      }
      return formula;
    }
    case "table": {
      const table = document.createElement("table");
      const head = table.createTHead().insertRow();
      for (const cell of block.head) head.append(fill(make("th", ""), cell));
      for (const cell of head.cells) cell.scope = "col";
      const body = table.createTBody();
      for (const [number, cells] of block.rows.entries()) {
        const row = body.insertRow();
        for (const [i, cell] of cells.entries()) row.append(fill(make(i ? "td" : "th", ""), cell));
        const [first] = row.cells;
        first?.setAttribute("scope", "row");
        if (first && block.chosen !== undefined) makeChoice(first, number, number === block.chosen);
      }
      return wrapped(table);
    }
  }
}

/** The name of a row becomes a button that chooses it. @param {HTMLElement} cell @param {number} number from 0 @param {boolean} isChosen */
function makeChoice(cell, number, isChosen) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "row-choice";
  button.dataset.row = String(number);
  button.ariaPressed = String(isChosen);
  button.textContent = cell.textContent;
  cell.replaceChildren(button);
}

/** It scrolls by itself where it is too wide, also by keys. @param {HTMLTableElement} table */
function wrapped(table) {
  const wrap = make("div", "wide-table");
  wrap.append(table);
  return wrap;
}

/** @param {string} tag @param {string} className @param {string} text */
function make(tag, className, text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}

/** @param {HTMLElement} element @param {string | Math} cell */
function fill(element, cell) {
  if (typeof cell === "string") element.textContent = cell;
  else element.append(mathElement(cell));
  return element;
}
