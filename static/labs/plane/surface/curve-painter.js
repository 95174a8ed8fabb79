/** Paints the loss along one weight: of all points, of the next batch, of single points; the tangent and the step. */

/** @import {Curves} from "./surface.js" */

import {sharpen} from "../../../drawing/canvas.js";
import {formatLoss, formatWeight} from "../../../drawing/format.js";

/** @typedef {{text: string, muted: string, line: string, whole: string, batch: string, step: string, ground: string}} Ink */
/** @typedef {{left: number, top: number, width: number, height: number, low: number, high: number, bottom: number, ceiling: number}} Box */

const MARGIN = {left: 46, right: 8, top: 8, bottom: 20};
const NARROW = 280; // px, below which there is room for three numbers
const ROOM = 1.06; // above the highest curve
const CUT = 4; // times the highest mean loss: single points may be far above it

/**
 * What the axes span: all of the two mean curves, and of the single ones what is not far above them.
 * @param {Curves} curves
 */
export function spanOf({weights, whole, batch, points}) {
  const mean = highest([...whole, ...batch]);
  const single = Math.max(0, ...points.map(point => highest(point)));
  return {
    low: weights[0] ?? 0,
    high: weights.at(-1) ?? 1,
    bottom: 0,
    ceiling: (Math.min(Math.max(mean, single), mean * CUT) || 1) * ROOM,
  };
}

/** @param {Iterable<number>} numbers */
function highest(numbers) {
  let most = 0;
  for (const number of numbers) if (Number.isFinite(number)) most = Math.max(most, number);
  return most;
}

/**
 * The ends of the tangent at the present weight, cut where it leaves the picture.
 * @param {Curves} curves
 * @param {{low: number, high: number, bottom: number, ceiling: number}} span
 * @returns {[[number, number], [number, number]]} weight and loss
 */
export function tangentOf({weight, batchLoss, slope}, {low, high, bottom, ceiling}) {
  const reach = (high - low) * 0.3;
  const end = (/** @type {number} */ side) => {
    const goal = slope * side > 0 ? ceiling : bottom;
    const most = slope ? Math.abs((goal - batchLoss) / slope) : Number.POSITIVE_INFINITY;
    const way = Math.min(reach, most) * side;
    return /** @type {[number, number]} */ ([weight + way, batchLoss + slope * way]);
  };
  return [end(-1), end(1)];
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Curves} curves
 * @param {Ink} ink
 */
export function drawCurves(canvas, curves, ink) {
  const {clientWidth: width, clientHeight: height} = canvas;
  if (!width || !height) return;
  const context = sharpen(canvas, width, height);
  const span = spanOf(curves);
  const box = {
    left: MARGIN.left,
    top: MARGIN.top,
    width: width - MARGIN.left - MARGIN.right,
    height: height - MARGIN.top - MARGIN.bottom,
    ...span,
  };
  drawAxes(context, box, ink);
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  for (const point of curves.points) line(context, box, curves.weights, point, ink.muted, 1);
  if (curves.count) line(context, box, curves.weights, curves.batch, ink.batch, 2);
  line(context, box, curves.weights, curves.whole, ink.whole, 3.5);
  drawStep(context, box, curves, ink);
  context.restore();
}

/** @param {Box} box @param {number} weight @param {number} loss @returns {[number, number]} */
function placed(box, weight, loss) {
  return [
    box.left + ((weight - box.low) / (box.high - box.low)) * box.width,
    box.top + (1 - (loss - box.bottom) / (box.ceiling - box.bottom)) * box.height,
  ];
}

/** @param {CanvasRenderingContext2D} context @param {Box} box @param {Ink} ink */
function drawAxes(context, box, ink) {
  context.fillStyle = ink.muted;
  context.strokeStyle = ink.line;
  context.lineWidth = 1;
  context.font = "11px system-ui, sans-serif";
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (let i = 0; i <= 4; i++) {
    const loss = box.bottom + ((box.ceiling - box.bottom) * i) / 4;
    const [, y] = placed(box, box.low, loss);
    context.beginPath();
    context.moveTo(box.left, y);
    context.lineTo(box.left + box.width, y);
    context.stroke();
    context.fillText(formatLoss(loss), box.left - 5, Math.max(y, 8));
  }
  context.textBaseline = "top";
  const parts = box.width < NARROW ? 2 : 4;
  for (let i = 0; i <= parts; i++) {
    const weight = box.low + ((box.high - box.low) * i) / parts;
    const [x] = placed(box, weight, box.bottom);
    context.textAlign = i === 0 ? "left" : i === parts ? "right" : "center";
    context.fillText(formatWeight(weight), x, box.top + box.height + 5);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Box} box
 * @param {Float32Array} weights
 * @param {Float32Array} losses
 * @param {string} color
 * @param {number} width
 */
function line(context, box, weights, losses, color, width) {
  context.beginPath();
  for (const [i, weight] of weights.entries()) {
    const loss = losses[i] ?? Number.NaN;
    if (Number.isFinite(loss)) context.lineTo(...placed(box, weight, loss));
  }
  context.strokeStyle = color;
  context.lineWidth = width;
  context.lineJoin = "round";
  context.stroke();
}

/** The tangent, the present place, and an arrow to the next weight. @param {CanvasRenderingContext2D} context @param {Box} box @param {Curves} curves @param {Ink} ink */
function drawStep(context, box, curves, ink) {
  const {weight, batchLoss, slope, after} = curves;
  if (Number.isFinite(slope)) {
    const [from, to] = tangentOf(curves, box);
    context.beginPath();
    context.moveTo(...placed(box, ...from));
    context.lineTo(...placed(box, ...to));
    context.strokeStyle = ink.text;
    context.lineWidth = 1.5;
    context.setLineDash([5, 4]);
    context.stroke();
    context.setLineDash([]);
  }
  const [x, y] = placed(box, weight, batchLoss);
  if (Number.isFinite(after)) {
    const [end] = placed(box, after, batchLoss);
    const way = Math.sign(end - x) * Math.min(5, Math.abs(end - x));
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(end, y);
    context.moveTo(end - way, y - 4);
    context.lineTo(end, y);
    context.lineTo(end - way, y + 4);
    context.strokeStyle = ink.step;
    context.lineWidth = 2.5;
    context.stroke();
  }
  context.beginPath();
  context.arc(x, y, 4.5, 0, 2 * Math.PI);
  context.fillStyle = ink.ground;
  context.fill();
  context.strokeStyle = ink.text;
  context.lineWidth = 2;
  context.stroke();
}
