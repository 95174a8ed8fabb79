/** What lies under the racers, painted once: a surface with its contours, or a curve; axes and minima. */

/** @import {Box, Point, Range} from "./geometry.js" */
/** @import {DescentFacts, Material} from "./page.js" */

import {context2d, pixelRatio} from "../../drawing/canvas.js";
import {between} from "../../drawing/colors.js";
import {contour, levels, rangeOf, roundTicks, shadeOf, toPixel} from "./geometry.js";
import {formatNumber} from "./words.js";

const CONTOURS = 14;
const HEADROOM = 0.06; // of a curve's range, above and below
const SHADES = 256;

/** Low, middling and high. */
const STOPS = {
  light: /** @type {const} */ ([
    [253, 253, 251],
    [205, 214, 236],
    [141, 155, 203],
  ]),
  dark: /** @type {const} */ ([
    [15, 17, 20],
    [37, 45, 72],
    [74, 86, 132],
  ]),
};

/**
 * Colours and type of the page.
 * @typedef {{text: string, muted: string, line: string, edge: string, ground: string, font: string, isDark: boolean}} Inks
 */

/** @param {Element} element @returns {Inks} */
export function inksOf(element) {
  const style = getComputedStyle(element);
  const said = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
  return {
    text: said("text"),
    muted: said("muted"),
    line: said("line"),
    edge: said("edge"),
    ground: said("ground"),
    font: `12px ${style.fontFamily}`,
    isDark: matchMedia("(prefers-color-scheme: dark)").matches,
  };
}

/** The window of the picture: of one weight the errors are upwards. @param {DescentFacts} facts @param {Material} material @returns {[Range, Range]} */
export function windowOf({window}, {curve}) {
  const across = window[0] ?? [0, 1];
  if (!curve) return [across, window[1] ?? [0, 1]];
  const [low, high] = rangeOf(curve);
  const room = HEADROOM * (high - low || 1);
  return [across, [low - room, high + room]];
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Box} box
 * @param {DescentFacts} facts
 * @param {Material} material
 * @param {Inks} inks
 */
export function paintGround(context, box, facts, material, inks) {
  const [across, up] = windowOf(facts, material);
  const place = (/** @type {number} */ x, /** @type {number} */ y) =>
    toPixel(box, across, up, x, y);
  if (material.surface) paintSurface(context, box, material.surface, inks);
  paintAxes(context, box, across, up, facts, inks);
  if (material.curve) line(context, curvePoints(material.curve, across, place), inks.text, 2);
  for (const {at, error} of facts.minima)
    cross(context, place(at[0] ?? 0, material.curve ? error : (at[1] ?? 0)), inks.text);
}

/**
 * Thin curves of single points.
 * @param {CanvasRenderingContext2D} context
 * @param {Box} box
 * @param {DescentFacts} facts
 * @param {Material} material
 * @param {string} color
 * @param {(point: number) => boolean} isWanted
 */
export function paintSingles(context, box, facts, material, color, isWanted) {
  const {curve, singles} = material;
  if (!curve || !singles) return;
  const [across, up] = windowOf(facts, material);
  const place = (/** @type {number} */ x, /** @type {number} */ y) =>
    toPixel(box, across, up, x, y);
  for (let point = 0; point < singles.length / curve.length; point++)
    if (isWanted(point)) {
      const own = singles.subarray(point * curve.length, (point + 1) * curve.length);
      line(context, curvePoints(own, across, place), color, 1);
    }
}

/**
 * @param {Float32Array} heights
 * @param {Range} across
 * @param {(x: number, y: number) => Point} place
 */
function curvePoints(heights, [low, high], place) {
  const step = (high - low) / (heights.length - 1);
  return Array.from(heights, (height, i) => place(low + i * step, height));
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Box} box
 * @param {Float32Array} heights
 * @param {Inks} inks
 */
