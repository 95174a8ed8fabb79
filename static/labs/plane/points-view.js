/** The points over the large picture. */

/** @import {Board} from "./draw/board.js" */
/** @import {Frame} from "./frame.js" */
/** @import {PlaneLook} from "./look.js" */

import {sharpen} from "../../drawing/canvas.js";
import {pointColor} from "../../drawing/colors.js";
import {byId} from "../../shell/elements.js";
import {samePoints} from "./frame.js";

export class PointsView {
  #canvas = byId("dots", HTMLCanvasElement);
  /** The points that are shown. @type {Board | null} */
  #points = null;
  #showTest = false;

  /** The canvas has another size or other colours. */
  forget() {
    this.#points = null;
  }

  /** @param {Frame | null} _frame @param {PlaneLook} look */
  draw(_frame, {board: points, palette, showTest: isChosen, state: {server, own}}) {
    const showTest = isChosen || own.draw.isOpen; // no point vanishes that is drawn
    if (!points || !this.#isNews(points, showTest)) return;
    [this.#points, this.#showTest] = [points, showTest];
    const {domain = [-6, 6]} = server?.facts ?? {};
    const {classes} = points;
    const {clientWidth: width, clientHeight: height} = this.#canvas;
    const context = sharpen(this.#canvas, width, height);
    const color = (/** @type {number} */ label) => pointColor(palette, label, classes);
    const look = {color, outline: palette.outline, domain};
    if (showTest) paintPoints(context, points.test, width, {...look, hollow: true});
    paintPoints(context, points.train, width, {...look, hollow: false});
  }

  /** Whether the points differ; another run often has the same. @param {Board} points @param {boolean} showTest */
  #isNews(points, showTest) {
    if (!this.#points || showTest !== this.#showTest) return true;
    if (points.classes !== this.#points.classes) return true;
    return points !== this.#points && !samePoints(points, this.#points);
  }
}

/**
 * Training points are filled, test points are rings.
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} points
 * @param {number} size
 * @param {{color: (label: number) => string, outline: string, hollow: boolean, domain: readonly [number, number]}} look
 */
export function paintPoints(context, points, size, look) {
  const [low, high] = look.domain;
  const scale = size / (high - low);
  const radius = Math.max(2, size / (points.length > 2400 ? 190 : points.length > 30 ? 140 : 60));
  for (let i = 0; i + 2 < points.length; i += 3) {
    const x = ((points[i] ?? 0) - low) * scale;
    const y = (high - (points[i + 1] ?? 0)) * scale;
    const color = look.color(points[i + 2] ?? 0);
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.lineWidth = look.hollow ? 1.4 : 0.9;
    context.strokeStyle = look.hollow ? color : look.outline;
    context.fillStyle = look.hollow ? look.outline : color;
    context.fill();
    context.stroke();
  }
}
