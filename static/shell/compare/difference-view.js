/** Shows where two pictures differ, and by how much. */

/** @import {Palette} from "../../drawing/colors.js" */
/** @import {Column} from "./column.js" */
/** @import {Comparing} from "./comparing.js" */

import {context2d} from "../../drawing/canvas.js";
import {differenceBytes, scaleEnd, subtract} from "../../drawing/difference.js";
import {formatCount, formatShare} from "../../drawing/format.js";
import {paintBytes} from "../../drawing/picture.js";
import {throttle} from "../../drawing/throttle.js";
import {byId} from "../elements.js";

const UNIT = document.body.dataset.unit ?? "epoch";

export class DifferenceView {
  #canvas = byId("difference", HTMLCanvasElement);
  #first = byId("minuend", HTMLSelectElement);
  #second = byId("subtrahend", HTMLSelectElement);
  #text = byId("difference-text", HTMLElement);
  #kind;
  /** What the visitor has chosen. @type {Map<HTMLSelectElement, string>} */
  #chosen = new Map();
  #palette = /** @type {Palette | null} */ (null);
  #columns = /** @type {readonly Column[]} */ ([]);
  #paintSoon = throttle(() => this.#paint());

  /** @param {Comparing<any, any, any>} kind */
  constructor(kind) {
    this.#kind = kind;
    for (const select of [this.#first, this.#second])
      select.addEventListener("change", () => {
        this.#chosen.set(select, select.value);
        this.#paint();
      });
  }

  /** @param {readonly Column[]} columns */
  update(columns) {
    byId("subtraction", HTMLElement).hidden = !this.#kind.picture || columns.length < 2;
    const letters = columns.map(({letter}) => letter);
    for (const [i, select] of [this.#first, this.#second].entries()) {
      if ([...select.options].map(({value}) => value).join("") === letters.join("")) continue;
      select.replaceChildren(...letters.map(letter => new Option(letter, letter)));
      const chosen = letters.find(letter => letter === this.#chosen.get(select));
      select.value = chosen ?? letters[i] ?? "";
    }
  }

  /** @param {readonly Column[]} columns @param {Palette} palette */
  draw(columns, palette) {
    [this.#columns, this.#palette] = [columns, palette];
    this.#paintSoon.soon(undefined);
  }

  /** What is said of it: for the report too. @returns {string} */
  get said() {
    return this.#text.textContent ?? "";
  }

  /** That two pictures are not of the same time, which may be all of the difference. @returns {string[]} */
  #ages() {
    const letters = [this.#first.value, this.#second.value];
    const epochs = letters.map(letter => this.#columnOf(letter)?.epoch ?? 0);
    if (epochs[0] === epochs[1]) return [];
    const [one, other] = letters.map((letter, i) => `${letter} at ${formatCount(epochs[i] ?? 0)}`);
    return [`These are not of the same ${UNIT}: ${one}, ${other}. Pause to see both at one.`];
  }

  /** @param {string} letter */
  #columnOf(letter) {
    return this.#columns.find(each => each.letter === letter);
  }

  /** @param {string} letter */
  #fieldOf(letter) {
    const column = this.#columnOf(letter);
    if (!column?.frame || !column.state) return null;
    return this.#kind.picture?.field(column.frame, column.state) ?? null;
  }

  #paint() {
    const [a, b] = [this.#fieldOf(this.#first.value), this.#fieldOf(this.#second.value)];
    const palette = this.#palette;
    if (!a || !b || !palette) return;
    const found = subtract(a, b);
    this.#canvas.hidden = !found;
    if (!found) {
      const [one, other] =
        a.what === b.what
          ? [`the plane from ${a.place}`, `the plane from ${b.place}`]
          : [a.what, b.what];
      this.#say(
        `${this.#first.value} shows ${one}, ${this.#second.value} ${other}: these cannot be subtracted.`,
      );
      return;
    }
    const end = found.isOfClasses ? 1 : scaleEnd(found.largest);
    const {side} = found;
    if (this.#canvas.width !== side) this.#canvas.width = this.#canvas.height = side;
    paintBytes(context2d(this.#canvas), differenceBytes(found, end), side, palette.field);
    byId("difference-low", HTMLElement).textContent = found.isOfClasses ? "" : `−${end}`;
    byId("difference-high", HTMLElement).textContent = found.isOfClasses ? "other class" : `${end}`;
    const words = sayDifference(this.#first.value, this.#second.value, a.what, found);
    this.#say([words, ...this.#ages()].join(" "));
  }

  /** @param {string} text */
  #say(text) {
    if (this.#text.textContent !== text) this.#text.textContent = text;
  }
}

/**
 * @param {string} first @param {string} second @param {string} what
 * @param {import("../../drawing/difference.js").Difference} found
 */
export function sayDifference(first, second, what, {isOfClasses, largest, mean}) {
  if (isOfClasses)
    return `${first} and ${second} take ${formatShare(mean)} of the plane for another class.`;
  return `${first} − ${second}, ${what}: largest difference ${largest.toFixed(3)}, mean ${mean.toFixed(4)} (absolute values).`;
}
