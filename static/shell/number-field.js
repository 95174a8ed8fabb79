/** Fields in which a number is typed: one rule for Enter, Escape, arrows and leaving, and for text that is no number.
 *
 * For the browser they are text fields, because `type=number` drops a decimal comma before the page sees it. For screen
 * readers and scripts they are spinbuttons.
 */

/** @import {Reading} from "./numbers.js" */

import {byId} from "./elements.js";
import {withOtherSign} from "./numbers.js";

/**
 * @typedef {object} Kind
 * @property {(text: string, field: HTMLInputElement) => Reading} read
 * @property {(value: number, field: HTMLInputElement) => string} show the text of a number in the field
 * @property {(value: number, field: HTMLInputElement) => number} commit sends it; the command's number, 0 if none was sent
 * @property {(value: number, steps: number) => number} step by one arrow, or ten at once
 * @property {boolean} [signed] offers fingers a button for the minus, which a phone's keypad lacks
 * @property {(field: HTMLInputElement) => void} [close] closes a field opened for one number, which is sent only then
 */

/** @type {Record<string, number>} */
const STEPS = {ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10};
const FAULT = "field-error";

/** The number that each field last showed. @type {WeakMap<HTMLInputElement, {text: string, value: number}>} */
const shown = new WeakMap();
/** What to do if a command is refused, by its number. @type {Map<number, () => void>} */
const undoing = new Map();
/** The field with typing that is not sent yet. @type {HTMLInputElement | null} */
let typing = null;

export class NumberFields {
  #kind;

  /**
   * @param {HTMLElement} place a field, or what contains some
   * @param {Kind} kind
   */
  constructor(place, kind) {
    this.#kind = kind;
    place.addEventListener("focusin", event => this.#for(event, field => this.#enter(field)));
    place.addEventListener("input", event => this.#for(event, noteTyping));
    place.addEventListener("keydown", event =>
      this.#for(event, field => this.#press(event, field)),
    );
    place.addEventListener("focusout", event => this.#for(event, field => this.#leave(field)));
  }

  /**
   * @param {Event} event
   * @param {(field: HTMLInputElement) => void} act
   */
  #for({target}, act) {
    if (target instanceof HTMLInputElement && target.matches(".number:read-write")) act(target);
  }

  /** @param {HTMLInputElement} field */
  #enter(field) {
    if (this.#kind.signed && matchMedia("(pointer: coarse)").matches) offerSign(field);
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLInputElement} field
   */
  #press(event, field) {
    const steps = STEPS[event.key];
    if (event.key === "Enter") this.#finish(field);
    else if (event.key === "Escape") {
      if (typing !== field && !this.#kind.close) return; // nothing to take back here
      restore(field);
      event.stopPropagation();
      this.#kind.close?.(field);
    } else if (steps && !event.ctrlKey && !event.altKey && !event.metaKey) this.#step(field, steps);
    else return;
    event.preventDefault();
  }

  /** @param {HTMLInputElement} field */
  #finish(field) {
    if (typing === field) this.#commit(field);
    field.select(); // for the next try
    this.#kind.close?.(field);
  }

  /** @param {HTMLInputElement} field */
  #leave(field) {
    sign.remove();
    if (typing === field) this.#commit(field);
    this.#kind.close?.(field);
  }

  /**
   * @param {HTMLInputElement} field
   * @param {number} steps
   */
  #step(field, steps) {
    const {value, fault} = this.#kind.read(field.value, field);
    if (fault !== null) return;
    field.value = this.#kind.show(this.#kind.step(value, steps), field);
    typing = field;
    if (!this.#kind.close) this.#commit(field);
  }

  /** Send the typed number, or say why it is refused and go back. @param {HTMLInputElement} field */
  #commit(field) {
    const {value, fault} = this.#kind.read(field.value, field);
    const before = shown.get(field);
    if (fault !== null) {
      restore(field);
      showFault(field, fault);
      return;
    }
    typing = null;
    const goBack = () => before && showNumber(field, before.text, before.value);
    showNumber(field, this.#kind.show(value, field), value);
    const seq = this.#kind.commit(value, field);
    if (seq) undoing.set(seq, goBack);
    else goBack();
  }
}

/**
 * Show a number in a field, unless a visitor is typing into it.
 * @param {HTMLInputElement} field
 * @param {string} text
 * @param {number} value
 */
export function showNumber(field, text, value) {
  const before = shown.get(field);
  shown.set(field, {text, value});
  if (field === typing) return;
  if (field.value !== text) field.value = text;
  if (before?.value !== value) field.ariaValueNow = Number.isFinite(value) ? String(value) : null;
}

/**
 * The server has answered all commands up to this one.
 * @param {number} seq
 * @param {boolean} isRefused this one is refused
 */
export function answerNumbers(seq, isRefused) {
  if (isRefused) undoing.get(seq)?.();
  for (const number of undoing.keys()) if (number <= seq) undoing.delete(number);
}

/**
 * @param {string} name for screen readers
 * @param {boolean} whole
 */
export function makeNumberField(name, whole = false) {
  const field = document.createElement("input");
  field.type = "text";
  field.role = "spinbutton";
  field.className = "number";
  field.inputMode = whole ? "numeric" : "decimal";
  field.autocomplete = "off";
  field.spellcheck = false;
  field.enterKeyHint = "done";
  field.ariaLabel = name;
  return field;
}

/**
 * In a lesson a field can be fixed: it shows its number and takes no typing.
 * @param {HTMLInputElement} field
 * @param {boolean} isFixed
 */
export function fix(field, isFixed) {
  field.readOnly = isFixed;
  field.tabIndex = isFixed ? -1 : 0;
}

/**
 * Say beside an element what is wrong, until the visitor's next key, press or scroll.
 * @param {HTMLElement} element
 * @param {string} text
 */
export function showFault(element, text) {
  const fault = byId(FAULT, HTMLElement);
  const {left, bottom} = element.getBoundingClientRect();
  fault.hidePopover();
  fault.showPopover();
  fault.textContent = text; // only now: screen readers announce changes of an element that is shown
  const right = document.documentElement.clientWidth - fault.offsetWidth - 8;
  fault.style.left = `${Math.max(8, Math.min(left, right))}px`;
  fault.style.top = `${Math.min(bottom + 4, innerHeight - fault.offsetHeight - 8)}px`;
}

for (const type of ["keydown", "pointerdown", "scroll", "resize"])
  addEventListener(type, () => byId(FAULT, HTMLElement).hidePopover(), {capture: true});

/** @param {HTMLInputElement} field */
function noteTyping(field) {
  typing = field;
}

/** @param {HTMLInputElement} field */
function restore(field) {
  typing = null;
  const before = shown.get(field);
  field.value = before?.text ?? "";
  if (document.activeElement === field) field.select(); // without the condition some browsers would move the focus here
}

const sign = makeSign();

function makeSign() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "sign";
  button.tabIndex = -1;
  button.ariaLabel = "Change the sign";
  button.textContent = "±";
  // The field keeps the keyboard.
  for (const type of ["pointerdown", "mousedown"])
    button.addEventListener(type, event => event.preventDefault());
  button.addEventListener("click", () => {
    const field = button.previousElementSibling;
    if (!(field instanceof HTMLInputElement)) return;
    field.value = withOtherSign(field.value);
    noteTyping(field);
    field.focus();
  });
  return button;
}

/** @param {HTMLInputElement} field */
function offerSign(field) {
  if (sign.previousElementSibling !== field) field.after(sign);
}
