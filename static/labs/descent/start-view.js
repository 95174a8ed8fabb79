/** Where all begin: a click or a drag in the picture, its arrow keys, or numbers that are typed. */

/** @import {Box, Range} from "./geometry.js" */
/** @import {DescentPage, DescentShell, DescentState} from "./page.js" */

import {onClick} from "../../shell/controls.js";
import {byId} from "../../shell/elements.js";
import {NumberFields, showNumber} from "../../shell/number-field.js";
import {nextByDigit, readNumber} from "../../shell/numbers.js";
import {drop} from "./commands.js";
import {rounded, toPlace, within} from "./geometry.js";
import {placeText} from "./words.js";

const STEPS = 60; // arrow keys across the window
const LARGE = 5; // steps with Shift
const FARTHEST = 1e6;
const REST = 500; // ms without a key, after which a screen reader hears of the start
const CONTROL = "start";
/** @type {Record<string, readonly [number, number]>} */
const WAYS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};

export class StartView {
  #shell;
  #box;
  #canvas = byId("error-picture", HTMLCanvasElement);
  #fields = [byId("start-1", HTMLInputElement), byId("start-2", HTMLInputElement)];
  #labels = [byId("start-label-1", HTMLElement), byId("start-label-2", HTMLElement)];
  #names = [byId("start-name-1", HTMLElement), byId("start-name-2", HTMLElement)];
  #own = byId("own-start", HTMLButtonElement);
  /** The newest start that was asked for, and is not answered yet. @type {number[] | null} */
  #wanted = null;
  /** It waits for an answer before it is sent. */
  #isLate = false;
  #isDragged = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {DescentShell} shell @param {() => Box} box of the window in the canvas @param {AbortSignal} signal ends it */
  constructor(shell, box, signal) {
    this.#shell = shell;
    this.#box = box;
    this.#listenToPointers();
    this.#canvas.addEventListener("keydown", event => this.#key(event));
    for (const [i, field] of this.#fields.entries())
      new NumberFields(field, {
        read: text => readNumber(text, {min: -FARTHEST, max: FARTHEST}),
        show: String,
        step: nextByDigit,
        signed: true,
        commit: value => this.#type(i, value),
      });
    onClick("own-start", () => this.#send([]));
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  /** @param {DescentPage} state */
  update({server}) {
    if (!server) return;
    if (!this.#shell.waiting.has(CONTROL)) this.#answered();
    const {weights, start} = server.facts;
    for (const [i, field] of this.#fields.entries()) {
      const [name, value] = [weights[i], start[i]];
      const label = this.#labels[i];
      const shown = this.#names[i];
      if (label) label.classList.toggle("unused", name === undefined);
      if (name === undefined || value === undefined) continue;
      if (shown && shown.textContent !== name) shown.textContent = name;
      showNumber(field, String(rounded(value, server.facts.window[i] ?? [0, 1])), value);
    }
    this.#own.disabled = server.settings.start.length === 0;
  }

  /** The one that waited for an answer is sent now. */
  #answered() {
    const late = this.#isLate ? this.#wanted : null;
    this.#wanted = null;
    this.#isLate = false;
    if (late) this.#send(late);
  }

  #listenToPointers() {
    const canvas = this.#canvas;
    canvas.addEventListener("pointerdown", event => {
      if (event.button !== 0) return;
      this.#isDragged = true;
      canvas.setPointerCapture(event.pointerId);
      this.#dropAt(event);
    });
    canvas.addEventListener("pointermove", event => {
      if (this.#isDragged) this.#dropAt(event);
      this.#hover(this.#placeAt(event));
    });
    for (const type of /** @type {const} */ (["pointerup", "pointercancel"]))
      canvas.addEventListener(type, () => {
        this.#isDragged = false;
      });
    canvas.addEventListener("pointerleave", () => this.#hover(null));
  }

  /** @param {number[] | null} hover */
  #hover(hover) {
    this.#shell.dispatch({type: "own", hover});
  }

  /** @param {PointerEvent} event */
  #dropAt(event) {
    const place = this.#placeAt(event);
    if (place) this.#wish(place);
  }

  /** @param {PointerEvent} event @returns {number[] | null} */
  #placeAt({offsetX: x, offsetY: y}) {
    const ranges = this.#server?.facts.window;
    if (!ranges) return null;
    const place = toPlace(this.#box(), ranges[0] ?? [0, 1], ranges[1] ?? [0, 1], {x, y});
    return ranges.map((range, i) => rounded(place[i] ?? 0, range));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const way = WAYS[event.key];
    const facts = this.#server?.facts;
    if (!way || !facts || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const from = this.#wanted ?? facts.start;
    const steps = event.shiftKey ? LARGE : 1;
    const start = facts.window.map((range, i) => moved(from[i] ?? 0, (way[i] ?? 0) * steps, range));
    this.#wish(start);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#shell.say(`Start at ${placeText(start)}`), REST);
  }

  /** @param {number} i @param {number} value */
  #type(i, value) {
    const start = [...(this.#server?.facts.start ?? [])];
    start[i] = value;
    return this.#send(start);
  }

  /** Send it, or let it wait for the answer to the one before. @param {number[]} start */
  #wish(start) {
    this.#wanted = start;
    if (this.#shell.waiting.has(CONTROL)) this.#isLate = true;
    else this.#send(start);
  }

  /** @param {number[]} start */
  #send(start) {
    return this.#shell.waiting.sendFor(CONTROL, drop(start));
  }

  /** @returns {DescentState | null} */
  get #server() {
    return this.#shell.state.server;
  }
}

/** @param {number} value @param {number} steps @param {Range} range */
function moved(value, steps, range) {
  const [low, high] = range;
  return rounded(within(value + (steps * (high - low)) / STEPS, low, high), range);
}
