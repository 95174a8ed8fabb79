/** Accuracy by shift: a map for each network over 13 × 13 shifts; a cell is clicked, or reached by arrow keys. */

/** @import {Frame} from "./frame.js" */
/** @import {DigitsLook, DigitsPage, DigitsShell, Own} from "./page.js" */

import {sharpen} from "../../drawing/canvas.js";
import {formatShare} from "../../drawing/format.js";
import {throttle} from "../../drawing/throttle.js";
import {byId} from "../../shell/elements.js";
import {WAYS} from "./arrows.js";
import {bitmap} from "./pictures.js";
import {TWIN_TITLES, TWINS} from "./state.js";

const DIGITS = 200; // of the test digits, as the server's survey has them
export const MOST_SHIFT = 6;
const CELLS = 2 * MOST_SHIFT + 1;
const REST = 600; // ms without a change, after which a screen reader hears of the cell
const NOTHING = 128; // the byte in the middle of the scale, which is the ground

export class ShiftView {
  #shell;
  #box = byId("shift-cells", HTMLElement);
  #words = byId("shift-words", HTMLElement);
  #legend = byId("shift-legend", HTMLElement);
  #progress = byId("shift-done", HTMLProgressElement);
  #canvases = TWINS.map(twin => byId(`shift-${twin}`, HTMLCanvasElement));
  #write;
  /** @type {unknown[]} */
  #drawn = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {DigitsShell} shell @param {AbortSignal} signal ends it */
  constructor(shell, signal) {
    this.#shell = shell;
    const write = (/** @type {string} */ text) => {
      if (this.#words.textContent !== text) this.#words.textContent = text;
    };
    this.#write = throttle(write, 4, signal);
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
    for (const canvas of this.#canvases)
      canvas.addEventListener("click", event => this.#choose(cellAt(canvas, event)));
    this.#box.addEventListener("keydown", event => this.#key(event));
  }

  /** @param {DigitsPage} state */
  update({server}) {
    this.#box.hidden = !server?.view.shift_map;
    for (const part of [this.#words, this.#legend]) part.hidden = this.#box.hidden;
    if (this.#box.hidden) this.#progress.hidden = true;
  }

  /** The canvases have another size or other colours. */
  forget() {
    this.#drawn = [];
  }

  /** @param {Frame} frame @param {DigitsLook} look */
  draw({shiftMap, shiftMapNew, shiftMapDone}, {state, palette, hurry}) {
    if (this.#box.hidden) return;
    const {cell} = state.own;
    this.#progress.hidden = shiftMapDone >= 1;
    this.#progress.value = shiftMapDone;
    if (hurry) this.#write.hurry();
    this.#write.soon(shiftWords(shiftMap, shiftMapNew, cell));
    const shown = [shiftMap, shiftMapNew, cell];
    if (shown.every((each, i) => each === this.#drawn[i])) return;
    this.#drawn = shown;
    for (const [twin, canvas] of this.#canvases.entries())
      paint(canvas, shiftMap && mapOf(shiftMap, twin), shiftMapNew, cell, palette.field);
  }

  /** Whether there was one to leave. */
  leave() {
    const isThere = this.#shell.state.own.cell !== null;
    if (isThere) this.#choose(null);
    return isThere;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const way = WAYS[event.key];
    if (!way) return;
    event.preventDefault();
    const [right, down] = this.#shell.state.own.cell ?? [-way[0], -way[1]]; // the first key goes to the centre
    this.#choose([limited(right + way[0]), limited(down + way[1])]);
  }

  /** @param {Own["cell"]} cell */
  #choose(cell) {
    this.#shell.dispatch({type: "own", cell});
    clearTimeout(this.#timer);
    if (cell) this.#timer = setTimeout(() => this.#shell.say(this.#words.textContent ?? ""), REST);
  }
}

/** @param {Float32Array} both @param {number} twin */
function mapOf(both, twin) {
  return both.subarray(twin * CELLS ** 2, (twin + 1) * CELLS ** 2);
}

/**
 * What a network reads of digits at a shift, from 0 to 1; NaN while none was read there.
 * @param {Float32Array} both networks' maps
 * @param {number} twin
 * @param {readonly [number, number]} cell pixels to the right and down
 */
export function accuracyAt(both, twin, [right, down]) {
  return mapOf(both, twin)[placeOf([right, down])] ?? Number.NaN;
}

/** @param {readonly [number, number]} cell */
function placeOf([right, down]) {
  return (down + MOST_SHIFT) * CELLS + right + MOST_SHIFT;
}

/** @param {Float32Array | null} both @param {Uint8Array | null} renewed @param {Own["cell"]} cell */
export function shiftWords(both, renewed, cell) {
  if (!both) return "The maps come with training.";
  const at = cell ?? [0, 0];
  const shares = TWINS.map(
    (twin, i) => `${TWIN_TITLES[twin].toLowerCase()} ${formatShare(accuracyAt(both, i, at))}`,
  );
  const old = renewed && !renewed[placeOf(at)] ? " Measured an epoch ago, or before an edit." : "";
  const tail = cell ? "" : " Choose a cell to see misread digits.";
  return `${shiftName(at)}, accuracy on ${DIGITS} test digits: ${shares.join(", ")}.${old}${tail}`;
}

/** @param {readonly [number, number]} cell */
export function shiftName([right, down]) {
  const words = [];
  if (right) words.push(`${Math.abs(right)} px ${right > 0 ? "right" : "left"}`);
  if (down) words.push(`${Math.abs(down)} px ${down > 0 ? "down" : "up"}`);
  return words.length ? words.join(", ") : "Centred";
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Float32Array | null} map
 * @param {Uint8Array | null} renewed
 * @param {Own["cell"]} cell
 * @param {Uint32Array} colors
 */
function paint(canvas, map, renewed, cell, colors) {
  const size = canvas.clientWidth;
  if (!size) return;
  const context = sharpen(canvas, size, size);
  const side = size / CELLS;
  if (map) {
    const bytes = Uint8Array.from(map, share =>
      Number.isNaN(share) ? NOTHING : NOTHING + Math.round(127 * share),
    );
    context.imageSmoothingEnabled = false;
    context.drawImage(bitmap(bytes, CELLS, colors), 0, 0, size, size);
  }
  const {color} = getComputedStyle(canvas);
  if (map && renewed) hatch(context, renewed, side, color);
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.strokeRect(MOST_SHIFT * side + 1.5, MOST_SHIFT * side + 1.5, side - 3, side - 3); // the centre
  if (!cell) return;
  context.lineWidth = 2;
  context.strokeRect((cell[0] + MOST_SHIFT) * side, (cell[1] + MOST_SHIFT) * side, side, side);
}

/**
 * A line through each old cell. Paler cells would read as a lower accuracy.
 * @param {import("./pictures.js").Context} context
 * @param {Uint8Array} renewed
 * @param {number} side of a cell
 * @param {string} color
 */
function hatch(context, renewed, side, color) {
  context.save();
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.globalAlpha = 0.35;
  context.beginPath();
  for (const [i, isNew] of renewed.entries()) {
    if (isNew) continue;
    const [x, y] = [(i % CELLS) * side, Math.floor(i / CELLS) * side];
    context.moveTo(x, y + side);
    context.lineTo(x + side, y);
  }
  context.stroke();
  context.restore();
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{clientX: number, clientY: number}} pointer
 * @returns {readonly [number, number]}
 */
function cellAt(canvas, {clientX, clientY}) {
  const {left, top, width, height} = canvas.getBoundingClientRect();
  const at = (/** @type {number} */ way, /** @type {number} */ size) =>
    limited(Math.floor((way * CELLS) / size) - MOST_SHIFT);
  return [at(clientX - left, width), at(clientY - top, height)];
}

/** @param {number} pixels */
function limited(pixels) {
  return Math.min(Math.max(pixels, -MOST_SHIFT), MOST_SHIFT);
}
