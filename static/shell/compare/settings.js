/** The lab's settings as the server has written them into the page: how each is called, shown and chosen. */

/** @import {State} from "../../session/state.js" */

import {byId} from "../elements.js";
import {NUMBER_KINDS} from "../number-kinds.js";

/** A setting's cell: its name, label, the form of its control, and the words of its values.
 * @typedef {object} Cell
 * @property {string} name
 * @property {string} label
 * @property {"list" | "box" | "number" | "text" | "fixed"} form
 * @property {string} number the kind of its numbers, as in number-kinds.js, or ""
 * @property {ReadonlyMap<string, string>} words of its values
 * @property {{min: number, max: number} | null} bounds
 * @property {HTMLSelectElement} select to be cloned
 */

/** @returns {Map<string, Cell>} by name, in the order of declaration */
export function readCells() {
  const found = new Map();
  for (const element of byId("cells", HTMLTemplateElement).content.children) {
    if (!(element instanceof HTMLElement)) continue;
    const {cell: name = "", label = "", form = "", number = "", low, high} = element.dataset;
    const select = element.querySelector("select");
    if (!select) continue;
    const words = new Map([...select.options].map(({value, text}) => [value, text]));
    const bounds = low === undefined ? null : {min: Number(low), max: Number(high)};
    found.set(name, {name, label, form, number, words, bounds, select});
  }
  return found;
}

/** The value of a setting as the text of a control, or of a link. @param {unknown} value @returns {string} */
export function textOf(value) {
  if (!Array.isArray(value)) return String(value);
  return value.map(item => (Array.isArray(item) ? item.join("-") : String(item))).join(",");
}

/**
 * The value of a setting in words, as the page of the lab has them.
 * @param {Pick<Cell, "form" | "number" | "words">} cell
 * @param {unknown} value
 * @returns {string}
 */
export function wordsOf({form, number, words}, value) {
  if (form === "box") return value ? "On" : "Off";
  if (Array.isArray(value)) {
    if (value.length === 0) return "None";
    return value.map(item => words.get(textOf(item)) ?? textOf([item])).join(", ");
  }
  const kind = NUMBER_KINDS[number];
  const said = words.get(textOf(value));
  return said ?? (typeof value === "number" && kind ? kind.says(value) : textOf(value));
}

/**
 * What was typed or chosen for a setting, as a message has it: the server checks it.
 * @param {Pick<Cell, "form">} cell
 * @param {string} text
 * @param {unknown} present its present value
 */
export function meantBy({form}, text, present) {
  if (Array.isArray(present)) return text.trim() ? text.split(",").map(part => item(part)) : [];
  if (form === "box") return text === "true";
  return form === "text" || typeof present === "string" ? text : item(text);
}

/** @param {string} text */
function item(text) {
  const plain = text.trim();
  return plain !== "" && Number.isFinite(Number(plain)) ? Number(plain) : plain;
}

/**
 * The settings that are not the same in all columns.
 * @param {readonly string[]} names
 * @param {readonly State["settings"][]} columns
 */
export function differing(names, columns) {
  return names.filter(name => new Set(columns.map(settings => textOf(settings[name]))).size > 1);
}
