/** The large picture: what the network, or the neuron that is looked at, says over the plane, and the points. */

/** @import {Palette} from "./colors.js" */
/** @import {Frame, Points} from "./frame.js" */

import {context2d, sharpen} from "./canvas.js";
import {pointColor} from "./colors.js";
import {enlarge, paintBytes} from "./picture.js";

const SIDE = 200;
const SHARPER = 3;
const EXTENT = 6;

export class FieldView {
  #field;
  #dots;
  /** @type {ImageData | null} */
  #image = null;

  /**
   * @param {HTMLCanvasElement} field
   * @param {HTMLCanvasElement} dots lies over it
   */
  constructor(field, dots) {
    this.#field = field;
    this.#dots = dots;
  }

  /**
   * @param {Frame} frame
   * @param {Palette} palette
   * @param {{discretize: boolean, focus: string}} look
   */
  draw(frame, palette, {discretize, focus}) {
    const bytes = frame.focusPicture && frame.focus === focus ? frame.focusPicture : frame.output;
    if (focus && bytes === frame.output) return; // the neuron's own picture is on its way
    const side = discretize ? SIDE * SHARPER : SIDE;
    if (this.#field.width !== side) this.#field.width = this.#field.height = side;
    const shown = discretize ? enlarge(bytes, SIDE, SHARPER) : bytes;
    const colors = discretize ? palette.steps : palette.field;
    this.#image = paintBytes(context2d(this.#field), shown, side, colors, this.#image);
  }

  /**
   * @param {Points} points
   * @param {Palette} palette
   * @param {boolean} showTest
   */
  drawPoints(points, palette, showTest) {
    const {clientWidth: width, clientHeight: height} = this.#dots;
    const context = sharpen(this.#dots, width, height);
    if (showTest) dots(context, points.test, width, palette, true);
    dots(context, points.train, width, palette, false);
  }
}

/**
 * Training points are filled, test points are rings.
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} points
 * @param {number} size
 * @param {Palette} palette
 * @param {boolean} hollow
 */
function dots(context, points, size, palette, hollow) {
  const scale = size / (2 * EXTENT);
  const radius = Math.max(2, size / (points.length > 2400 ? 190 : 140));
  for (let i = 0; i + 2 < points.length; i += 3) {
    const x = ((points[i] ?? 0) + EXTENT) * scale;
    const y = (EXTENT - (points[i + 1] ?? 0)) * scale;
    const color = pointColor(palette, points[i + 2] ?? 0);
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.lineWidth = hollow ? 1.4 : 0.9;
    context.strokeStyle = hollow ? color : palette.outline;
    context.fillStyle = hollow ? palette.outline : color;
    context.fill();
    context.stroke();
  }
}
