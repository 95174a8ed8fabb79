/** The chosen dense unit, large: its weights, what it sees and the products as pictures beside each other, and their sum.
 *
 * The pointer or the arrow keys choose an input, whose weight can be typed, as the bias can.
 */

/** @import {Sheet, Term} from "./dense.js" */
/** @import {Frame} from "./frame.js" */
/** @import {Digits, DigitsLook, DigitsPage, DigitsShell, DigitsState, Own} from "./page.js" */
/** @import {Weighing} from "./weighing.js" */

import {throttle} from "../../drawing/throttle.js";
import {byId} from "../../shell/elements.js";
import {makeNumberField, NumberFields, showNumber} from "../../shell/number-field.js";
import {readNumber, tidy} from "../../shell/numbers.js";
import {setUnitsWeight} from "./commands.js";
import {cellBeside, inputAt, productsOf} from "./dense.js";
import {editable, LARGEST, STEP} from "./filter-editor.js";
import {limited, WAYS} from "./map-view.js";
import {fillSheet, inkColors, largestOf, signedShades} from "./pictures.js";
import {inside, layerInside, layerShown} from "./state.js";
import {fixed, rest, seesImage, sheetFor, sumWords, termWords, weighingOf} from "./weighing.js";

const REST = 600; // ms without a change, after which a screen reader hears the product and the sum
const HINT = "Point at a weight to read its product. A click keeps it.";

/** @typedef {{sheet: Sheet, weighing: Weighing, server: DigitsState, unit: number}} Shown */

