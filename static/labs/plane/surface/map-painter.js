/** Paints the loss over a plane as a flat map, with the run's path, the race and a place that is read. */

/** @import {Palette} from "../../../drawing/colors.js" */
/** @import {Scale} from "./scale.js" */
/** @import {Map2, Place} from "./surface.js" */

import {sharpen} from "../../../drawing/canvas.js";
import {Ground} from "./ground.js";
import {cssAt, shareOf} from "./scale.js";

const HALO = "rgb(0 0 0 / 75%)";
const BRIGHT = "#ffffff";
const RING = 5; // px
const EDGE = 16; // px from the edge to a mark that stands for what lies outside

/** @typedef {readonly [number, number]} Point */

export class MapPainter {
  #canvas;
  #ground = new Ground();

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
  }

  /**
   * @param {Map2} map
   * @param {Scale} scale
   * @param {Palette} palette
   * @param {Point | null} read the place under the pointer or the crosshair
   */
  draw(map, scale, palette, read) {
    const size = this.#canvas.clientWidth;
    if (!size) return;
    const context = sharpen(this.#canvas, size, size);
    const at = placer(map, size);
    this.#ground.paint(context, map, scale, size);
    paintPath(context, map, scale, at);
    for (const [i, path] of map.race.entries())
      paintRacer(context, path, at, raceColor(palette, i), i, size);
    paintHere(context, at(map.here), size);
    if (read) paintCross(context, at(read));
  }
}

/** The colour of a racing method. @param {Palette} palette @param {number} number */
export function raceColor(palette, number) {
  return palette.classes[number]?.point ?? BRIGHT;
}

/** Where a place lies, in pixels. @param {Map2} map @param {number} size */
function placer({centre, radius}, size) {
  return (/** @type {readonly number[]} */ [a = 0, b = 0]) =>
    /** @type {Point} */ ([
      ((a - centre[0] + radius) / (2 * radius)) * size,
      ((centre[1] + radius - b) / (2 * radius)) * size,
    ]);
}

/** The place under a pixel. @param {Map2} map @param {number} size @param {Point} pixel @returns {[number, number]} */
export function placeUnder({centre, radius}, size, [x, y]) {
  return [
    centre[0] - radius + (x / size) * 2 * radius,
    centre[1] + radius - (y / size) * 2 * radius,
  ];
}

/**
 * The run's path: each piece has the colour of the true loss where it ends.
 * @param {CanvasRenderingContext2D} context
 * @param {Map2} map
 * @param {Scale} scale
 * @param {(place: Place) => Point} at
 */
function paintPath(context, {path, here}, scale, at) {
  const places = [...path, here];
  const points = places.map(at);
  stroke(context, points, HALO, 7);
  stroke(context, points, BRIGHT, 5);
  for (const [i, place] of places.entries()) {
    const [from, to] = [points[i - 1], points[i]];
    if (from && to) stroke(context, [from, to], cssAt(shareOf(scale, place[2])), 3);
  }
  const [x, y] = points[0] ?? [0, 0];
  context.beginPath(); // where it began
  context.arc(x, y, 3.5, 0, 2 * Math.PI);
  context.fillStyle = BRIGHT;
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = HALO;
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {readonly Place[]} path
 * @param {(place: Place) => Point} at
 * @param {string} color
 * @param {number} number from 0
 * @param {number} size of the map
 */
function paintRacer(context, path, at, color, number, size) {
  const points = path.map(at);
  stroke(context, points, BRIGHT, 4);
  stroke(context, points, color, 2);
  const [x, y] = paintWay(context, points.at(-1) ?? [0, 0], size, color);
  context.beginPath();
  context.arc(x, y, 7, 0, 2 * Math.PI);
  context.fillStyle = color;
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = BRIGHT;
  context.stroke();
  context.font = "bold 10px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineWidth = 2.5;
  context.strokeStyle = HALO;
  context.strokeText(String(number + 1), x, y);
  context.fillStyle = BRIGHT;
  context.fillText(String(number + 1), x, y);
}

/** @param {CanvasRenderingContext2D} context @param {readonly Point[]} points @param {string} color @param {number} width */
function stroke(context, points, color, width) {
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.lineWidth = width;
  context.lineJoin = context.lineCap = "round";
  context.strokeStyle = color;
  context.stroke();
}

/**
 * An arrow at the edge towards what lies outside.
 * @param {CanvasRenderingContext2D} context
 * @param {Point} point
 * @param {number} size of the map
 * @param {string} color
 * @returns {Point} where its mark has room
 */
function paintWay(context, point, size, color) {
  if (Math.min(...point) >= 0 && Math.max(...point) <= size) return point;
  const [x, y] = /** @type {[number, number]} */ (
    point.map(part => Math.min(Math.max(part, EDGE), size - EDGE))
  );
  context.save();
  context.translate(x, y);
  context.rotate(Math.atan2(point[1] - y, point[0] - x));
  context.beginPath();
  for (const [along, across] of /** @type {const} */ ([
    [8, -6],
    [15, 0],
    [8, 6],
  ]))
    context.lineTo(along, across);
  context.closePath();
  context.fillStyle = color;
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = BRIGHT;
  context.stroke();
  context.restore();
  return [x, y];
}

/** @param {CanvasRenderingContext2D} context @param {Point} point @param {number} size of the map */
function paintHere(context, point, size) {
  const [x, y] = paintWay(context, point, size, HALO);
  for (const [color, width] of /** @type {const} */ ([
    [HALO, 5],
    [BRIGHT, 2.5],
  ])) {
    context.beginPath();
    context.arc(x, y, RING + 1, 0, 2 * Math.PI);
    context.lineWidth = width;
    context.strokeStyle = color;
    context.stroke();
  }
}

/** @param {CanvasRenderingContext2D} context @param {Point} point */
function paintCross(context, [x, y]) {
  for (const [color, width] of /** @type {const} */ ([
    [HALO, 3.5],
    [BRIGHT, 1.5],
  ])) {
    context.beginPath();
    context.moveTo(x - 8, y);
    context.lineTo(x + 8, y);
    context.moveTo(x, y - 8);
    context.lineTo(x, y + 8);
    context.lineWidth = width;
    context.strokeStyle = color;
    context.stroke();
  }
}
