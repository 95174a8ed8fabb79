/** The last option of a list of numbers: “Other…” puts a field over the list, in which any number can be typed. */

/** @import {Typed} from "./number-kinds.js" */

import {makeNumberField, NumberFields, showNumber} from "./number-field.js";
import {placeOf} from "./numbers.js";

const OTHER = "other";

export class TypedChoice {
  #select;
  #typed;
  #field;
  #isOpen = false;

  /**
   * @param {HTMLSelectElement} select
   * @param {Typed} typed
   * @param {(value: number) => number} choose sends it; the command's number, 0 if none was sent
   */
  constructor(select, typed, choose) {
    this.#select = select;
    this.#typed = typed;
    this.#field = makeNumberField(select.ariaLabel ?? "", typed.whole);
    select.add(new Option("Other…", OTHER));
    new NumberFields(this.#field, {...typed, commit: choose, close: () => this.#close()});
  }

  get isWanted() {
    return this.#select.value === OTHER;
  }

  /** @param {string} current what the list said before */
  open(current) {
    const {offsetWidth} = this.#select;
    const value = Number(current);
    const isNumber = Number.isFinite(value);
    this.offer(current);
    this.#select.value = current;
    this.#field.placeholder = isNumber ? "" : (this.#select.selectedOptions[0]?.text ?? "");
    showNumber(this.#field, isNumber ? this.#typed.show(value) : "", value);
    this.#field.style.width = `${offsetWidth}px`;
    this.#select.after(this.#field);
    this.#select.hidden = true;
    this.#isOpen = true;
    this.#field.focus();
    this.#field.select();
  }

  /** The focus goes back to the list, unless it has moved elsewhere. */
  #close() {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const hadFocus = document.activeElement === this.#field;
    this.#select.hidden = false;
    if (hadFocus) this.#select.focus();
    this.#field.remove();
  }

  /** Adds a value that the list lacks, from a link say, at its place. @param {string} value */
  offer(value) {
    const options = [...this.#select.options];
    if (options.some(option => option.value === value)) return;
    const place = placeOf(
      options.map(option => option.value),
      Number(value),
    );
    this.#select.add(new Option(this.#typed.says(Number(value)), value), place);
  }
}
