/** Paints the space of a layer: axes, the bent grid of the plane, the boundary, the points. */

/** @import {Pose, Seen} from "../../../drawing/relief/camera.js" */
/** @import {Places} from "./morph.js" */
/** @import {Shape} from "./border.js" */

import {seen} from "../../../drawing/relief/camera.js";
import {inBox} from "./morph.js";

/**
 * @typedef {object} Scene
 * @property {Places} places
 * @property {number} dimensions
 * @property {number} lines of the grid, half of them in each direction
 * @property {number} samples of each line
 * @property {Pose} pose
 * @property {boolean} isEven whether all axes have one scale
 * @property {Shape[]} borders in the box from −1 to 1
 * @property {boolean} isExact whether they hold for all points
 * @property {string[]} names of the axes
 * @property {number} trained how many of the points are training points
 * @property {(point: number) => string} color
 * @property {number} chosen which point is marked; −1 for none
 * @property {{ink: string, muted: string, grid: string, outline: string, border: string}} colors
 */
/** Where each point is on the screen: right, down, right, down, … @typedef {Float32Array} Spots */

const EDGE = 26; // px around the picture, for the axes
const FONT = "11px system-ui, sans-serif";

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} width in CSS pixels
 * @param {number} height
 * @param {Scene} scene
 * @returns {Spots}
 */
export function paint(context, width, height, scene) {
  const screen = screenOf(width, height, scene);
  context.lineJoin = "round";
  context.font = FONT;
  if (scene.dimensions === 2) frontAxes(context, width, height, scene);
  else cubeAxes(context, screen, scene);
  grid(context, screen, scene);
  for (const shape of scene.borders) border(context, screen, shape, scene);
  return points(context, screen, scene);
}

/** Puts places of the box on the screen. @param {number} width @param {number} height @param {Scene} scene */
function screenOf(width, height, scene) {
  const [x, y] = halves(width, height, scene);
  return (/** @type {readonly number[]} */ place) => {
    const [right, down, near] = seen(place, scene.pose);
    return /** @type {Seen} */ ([width / 2 + right * x, height / 2 + down * y, near]);
  };
}

/** Half the picture's width and height. @param {number} width @param {number} height @param {Scene} scene @returns {[number, number]} */
function halves(width, height, {dimensions, isEven}) {
  if (dimensions > 2) return [Math.min(width, height) / 2, Math.min(width, height) / 2];
  const [x, y] = [width / 2 - EDGE, height / 2 - EDGE];
  return isEven ? [Math.min(x, y), Math.min(x, y)] : [x, y];
}

/** @typedef {ReturnType<typeof screenOf>} Screen */

/** A frame with what it shows at its corners. @param {CanvasRenderingContext2D} context @param {number} width @param {number} height @param {Scene} scene */
function frontAxes(context, width, height, scene) {
  const {ranges} = scene.places;
  const {names, colors} = scene;
  const [x, y] = halves(width, height, scene);
  const [[left = 0, right = 0] = [], [low = 0, high = 0] = []] = ranges;
  context.save();
  context.translate(width / 2, height / 2);
  context.strokeStyle = colors.grid;
  context.lineWidth = 1;
  context.strokeRect(-x, -y, 2 * x, 2 * y);
  along(context, [tick(left), names[0] ?? "", tick(right)], x, y + 15, colors);
  context.rotate(-Math.PI / 2);
  along(context, [tick(low), names[1] ?? "", tick(high)], y, -x - 8, colors);
  context.restore();
}

/** Words at both ends and in the middle of an axis. @param {CanvasRenderingContext2D} context @param {[string, string, string]} words @param {number} half its length @param {number} y @param {Scene["colors"]} colors */
function along(context, [low, name, high], half, y, {ink, muted}) {
  context.fillStyle = muted;
  write(context, low, -half, y, "left");
  write(context, high, half, y, "right");
  context.fillStyle = ink;
  write(context, name, 0, y, "center");
}

/** Three edges of the cube, each with the name of its axis and what it shows. @param {CanvasRenderingContext2D} context @param {Screen} screen @param {Scene} scene */
function cubeAxes(context, screen, {places: {ranges}, names, colors}) {
  context.lineWidth = 1;
  for (const [axis, [low, high]] of ranges.entries()) {
    const end = (/** @type {number} */ by) => [0, 1, 2].map(each => (each === axis ? by : -1));
    context.strokeStyle = colors.muted;
    stroke(context, screen, [end(-1), end(1)]);
    const [x, y] = screen(end(1.12));
    const [name = "", range] = [names[axis], `${tick(low)} … ${tick(high)}`];
    const width = context.measureText(`${name} `).width;
    const left = x - (width + context.measureText(range).width) / 2;
    context.fillStyle = colors.ink;
    write(context, name, left, y, "left");
    context.fillStyle = colors.muted;
    write(context, range, left + width, y, "left");
  }
}

