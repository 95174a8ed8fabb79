/** The pad: ink by mouse, pen and touch; the digit is dragged about, or moved by keys. */

/** @import {Frame} from "./frame.js" */
/** @import {Digits, DigitsLook, DigitsPage, DigitsShell, Pad, Placing} from "./page.js" */

import {sharpen} from "../../drawing/canvas.js";
import {byId} from "../../shell/elements.js";
import {onImage, SIDE, sourceOf, withStroke} from "./ink.js";
import {bitmap, fill, inkColors} from "./pictures.js";
import {IN_PLACE, isEmpty} from "./state.js";

/** @typedef {import("./ink.js").Spot} Spot */

const EMPTY = {...IN_PLACE, ink: null, digit: null};
const FARTHEST = SIDE; // pixels; beyond that nothing of the digit is left
const SCALES = {least: 0.5, most: 1.5, step: 0.05};
const TURN = 5; // degrees a key
const WAYS = /** @type {Record<string, Spot>} */ ({
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
});

export class PadView {
  #shell;
  #canvas = byId("pad", HTMLCanvasElement);
  #hint = byId("pad-hint", HTMLElement);
  #place = byId("pad-place", HTMLElement);
  #seen = byId("seen", HTMLCanvasElement);
  /** @type {unknown[]} */
  #drawn = [];
  /** Where the pointer that is down was last, on the pad. @type {{id: number, at: Spot, start: Spot, move: Spot} | null} */
  #stroke = null;
  #digits;

  /**
   * @param {DigitsShell} shell
   * @param {() => Digits | null} digits
   */
  constructor(shell, digits) {
    this.#shell = shell;
    this.#digits = digits;
    const canvas = this.#canvas;
    canvas.addEventListener("pointerdown", event => this.#begin(event));
    canvas.addEventListener("pointermove", event => this.#go(event));
    for (const type of /** @type {const} */ (["pointerup", "pointercancel"]))
      canvas.addEventListener(type, ({pointerId}) => {
        if (this.#stroke?.id === pointerId) this.#stroke = null;
      });
    canvas.addEventListener("keydown", event => this.#key(event));
  }

  /** @param {DigitsPage} state */
  update({own: {pad}}) {
    this.#canvas.dataset.tool = pad.tool;
    this.#hint.hidden = !isEmpty(pad);
    const text = placeWords(pad);
    if (this.#place.textContent !== text) this.#place.textContent = text;
  }

  /** The canvas has another size or other colours. */
  forget() {
    this.#drawn = [];
  }

  /** @param {Frame | null} frame @param {DigitsLook} look */
  draw(frame, {state, digits}) {
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
    if (this.#shell.state.own.pad.isExample && this.#shell.state.own.pad.tool === "pen")
      this.#set(EMPTY);
    const {pad} = this.#shell.state.own;
    const at = this.#spot(event);
    this.#stroke = {id: event.pointerId, at, start: at, move: pad.move};
    if (pad.tool === "pen") this.#ink([at]);
  }

  /** @param {PointerEvent} event */
  #go(event) {
    const stroke = this.#stroke;
    if (stroke?.id !== event.pointerId) return;
    const {tool} = this.#shell.state.own.pad;
    if (tool === "pen") {
      // Between two frames of the screen a quick pen was at several places.
      const events = event.getCoalescedEvents?.() ?? [];
      this.#ink((events.length ? events : [event]).map(each => this.#spot(each)));
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

  /** Go on with the stroke. @param {Spot[]} spots on the pad */
  #ink(spots) {
    const stroke = this.#stroke;
    if (!stroke) return;
    const {pad} = this.#shell.state.own;
    let ink = sourceOf(pad, this.#digits());
    for (const spot of spots) {
      ink = withStroke(ink, onImage(stroke.at, pad), onImage(spot, pad));
      stroke.at = spot;
    }
    this.#set({ink, digit: null});
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const change = changeBy(event, this.#shell.state.own.pad);
    if (!change) return;
    event.preventDefault();
    event.stopPropagation();
    this.#set(change);
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

/**
 * What a key does to the pad.
 * @param {{key: string, shiftKey: boolean}} event
 * @param {Pad} pad
 * @returns {Partial<Pad> | null}
 */
export function changeBy({key, shiftKey}, {move, turn, scale}) {
  const way = WAYS[key];
  if (way) {
    const step = shiftKey ? 5 : 1;
    return {move: [limited(move[0] + step * way[0]), limited(move[1] + step * way[1])]};
  }
  if (key === "+" || key === "=") return {scale: scaled(scale + SCALES.step)};
  if (key === "-") return {scale: scaled(scale - SCALES.step)};
  if (key === "[") return {turn: turned(turn - TURN)};
  if (key === "]") return {turn: turned(turn + TURN)};
  if (key === "Delete" || key === "Backspace") return EMPTY;
  return null;
}

/** @param {number} pixels */
function limited(pixels) {
  return Math.min(Math.max(pixels, -FARTHEST), FARTHEST);
}

/** @param {number} scale */
function scaled(scale) {
  const rounded = Math.round(scale * 100) / 100;
  return Math.min(Math.max(rounded, SCALES.least), SCALES.most);
}

/** @param {number} degrees @returns {number} from −180 to 180 */
function turned(degrees) {
  return ((((degrees + 180) % 360) + 360) % 360) - 180;
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
