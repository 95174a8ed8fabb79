/** Strokes the links: width by the weight's size, colour by its sign. */

/** @import {Palette} from "./colors.js" */
/** @import {Link, NetworkLayout} from "./network-layout.js" */

import {context2d} from "./canvas.js";

const WIDEST = 7; // CSS pixels
const STEPS = 14; // widths, each half a pixel: links of one width and colour are one stroke
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
  /** @type {NetworkLayout | null} */
  #layout = null;
  /** @type {Palette | null} */
  #palette = null;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
  }

  /**
   * Paints only when a link has become visibly wider or narrower.
   * @param {NetworkLayout} layout
   * @param {Float32Array} parameters
   * @param {Palette} palette
   */
  draw(layout, parameters, palette) {
    const {links} = layout;
    const strokes = Int8Array.from(links, link => strokeOf(parameters[link.index] ?? 0));
    const same =
      layout === this.#layout &&
      palette === this.#palette &&
      strokes.every((stroke, i) => stroke === this.#strokes[i]);
    if (same) return;
    [this.#strokes, this.#layout, this.#palette] = [strokes, layout, palette];
    const context = context2d(this.#canvas);
    context.clearRect(0, 0, layout.width, layout.height);
    context.lineCap = "butt";
    for (const [stroke, path] of groupPaths(links, strokes)) {
      context.strokeStyle = stroke < 0 ? palette.negative : palette.positive;
      context.globalAlpha = 0.35 + 0.5 * (Math.abs(stroke) / STEPS);
      context.lineWidth = (Math.abs(stroke) / STEPS) * WIDEST;
      context.stroke(path);
    }
    context.globalAlpha = 1;
  }
}

/**
 * Thin links first, so that strong ones lie on top.
 * @param {readonly Link[]} links
 * @param {Int8Array} strokes
 * @returns {[number, Path2D][]}
 */
function groupPaths(links, strokes) {
  /** @type {Map<number, Path2D>} */
  const paths = new Map();
  for (const [i, {from, to}] of links.entries()) {
    const stroke = strokes[i] ?? 0;
    if (stroke === 0) continue;
    const path = paths.get(stroke) ?? new Path2D();
    paths.set(stroke, path);
    const third = (to.x - from.x) / 3;
    path.moveTo(from.x, from.y);
    path.bezierCurveTo(from.x + third, from.y, to.x - third, to.y, to.x, to.y);
  }
  return [...paths].sort(([a], [b]) => Math.abs(a) - Math.abs(b));
}
