/** The control of one setting of one column, in the table of what differs. */

/** @import {Cell} from "./settings.js" */

import {showFault} from "../number-field.js";
import {NUMBER_KINDS} from "../number-kinds.js";
import {readNumber} from "../numbers.js";
import {TypedChoice} from "../typed-choice.js";
import {meantBy, textOf, wordsOf} from "./settings.js";

/** Shows the value that the server says; what is chosen is sent, and shown when it is answered. */
export class CellControl {
  #cell;
  #send;
  /** @type {HTMLElement} */
  element;
  /** @type {TypedChoice | null} */
  #typed = null;
  /** The value that the server has told last. @type {unknown} */
  #present = null;

  /**
   * @param {Cell} cell
   * @param {string} name for screen readers
   * @param {(value: unknown) => void} send
   */
  constructor(cell, name, send) {
    this.#cell = cell;
    this.#send = send;
    this.element = this.#make(name);
    this.element.ariaLabel = name;
  }

  /** @param {unknown} value */
  show(value) {
    this.#present = value;
    const {element} = this;
    const text = textOf(value);
    if (element instanceof HTMLSelectElement) {
      if (this.#typed && Number.isFinite(Number(text))) this.#typed.offer(text);
      this.#offer(element, text);
      if (element.value !== text) element.value = text;
    } else if (!(element instanceof HTMLInputElement))
      element.textContent = wordsOf(this.#cell, value);
    else if (element.type === "checkbox") element.checked = value === true;
    else if (document.activeElement !== element && element.value !== text) element.value = text;
  }

  /** The server has refused what was sent. @param {string} why */
  refuse(why) {
    this.show(this.#present);
    if (this.element instanceof HTMLInputElement) this.element.value = textOf(this.#present);
    showFault(this.element, why);
  }

  /** @param {string} name */
  #make(name) {
    const {form} = this.#cell;
    if (form === "list") return this.#makeList(name);
    if (form === "fixed") return document.createElement("span");
    const input = document.createElement("input");
    input.type = form === "box" ? "checkbox" : "text";
    if (form !== "box") {
      input.className = "number wide";
      input.autocomplete = "off";
      input.spellcheck = false;
    }
    input.addEventListener("change", () => this.#take(input));
    return input;
  }

  /** @param {string} name */
  #makeList(name) {
    const select = /** @type {HTMLSelectElement} */ (this.#cell.select.cloneNode(true));
    select.ariaLabel = name;
    const kind = NUMBER_KINDS[this.#cell.number];
    if (kind)
      this.#typed = new TypedChoice(select, kind, value => {
        this.#send(value);
        return 0;
      });
    select.addEventListener("change", () => {
      if (this.#typed?.isWanted) this.#typed.open(textOf(this.#present));
      else this.#send(meantBy(this.#cell, select.value, this.#meant(select.value)));
    });
    return select;
  }

  /** A list may have words and numbers: a number stays one although the present value is a word. @param {string} text */
  #meant(text) {
    return Number.isFinite(Number(text)) && this.#cell.number ? 0 : this.#present;
  }

  /** A value that nobody can choose here, as that of own points. @param {HTMLSelectElement} select @param {string} text */
  #offer(select, text) {
    if ([...select.options].some(({value}) => value === text)) return;
    const option = new Option(wordsOf(this.#cell, this.#present), text);
    option.disabled = true;
    select.add(option);
  }

  /** @param {HTMLInputElement} input */
  #take(input) {
    if (input.type === "checkbox") {
      this.#send(input.checked);
      return;
    }
    if (this.#cell.form !== "number") {
      this.#send(meantBy(this.#cell, input.value, this.#present));
      return;
    }
    const {value, fault} = readNumber(input.value, this.#cell.bounds ?? {});
    if (fault === null) this.#send(value);
    else this.refuse(fault);
  }
}