/** Lines of equal X₁ are whole, lines of equal X₂ are dotted; both axes of the plane are thicker. @param {CanvasRenderingContext2D} context @param {Screen} screen @param {Scene} scene */
function grid(
  context,
  screen,
  {places: {grid: values, ranges}, dimensions, lines, samples, colors},
) {
  context.strokeStyle = colors.grid;
  const half = lines / 2;
  for (let line = 0; line < lines; line++) {
    context.lineWidth = line % half === (half - 1) / 2 ? 2 : 1;
    context.setLineDash(line < half ? [] : [3, 2]);
    context.beginPath();
    for (let sample = 0; sample < samples; sample++) {
      const [x, y] = screen(inBox(values, (line * samples + sample) * dimensions, ranges));
      if (sample) context.lineTo(x, y);
      else context.moveTo(x, y);
    }
    context.stroke();
  }
  context.setLineDash([]);
}

/** A line, or a plane that one can look through. @param {CanvasRenderingContext2D} context @param {Screen} screen @param {Shape} shape @param {Scene} scene */
function border(context, screen, shape, {colors, isExact}) {
  if (shape.length < 2) return;
  context.strokeStyle = colors.border;
  context.lineWidth = 2;
  context.setLineDash(isExact ? [] : [7, 5]);
  stroke(context, screen, shape, shape.length > 2);
  context.setLineDash([]);
  if (shape.length < 3) return;
  context.globalAlpha = 0.14;
  context.fillStyle = colors.border;
  context.fill();
  context.globalAlpha = 1;
}

/** Training points are filled, test points are rings; what is near covers what is far. @param {CanvasRenderingContext2D} context @param {Screen} screen @param {Scene} scene @returns {Spots} */
function points(
  context,
  screen,
  {places: {points: values, ranges}, dimensions, trained, color, chosen, colors},
) {
  const count = values.length / dimensions;
  const spots = new Float32Array(2 * count);
  const depths = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const [x, y, near] = screen(inBox(values, i * dimensions, ranges));
    spots[2 * i] = x;
    spots[2 * i + 1] = y;
    depths[i] = near;
  }
  const order = Array.from({length: count}, (_, i) => i);
  if (dimensions > 2) order.sort((a, b) => (depths[a] ?? 0) - (depths[b] ?? 0));
  else order.reverse(); // training points over test points
  const radius = count > 800 ? 2 : count > 10 ? 2.8 : 5;
  for (const i of order) {
    const isHollow = i >= trained;
    dot(context, spots, i, radius);
    context.lineWidth = isHollow ? 1.4 : 0.9;
    context.strokeStyle = isHollow ? color(i) : colors.outline;
    context.fillStyle = isHollow ? colors.outline : color(i);
    context.fill();
    context.stroke();
  }
  if (chosen >= 0 && chosen < count) {
    dot(context, spots, chosen, radius + 4);
    context.lineWidth = 2;
    context.strokeStyle = colors.ink;
    context.stroke();
  }
  return spots;
}

/** @param {CanvasRenderingContext2D} context @param {Spots} spots @param {number} point @param {number} radius */
function dot(context, spots, point, radius) {
  context.beginPath();
  context.arc(spots[2 * point] ?? 0, spots[2 * point + 1] ?? 0, radius, 0, 2 * Math.PI);
}

/** @param {CanvasRenderingContext2D} context @param {Screen} screen @param {readonly (readonly number[])[]} places @param {boolean} isClosed */
function stroke(context, screen, places, isClosed = false) {
  context.beginPath();
  for (const [i, place] of places.entries()) {
    const [x, y] = screen(place);
    if (i) context.lineTo(x, y);
    else context.moveTo(x, y);
  }
  if (isClosed) context.closePath();
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {string} text @param {number} x @param {number} y @param {CanvasTextAlign} align */
function write(context, text, x, y, align) {
  context.textAlign = align;
  context.fillText(text, x, y);
}

/** @param {number} value */
function tick(value) {
  const size = Math.abs(value);
  const text =
    size >= 1000 || (size > 0 && size < 0.01) ? size.toExponential(0) : size.toPrecision(2);
  return `${value < 0 ? "−" : ""}${text}`;
}

/** The point under a pointer, the nearest within reach; −1 if there is none. @param {Spots} spots @param {number} x @param {number} y @param {number} reach */
export function pointAt(spots, x, y, reach) {
  let [found, nearest] = [-1, reach * reach];
  for (let i = 0; i + 1 < spots.length; i += 2) {
    const distance = ((spots[i] ?? 0) - x) ** 2 + ((spots[i + 1] ?? 0) - y) ** 2;
    if (distance > nearest) continue;
    nearest = distance;
    found = i / 2;
  }
  return found;
}
