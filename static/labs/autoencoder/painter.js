/** Paints planes: test examples as marks by class, and points with what is left of them. */

/** @import {Palette} from "../../drawing/colors.js" */
/** @import {Places, Size, Window} from "./geometry.js" */

import {pixelRatio} from "../../drawing/canvas.js";
import {along, toPixel} from "./geometry.js";

const MARK = 11; // px, of a digit
const DOT = 2.2; // px, radius of a point

/** @typedef {CanvasRenderingContext2D} Context */
/** Colours of lines and text. @typedef {{text: string, muted: string, accent: string, line: string, own: string, pca: string}} Inks */

/** @param {Element} element @returns {Inks} */
export function inksOf(element) {
  const style = getComputedStyle(element);
  const ink = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
  return {
    text: ink("text"),
    muted: ink("muted"),
    accent: ink("accent"),
    line: ink("line"),
    own: ink("own"),
    pca: ink("pca"),
  };
}

/** A small canvas for each class, with its digit in its colour: marks that do not need colour to be told apart. */
export class Marks {
  /** @type {HTMLCanvasElement[]} */
  #marks = [];
  /** @type {unknown[]} */
  #of = [];

  /** @param {Palette} palette @returns {HTMLCanvasElement[]} */
  for(palette) {
    const ratio = pixelRatio();
    if (this.#of[0] === palette && this.#of[1] === ratio) return this.#marks;
    this.#of = [palette, ratio];
    this.#marks = palette.classes.map(({point}, digit) => markOf(String(digit), point, ratio));
    return this.#marks;
  }
}

/** @param {string} text @param {string} color @param {number} ratio */
function markOf(text, color, ratio) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = Math.ceil(MARK * ratio);
  const context = canvas.getContext("2d");
  if (!context) return canvas;
  context.scale(ratio, ratio);
  context.fillStyle = color;
  context.font = `600 ${MARK}px system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(text, MARK / 2, MARK / 2 + 0.5);
  return canvas;
}

/** Each test example as its digit. @param {Context} context @param {Places} places @param {Uint8Array} labels @param {HTMLCanvasElement[]} marks @param {Window} window @param {Size} size */
export function paintDigits(context, places, labels, marks, window, size) {
  const {rows, count, across, up} = places;
  for (let i = 0; i < labels.length; i++) {
    const [x, y] = toPixel(window, size, rows[i * count + across] ?? 0, rows[i * count + up] ?? 0);
    const mark = marks[labels[i] ?? 0];
    if (mark) context.drawImage(mark, x - MARK / 2, y - MARK / 2, MARK, MARK);
  }
}

/** Each as a dot; `colors` has one for each, or one for all. @param {Context} context @param {Places} places @param {readonly string[]} colors @param {Window} window @param {Size} size */
export function paintDots(context, places, colors, window, size) {
  const {rows, count, across, up} = places;
  context.fillStyle = colors[0] ?? "";
  for (let i = 0; i * count < rows.length; i++) {
    const [x, y] = toPixel(window, size, rows[i * count + across] ?? 0, rows[i * count + up] ?? 0);
    if (colors.length > 1) context.fillStyle = colors[i] ?? "";
    context.fillRect(x - DOT, y - DOT, 2 * DOT, 2 * DOT);
  }
}

/** What is left of each point: a line from it to its reconstruction. @param {Context} context @param {Float32Array} points @param {Float32Array} rebuilt @param {string} color @param {Window} window @param {Size} size */
export function paintResiduals(context, points, rebuilt, color, window, size) {
  context.strokeStyle = color;
  context.globalAlpha = 0.45;
  context.lineWidth = 1;
  context.beginPath();
  for (let i = 0; i + 1 < points.length && i + 1 < rebuilt.length; i += 2) {
    context.moveTo(...toPixel(window, size, points[i] ?? 0, points[i + 1] ?? 0));
    context.lineTo(...toPixel(window, size, rebuilt[i] ?? 0, rebuilt[i + 1] ?? 0));
  }
  context.stroke();
  context.globalAlpha = 1;
}

/** A curve through places. @param {Context} context @param {ArrayLike<number>} curve x and y, x and y, … @param {string} color @param {Window} window @param {Size} size */
export function paintCurve(context, curve, color, window, size) {
  context.strokeStyle = color;
  context.lineWidth = 2.5;
  context.lineJoin = "round";
  context.beginPath();
  for (let i = 0; i + 1 < curve.length; i += 2) {
    const pixel = toPixel(window, size, curve[i] ?? 0, curve[i + 1] ?? 0);
    if (i === 0) context.moveTo(...pixel);
    else context.lineTo(...pixel);
  }
  context.stroke();
}

/** A ring around what is looked at, or a cross where something is decoded. @param {Context} context @param {readonly [number, number]} pixel @param {string} color @param {"ring" | "cross"} kind */
export function paintMark(context, [x, y], color, kind) {
  context.strokeStyle = color;
  context.lineWidth = 2;
  context.beginPath();
  if (kind === "ring") context.arc(x, y, 9, 0, 2 * Math.PI);
  else
    for (const [across, up] of [
      [8, 0],
      [0, 8],
    ]) {
      context.moveTo(x - (across ?? 0), y - (up ?? 0));
      context.lineTo(x + (across ?? 0), y + (up ?? 0));
    }
  context.stroke();
}

/** What PCA leaves of each point, with one number: its place on the line. @param {Float32Array} points @param {ArrayLike<number>} mean @param {ArrayLike<number>} direction */
export function onLine(points, mean, direction) {
  const result = new Float32Array(points.length);
  for (let i = 0; i + 1 < points.length; i += 2) {
    const t = along(mean, direction, points[i] ?? 0, points[i + 1] ?? 0);
    for (const k of [0, 1]) result[i + k] = (mean[k] ?? 0) + t * (direction[k] ?? 0);
  }
  return result;
}
