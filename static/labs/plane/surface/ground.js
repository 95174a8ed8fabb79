/** Paints the heights of a map: their colours, and contour lines. */

/** @import {Scale} from "./scale.js" */
/** @import {Map2} from "./surface.js" */

import {context2d} from "../../../drawing/canvas.js";
import {contour} from "./contours.js";
import {levelsOf, PIXELS, shareOf} from "./scale.js";

const LEVELS = 9;
const LINE = "rgb(255 255 255 / 42%)";

export class Ground {
  #sheet = context2d(document.createElement("canvas"));

  /** @param {CanvasRenderingContext2D} context @param {Map2} map @param {Scale} scale @param {number} size of the square, from the corner on */
  paint(context, map, scale, size) {
    this.#paintHeights(context, map, scale, size);
    paintContours(context, map, scale, size);
  }

  /** @param {CanvasRenderingContext2D} context @param {Map2} map @param {Scale} scale @param {number} size */
  #paintHeights(context, {heights, side}, scale, size) {
    const sheet = this.#sheet;
    sheet.canvas.width = sheet.canvas.height = side;
    const image = sheet.createImageData(side, side);
    const pixels = new Uint32Array(image.data.buffer);
    for (let row = 0; row < side; row++)
      for (let column = 0; column < side; column++) {
        const height = heights[row * side + column] ?? Number.NaN;
        const pixel = Number.isFinite(height)
          ? (PIXELS[Math.round(shareOf(scale, height) * 255)] ?? 0)
          : 0; // transparent: the ground of the canvas
        pixels[(side - 1 - row) * side + column] = pixel;
      }
    sheet.putImageData(image, 0, 0);
    const step = size / (side - 1); // the places at the border lie on the border
    context.imageSmoothingEnabled = true;
    context.drawImage(sheet.canvas, -step / 2, -step / 2, size + step, size + step);
  }
}

/** @param {CanvasRenderingContext2D} context @param {Map2} map @param {Scale} scale @param {number} size */
function paintContours(context, {heights, side}, scale, size) {
  const step = size / (side - 1);
  context.beginPath();
  for (const level of levelsOf(scale, LEVELS)) {
    const pieces = contour(heights, side, level);
    for (let i = 0; i + 3 < pieces.length; i += 4) {
      context.moveTo((pieces[i] ?? 0) * step, size - (pieces[i + 1] ?? 0) * step);
      context.lineTo((pieces[i + 2] ?? 0) * step, size - (pieces[i + 3] ?? 0) * step);
    }
  }
  context.lineWidth = 1;
  context.strokeStyle = LINE;
  context.stroke();
}
