/** Strokes the links: the width shows the weight's size, the colour its sign; residual links are dashed. */

/** @import {Palette} from "../../drawing/colors.js" */
/** @import {Link, NetworkLayout} from "./network-layout.js" */
/** @import {Unit} from "./page.js" */

import {context2d} from "../../drawing/canvas.js";

const WIDEST = 7; // CSS pixels
const STEPS = 14; // widths, half a pixel apart: links of one width and colour are one stroke
const FAINT = 0.13; // opacity of the other links while one neuron is looked at
const FULL = 3; // a weight of this size has almost the widest link

/**
 * Which stroke a weight belongs to: its width in half pixels, negative for a negative weight.
 * @param {number} weight
 */
export function strokeOf(weight) {
  const size = Math.abs(weight);
  const step = size < 1e-6 ? 0 : Math.max(1, Math.round(STEPS * (1 - Math.exp(-size / FULL))));
  return weight < 0 ? -step : step;
}

export class LinkPainter {
  #canvas;
  /** @type {Int8Array} */
  #strokes = new Int8Array(0);
  #what = /** @type {unknown[]} */ ([]);

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
  }

  /**
   * Paints only when a link has become visibly wider or narrower, or another neuron is looked at.
   * @param {NetworkLayout} layout
   * @param {Float32Array} parameters
   * @param {Palette} palette
   * @param {Unit | null} unit whose links stand out
   */
  draw(layout, parameters, palette, unit) {
    const {links, width, height, thinness} = layout;
    const strokes = new Int8Array(links.length);
    for (const [i, {index}] of links.entries()) strokes[i] = strokeOf(parameters[index] ?? 0);
    const what = [layout, palette, unit?.layer, unit?.neuron];
    if (equal(what, this.#what) && equal(strokes, this.#strokes)) return;
    [this.#what, this.#strokes] = [what, strokes];
    const context = context2d(this.#canvas);
    context.clearRect(0, 0, width, height);
    drawBundles(context, layout.bundles, palette);
    drawSkips(context, layout.skips, palette);
    for (const {stroke, faint, path} of groupPaths(links, strokes, unit)) {
      const share = Math.abs(stroke) / STEPS;
      context.strokeStyle = stroke < 0 ? palette.negative : palette.positive;
      context.globalAlpha = opacity(share, thinness, unit ? (faint ? "faint" : "bold") : "plain");
      context.lineWidth = share * WIDEST * (unit && !faint ? 1 : thinness);
      context.stroke(path);
    }
    context.globalAlpha = 1;
  }
}

/**
 * @param {number} share of the widest link
 * @param {number} thinness
 * @param {"plain" | "faint" | "bold"} look
 */
function opacity(share, thinness, look) {
  if (look === "faint") return FAINT * thinness;
  if (look === "bold") return 0.6 + 0.35 * share;
  return (0.35 + 0.5 * share) * (0.5 + 0.5 * thinness);
}

/**
 * @param {ArrayLike<unknown>} a
 * @param {ArrayLike<unknown>} b
 */
function equal(a, b) {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {readonly import("./network-layout.js").Point[][]} bundles
 * @param {Palette} palette
 */
function drawBundles(context, bundles, palette) {
  if (!bundles.length) return;
  context.fillStyle = palette.neutral;
  context.globalAlpha = 0.16;
  for (const corners of bundles) {
    context.beginPath();
    for (const {x, y} of corners) context.lineTo(x, y);
    context.fill();
  }
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {readonly import("./network-layout.js").Way[]} skips
 * @param {Palette} palette
 */
function drawSkips(context, skips, palette) {
  if (!skips.length) return;
  context.strokeStyle = palette.neutral;
  context.lineWidth = 1.5;
  context.setLineDash([4, 3]);
  context.beginPath();
  for (const {from, to} of skips) {
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
  }
  context.stroke();
  context.setLineDash([]);
}

/** Links of one look, drawn at once. @typedef {{stroke: number, faint: boolean, path: Path2D}} Group */

/**
 * Faint links first and thin ones before thick ones, so that what matters lies on top. One group from each column: a
 * path across the whole network takes twice as long to stroke.
 * @param {readonly Link[]} links
 * @param {Int8Array} strokes
 * @param {Unit | null} unit
 * @returns {Group[]}
 */
function groupPaths(links, strokes, unit) {
  /** @type {Map<string, Group>} */
  const groups = new Map();
  for (const [i, {from, to, layer, neuron, gathered}] of links.entries()) {
    const stroke = strokes[i] ?? 0;
    const own = layer === unit?.layer && neuron === unit.neuron;
    if (stroke === 0 || (gathered && !own)) continue;
    const faint = unit !== null && !own;
    const key = `${faint} ${stroke} ${from.x}`;
    const group = groups.get(key) ?? {stroke, faint, path: new Path2D()};
    groups.set(key, group);
    const third = (to.x - from.x) / 3;
    group.path.moveTo(from.x, from.y);
    group.path.bezierCurveTo(from.x + third, from.y, to.x - third, to.y, to.x, to.y);
  }
  const rank = (/** @type {Group} */ {stroke, faint}) => Math.abs(stroke) - (faint ? 100 : 0);
  return [...groups.values()].sort((a, b) => rank(a) - rank(b));
}