function paintSurface(context, box, heights, inks) {
  const side = Math.sqrt(heights.length);
  const range = rangeOf(heights);
  const stops = STOPS[inks.isDark ? "dark" : "light"];
  const colors = Array.from({length: SHADES}, (_, i) => between([...stops], i / (SHADES - 1)));
  const picture = new OffscreenCanvas(side, side);
  const small = picture.getContext("2d");
  if (!small) throw new Error("a 2D canvas is needed");
  const image = new ImageData(side, side);
  for (const [i, height] of heights.entries()) {
    const color = colors[Math.round(shadeOf(range, height) * (SHADES - 1))] ?? [0, 0, 0];
    image.data.set([...color, 255], 4 * i);
  }
  small.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  // The outer pixels' middles lie on the frame: half of each is outside.
  const half = 0.5;
  context.drawImage(
    picture, half, half, side - 1, side - 1, box.left, box.top, box.width, box.height,
  ); // biome-ignore format: a rectangle a line
  paintContours(context, box, heights, side, range, inks);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Box} box
 * @param {Float32Array} heights
 * @param {number} side
 * @param {Range} range
 * @param {Inks} inks
 */
function paintContours(context, box, heights, side, range, inks) {
  const scale = {x: box.width / (side - 1), y: box.height / (side - 1)};
  context.strokeStyle = inks.edge;
  context.globalAlpha = 0.55;
  context.lineWidth = 0.8;
  context.beginPath();
  for (const level of levels(range, CONTOURS))
    for (const [a, b] of contour(heights, side, level)) {
      context.moveTo(box.left + a.x * scale.x, box.top + a.y * scale.y);
      context.lineTo(box.left + b.x * scale.x, box.top + b.y * scale.y);
    }
  context.stroke();
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Box} box
 * @param {Range} across
 * @param {Range} up
 * @param {DescentFacts} facts
 * @param {Inks} inks
 */
function paintAxes(context, box, across, up, {weights}, inks) {
  context.strokeStyle = inks.line;
  context.lineWidth = 1;
  context.strokeRect(box.left + 0.5, box.top + 0.5, box.width - 1, box.height - 1);
  context.fillStyle = inks.muted;
  context.font = inks.font;
  const bottom = box.top + box.height;
  label(context, weights[0] ?? "w", box.left + box.width, bottom + 19, "right");
  label(context, weights[1] ?? "E", box.left - 6, box.top + 10, "right");
  for (const tick of roundTicks(across, Math.max(3, box.width / 90))) {
    const {x} = toPixel(box, across, up, tick, 0);
    if (x < box.left + box.width - 24) label(context, short(tick), x, bottom + 19, "center");
  }
  for (const tick of roundTicks(up, Math.max(3, box.height / 70))) {
    const {y} = toPixel(box, across, up, 0, tick);
    if (y > box.top + 20 && y < bottom + 1)
      label(context, short(tick), box.left - 6, y + 4, "right");
  }
}

/** @param {number} tick */
function short(tick) {
  return Math.abs(tick) >= 10_000 ? formatNumber(tick) : String(tick).replace("-", "−");
}

/** @param {CanvasRenderingContext2D} context @param {string} text @param {number} x @param {number} y @param {CanvasTextAlign} align */
function label(context, text, x, y, align) {
  context.textAlign = align;
  context.fillText(text, x, y);
}

/** @param {CanvasRenderingContext2D} context @param {readonly Point[]} points @param {string} color @param {number} width */
export function line(context, points, color, width) {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.lineJoin = "round";
  context.beginPath();
  for (const {x, y} of points) context.lineTo(x, y);
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {Point} at @param {string} color */
export function cross(context, {x, y}, color, size = 5) {
  context.strokeStyle = color;
  context.lineWidth = 1.6;
  context.beginPath();
  context.moveTo(x - size, y);
  context.lineTo(x + size, y);
  context.moveTo(x, y - size);
  context.lineTo(x, y + size);
  context.stroke();
}

/** The same, turned. @param {CanvasRenderingContext2D} context @param {Point} at @param {string} color */
export function saltire(context, {x, y}, color, size = 6) {
  context.strokeStyle = color;
  context.lineWidth = 3;
  context.beginPath();
  context.moveTo(x - size, y - size);
  context.lineTo(x + size, y + size);
  context.moveTo(x - size, y + size);
  context.lineTo(x + size, y - size);
  context.stroke();
}

/** A canvas of that size off screen, and how to draw on it in CSS pixels. @param {number} width @param {number} height @returns {[HTMLCanvasElement, CanvasRenderingContext2D]} */
export function makeLayer(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * pixelRatio());
  canvas.height = Math.round(height * pixelRatio());
  const context = context2d(canvas);
  context.scale(pixelRatio(), pixelRatio());
  return [canvas, context];
}