export class WeighingView {
  #shell;
  #say;
  #box = byId("sheets", HTMLElement);
  #sheets = ["weights", "seen", "products"].map(name => sheetElements(name));
  #chosen = byId("chosen", HTMLElement);
  #place = byId("chosen-place", HTMLElement);
  #product = byId("chosen-product", HTMLElement);
  #sum = byId("weighing-sum", HTMLElement);
  #weight = makeNumberField("Weight");
  #bias = makeNumberField("Bias");
  #write;
  #paint;
  /** The newest that was drawn. @type {Shown | null} */
  #shown = null;
  /** @type {Digits | null} */
  #digits = null;
  /** @type {Uint32Array} */
  #colors = new Uint32Array(256);
  /** Of the layer that is shown. @type {{key: string, digits: Digits, sheet: Sheet} | null} */
  #laidOut = null;
  /** @type {unknown[]} */
  #drawn = [];
  /** The pixel that was announced, or is about to be. @type {Own["pixel"]} */
  #heard = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {DigitsShell} shell @param {AbortSignal} signal ends it */
  constructor(shell, signal) {
    this.#shell = shell;
    this.#say = (/** @type {string} */ text) => shell.say(text);
    this.#write = throttle(() => this.#showWords(), 2, signal);
    this.#paint = throttle(() => this.#showPictures(), 1, signal);
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
    byId("chosen-weight", HTMLElement).append(this.#weight);
    byId("unit-bias", HTMLElement).append(this.#bias);
    new NumberFields(byId("weighing", HTMLElement), {
      read: text => readNumber(text, {min: -LARGEST, max: LARGEST}),
      show: editable,
      commit: (value, field) => this.#set(value, field),
      step: (value, steps) => tidy(value + steps * STEP),
      signed: true,
    });
    this.#box.addEventListener("pointermove", event => this.#point(event));
    this.#box.addEventListener("pointerdown", event => this.#pin(event));
    this.#box.addEventListener("keydown", event => this.#key(event));
  }

  /** The colours are others. */
  forget() {
    this.#drawn = [];
  }

  /** @param {DigitsPage} state */
  update({server, own: {pixel, isPinned}}) {
    const sheet = server && this.#sheet();
    const isThere = Boolean(sheet && pixel && inputAt(sheet, pixel) >= 0);
    this.#chosen.classList.toggle("empty", !isThere);
    this.#box.classList.toggle("pinned", isPinned);
    for (const {mark} of this.#sheets) {
      mark.hidden = !isThere;
      if (!sheet || !pixel) continue;
      mark.style.left = `${(100 * pixel.column) / sheet.width}%`;
      mark.style.top = `${(100 * pixel.row) / sheet.height}%`;
      mark.style.width = `${100 / sheet.width}%`;
    }
    if (!isThere) this.#place.textContent = HINT;
  }

  /** @param {Frame} frame @param {DigitsLook} look */
  draw(frame, {state: {server, own}, palette, digits, hurry}) {
    this.#digits = digits;
    this.#colors = palette.field;
    const sheet = this.#sheet();
    if (!server || !sheet) {
      this.#shown = null;
      return;
    }
    const key = [
      frame.plainParameters,
      frame.parameters,
      frame.inside,
      server,
      own.unit,
      own.pixel,
    ];
    if (key.every((each, i) => each === this.#drawn[i])) return;
    this.#drawn = key;
    const weighing = weighingOf(frame, server, own.unit);
    if (!weighing) return;
    const before = this.#shown;
    const isOther = before?.sheet !== sheet || before.unit !== own.unit;
    this.#shown = {sheet, weighing, server, unit: own.unit};
    if (hurry || isOther) {
      this.#write.hurry();
      this.#paint.hurry();
    }
    this.#paint.soon(undefined);
    this.#write.soon(undefined);
    this.#announce(own.pixel);
  }

  #showPictures() {
    if (!this.#shown) return;
    const {
      sheet,
      server,
      weighing: {weights, numbers},
    } = this.#shown;
    const none = new Float32Array(weights.length);
    const source = numbers?.source ?? none;
    const isInk = seesImage(server);
    for (const [i, values] of [weights, source, productsOf(weights, source)].entries()) {
      const elements = this.#sheets[i];
      if (!elements) continue;
      if (isInk && i === 1) paintInk(elements, sheet, values);
      else paintSigned(elements, sheet, values, this.#colors);
    }
  }

  #showWords() {
    const {pixel} = this.#shell.state.own;
    if (!this.#shown) return;
    const {sheet, server, unit, weighing} = this.#shown;
    const term = termAt(this.#shown, pixel);
    if (term) {
      this.#place.textContent = `${capital(sheet.nameOf(term.input))}:`;
      const what = `× ${seenName(server)} ${fixed(term.value)} = ${fixed(term.product)}`;
      this.#product.textContent = weighing.numbers ? what : "";
      showNumber(this.#weight, editable(term.weight), term.weight);
    }
    showNumber(this.#bias, editable(weighing.bias), weighing.bias);
    this.#sum.textContent = weighing.numbers
      ? sumWords(weighing, sheet, rest(server, unit, weighing.numbers))
      : "An empty pad has no sum: draw a digit first.";
    const caption = this.#sheets[1]?.caption;
    if (caption) caption.textContent = seenTitle(server);
  }

  /** @param {Own["pixel"]} pixel */
  #announce(pixel) {
    if (pixel === this.#heard) return;
    this.#heard = pixel;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const term = this.#shown && termAt(this.#shown, pixel);
      if (!this.#shown || !term) return;
      const {sheet, server} = this.#shown;
      const words = termWords(term, seenName(server));
      this.#say(`${capital(sheet.nameOf(term.input))}: ${words}. Sum: ${this.#sum.textContent}`);
    }, REST);
  }

  /** @param {PointerEvent} event */
  #point(event) {
    if (!this.#shell.state.own.isPinned && event.pointerType !== "touch")
      this.#choose(this.#cellAt(event), false);
  }

  /** A click keeps the place, so that the pointer can go to its weight; another one lets go. @param {PointerEvent} event */
  #pin(event) {
    const {pixel, isPinned} = this.#shell.state.own;
    const cell = this.#cellAt(event);
    if (cell) this.#choose(cell, !(isPinned && isSameCell(cell, pixel)));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const way = WAYS[event.key];
    const sheet = this.#sheet();
    if (!way || !sheet) return;
    event.preventDefault();
    this.#choose(cellBeside(sheet, this.#shell.state.own.pixel, way), true);
  }

  /** @param {PointerEvent} event */
  #cellAt({target, clientX, clientY}) {
    const sheet = this.#sheet();
    if (!sheet || !(target instanceof HTMLCanvasElement)) return null;
    const {left, top, width, height} = target.getBoundingClientRect();
    const cell = {
      row: limited(Math.floor(((clientY - top) * sheet.height) / height), sheet.height),
      column: limited(Math.floor(((clientX - left) * sheet.width) / width), sheet.width),
    };
    return inputAt(sheet, cell) >= 0 ? cell : null;
  }

  /** @param {Own["pixel"]} pixel null where the pointer is between cells @param {boolean} isPinned */
  #choose(pixel, isPinned) {
    const {own} = this.#shell.state;
    if (!pixel || (isSameCell(pixel, own.pixel) && isPinned === own.isPinned)) return;
    this.#shell.dispatch({type: "own", pixel, isPinned});
  }

  /** @param {number} value @param {HTMLInputElement} field */
  #set(value, field) {
    const {server, own} = this.#shell.state;
    const term = this.#shown && termAt(this.#shown, own.pixel);
    const isBias = field === this.#bias;
    if (!server || (!isBias && !term)) return 0;
    const place = isBias || !term ? null : term.input;
    return this.#shell.send(
      setUnitsWeight(inside(server), layerShown(server), own.unit, place, value),
    );
  }

  /** Of the layer that is shown; null for a convolution. */
  #sheet() {
    const {server} = this.#shell.state;
    const digits = this.#digits;
    if (!server || !digits) return null;
    const layer = layerInside(server);
    if (layer?.kind !== "dense") return null;
    const key = `${inside(server)} ${layerShown(server)} ${layer.weights_shape}`;
    if (this.#laidOut?.key !== key || this.#laidOut.digits !== digits)
      this.#laidOut = {key, digits, sheet: sheetFor(server, digits)};
    return this.#laidOut.sheet;
  }
}

/** @typedef {{canvas: HTMLCanvasElement, mark: HTMLElement, caption: HTMLElement, scale: HTMLElement, low: HTMLElement, high: HTMLElement}} SheetElements */

/** @param {string} name @returns {SheetElements} */
function sheetElements(name) {
  const scale = byId(`sheet-${name}-scale`, HTMLElement);
  const [low, high] = [scale.firstElementChild, scale.lastElementChild];
  if (!(low instanceof HTMLElement && high instanceof HTMLElement))
    throw new Error("a scale needs two ends");
  return {
    canvas: byId(`sheet-${name}`, HTMLCanvasElement),
    mark: byId(`sheet-${name}-mark`, HTMLElement),
    caption: byId(`sheet-${name}-caption`, HTMLElement),
    scale,
    low,
    high,
  };
}

/** From 0 to 1. @param {SheetElements} elements @param {Sheet} sheet @param {Float32Array} values */
function paintInk({canvas, scale, low, high}, sheet, values) {
  fillSheet(canvas, sheet, values, inkColors(), ink => Math.round(255 * ink));
  scale.classList.add("ink");
  low.textContent = "0";
  high.textContent = "1";
}

/**
 * By their own scale.
 * @param {SheetElements} elements
 * @param {Sheet} sheet
 * @param {Float32Array} values
 * @param {Uint32Array} colors
 */
function paintSigned({canvas, scale, low, high}, sheet, values, colors) {
  const largest = largestOf(values);
  fillSheet(canvas, sheet, values, colors, signedShades(largest));
  scale.classList.remove("ink");
  low.textContent = largest ? fixed(-largest) : "";
  high.textContent = largest ? fixed(largest) : "";
}

/** @param {Shown} shown @param {Own["pixel"]} pixel @returns {Term | null} */
function termAt({sheet, weighing: {weights, numbers}}, pixel) {
  const input = pixel ? inputAt(sheet, pixel) : -1;
  if (input < 0) return null;
  const [weight, value] = [weights[input] ?? 0, numbers?.source[input] ?? 0];
  return {input, weight, value, product: weight * value};
}

/** @param {Own["pixel"]} a @param {Own["pixel"]} b */
function isSameCell(a, b) {
  return a?.row === b?.row && a?.column === b?.column;
}

/** A number of it. @param {DigitsState} server */
function seenName(server) {
  return seesImage(server) ? "ink" : "value";
}

/** All of it. @param {DigitsState} server */
function seenTitle(server) {
  return seesImage(server) ? "Digit" : `Values of layer ${layerShown(server) - 1}`;
}

/** @param {string} text */
function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
