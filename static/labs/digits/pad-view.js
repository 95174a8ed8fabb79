/** The pad: ink by mouse, pen, touch and keys; the digit is dragged about, or moved by keys. */

/** @import {Frame} from "./frame.js" */
/** @import {Digits, DigitsLook, DigitsPage, DigitsShell, Pad, Pen, Placing} from "./page.js" */

import {sharpen} from "../../drawing/canvas.js";
import {byId} from "../../shell/elements.js";
import {onImage, SIDE, sourceOf, withStroke} from "./ink.js";
import {changeBy, EMPTY, limited} from "./moving.js";
import {penBy, penWords} from "./pen.js";
import {bitmap, fill, inkColors} from "./pictures.js";
import {isEmpty} from "./state.js";
import {TestDigits} from "./test-digits.js";

/** @typedef {import("./ink.js").Spot} Spot */

const REST = 400; // ms without a key, after which a screen reader hears where the pen is

export class PadView {
  #shell;
  #canvas = byId("pad", HTMLCanvasElement);
  #hint = byId("pad-hint", HTMLElement);
  #place = byId("pad-place", HTMLElement);
  #seen = byId("seen", HTMLCanvasElement);
  #cursor = byId("pen", HTMLElement);
  /** @type {unknown[]} */
  #drawn = [];
  /** Where the pointer that is down was last, on the pad. @type {{id: number, at: Spot, start: Spot, move: Spot} | null} */
  #stroke = null;
  #digits;
  #tests;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {DigitsShell} shell
   * @param {() => Digits | null} digits
   * @param {AbortSignal} signal ends it
   */
  constructor(shell, digits, signal) {
    this.#shell = shell;
    this.#digits = digits;
    this.#tests = new TestDigits(shell, digits);
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
    const canvas = this.#canvas;
    canvas.addEventListener("pointerdown", event => this.#begin(event));
    canvas.addEventListener("pointermove", event => this.#go(event));
    for (const type of /** @type {const} */ (["pointerup", "pointercancel"]))
      canvas.addEventListener(type, ({pointerId}) => {
        if (this.#stroke?.id === pointerId) this.#stroke = null;
      });
    canvas.addEventListener("keydown", event => this.#key(event));
  }

  /** @param {DigitsPage} state @param {DigitsPage | null} before */
  update(state, before) {
    const {pad, pen} = state.own;
    this.#tests.update(state, before);
    this.#canvas.dataset.tool = pad.tool;
    this.#cursor.hidden = !pen;
    if (pen) {
      const [x, y] = pen.at.map(place => `${(100 * place) / SIDE}%`);
      Object.assign(this.#cursor.style, {left: x, top: y});
      this.#cursor.classList.toggle("down", pen.isDown);
    }
    this.#hint.hidden = !isEmpty(pad);
    const text = placeWords(pad);
    if (this.#place.textContent !== text) this.#place.textContent = text;
  }

  /** The canvas has another size or other colours. */
  forget() {
    this.#drawn = [];
  }

  /** @param {Frame | null} frame @param {DigitsLook} look */
  draw(frame, look) {
    const {state, digits} = look;
    this.#tests.draw(frame, look);
    const {pad} = state.own;
    // Centred as MNIST does, the digit is not where the visitor has put it. It is shown small: under a pen it would jump.
    const seen = (state.server?.view.centre && !isEmpty(pad) && frame?.image) || null;
    const shown = [pad, seen, sourceOf(pad, digits)?.buffer];
    if (shown.every((each, i) => each === this.#drawn[i])) return;
    this.#drawn = this.#paint(pad, sourceOf(pad, digits)) ? shown : [];
    const figure = this.#seen.closest("figure");
    if (figure) figure.hidden = !seen;
    if (seen) fill(this.#seen, seen, SIDE, inkColors());
  }

  /** @param {Pad} pad @param {Uint8Array | null} ink @returns {boolean} whether there was room */
  #paint(pad, ink) {
    const size = this.#canvas.clientWidth;
    if (!size) return false;
    const context = sharpen(this.#canvas, size, size);
    context.scale(size / SIDE, size / SIDE);
    context.imageSmoothingEnabled = false;
    placed(context, pad);
    if (ink) context.drawImage(bitmap(ink, SIDE, inkColors()), 0, 0);
    return true;
  }

  /** @param {PointerEvent} event @returns {Spot} in pixels of the image */
  #spot({clientX, clientY}) {
    const {left, top, width, height} = this.#canvas.getBoundingClientRect();
    return [((clientX - left) * SIDE) / width, ((clientY - top) * SIDE) / height];
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    if (event.button !== 0 || this.#stroke) return; // a second finger draws nothing
    this.#canvas.setPointerCapture(event.pointerId);
    this.leave();
    const {pad} = this.#shell.state.own;
    const at = this.#spot(event);
    this.#stroke = {id: event.pointerId, at, start: at, move: pad.move};
    if (pad.tool === "pen") this.#ink(at, [at]);
  }

  /** @param {PointerEvent} event */
  #go(event) {
    const stroke = this.#stroke;
    if (stroke?.id !== event.pointerId) return;
    const {tool} = this.#shell.state.own.pad;
    if (tool === "pen") {
      // Between two frames of the screen a quick pen was at several places.
      const events = event.getCoalescedEvents?.() ?? [];
      const spots = (events.length ? events : [event]).map(each => this.#spot(each));
      this.#ink(stroke.at, spots);
      stroke.at = spots.at(-1) ?? stroke.at;
    } else {
      const [x, y] = this.#spot(event);
      this.#set({
        move: [
          limited(Math.round(stroke.move[0] + x - stroke.start[0])),
          limited(Math.round(stroke.move[1] + y - stroke.start[1])),
        ],
      });
    }
  }

  /** A stroke from a spot of the pad on; an example makes room for it. @param {Spot} from @param {readonly Spot[]} spots */
  #ink(from, spots) {
    if (this.#shell.state.own.pad.isExample) this.#set(EMPTY);
    const {pad} = this.#shell.state.own;
    let ink = sourceOf(pad, this.#digits());
    let last = from;
    for (const spot of spots) {
      ink = withStroke(ink, onImage(last, pad), onImage(spot, pad));
      last = spot;
    }
    this.#set({ink, digit: null});
  }

  /** The pen of the keys is put away. @returns {boolean} whether there was one */
  leave() {
    const isThere = this.#shell.state.own.pen !== null;
    if (isThere) this.#shell.dispatch({type: "own", pen: null});
    return isThere;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.#obey(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether the key is one of the pad's */
  #obey(event) {
    const {pad, pen} = this.#shell.state.own;
    const moved = pad.tool === "pen" ? penBy(event, pen) : null;
    const change = moved ? null : changeBy(event, pad);
    if (moved) this.#lead(moved, pen);
    else if (change) this.#set(change);
    else if (/^\d$/.test(event.key)) this.#tests.ofClass(Number(event.key));
    else if (event.key === "m") this.#tests.misread();
    else return false;
    return true;
  }

  /** @param {Pen} pen @param {Pen | null} before */
  #lead(pen, before) {
    if (pen.isDown) this.#ink(before?.isDown ? before.at : pen.at, [pen.at]);
    this.#shell.dispatch({type: "own", pen});
    clearTimeout(this.#timer);
    const isOther = pen.isDown !== before?.isDown;
    if (isOther) this.#shell.say(penWords(pen));
    else this.#timer = setTimeout(() => this.#shell.say(penWords(pen)), REST);
  }

  /** @param {Partial<Pad>} pad */
  #set(pad) {
    this.#shell.dispatch({type: "own", pad});
  }
}

/** Draw as networks will see it. @param {CanvasRenderingContext2D} context @param {Placing} placing */
function placed(context, {move: [right, down], turn, scale}) {
  context.translate(SIDE / 2 + right, SIDE / 2 + down);
  context.rotate((turn * Math.PI) / 180);
  context.scale(scale, scale);
  context.translate(-SIDE / 2, -SIDE / 2);
}

/** @param {Pad} pad */
function placeWords(pad) {
  if (isEmpty(pad)) return "The pad is empty.";
  const {
    move: [right, down],
    turn,
    scale,
  } = pad;
  const words = [];
  if (right) words.push(`${Math.abs(right)} px ${right > 0 ? "right" : "left"}`);
  if (down) words.push(`${Math.abs(down)} px ${down > 0 ? "down" : "up"}`);
  if (turn) words.push(`turned ${turn}°`);
  if (scale !== 1) words.push(`size ${Math.round(scale * 100)} %`);
  return words.length ? words.join(", ") : "In its place";
}
