/** The large picture: what the network, or the neuron that is looked at, says over the plane, and the points. */

/** @import {Palette} from "../../drawing/colors.js" */
/** @import {Frame, Points} from "../../session/frame.js" */

import {context2d, sharpen} from "../../drawing/canvas.js";
import {pointColor} from "../../drawing/colors.js";
import {enlarge, looksDifferent, paintBytes, paintClasses} from "../../drawing/picture.js";

const SHARP = 600; // pixels a side that an edge between two colours needs

export class FieldView {
  #field;
  #dots;
  /** @type {ImageData | null} */
  #image = null;
  #shown = {parts: /** @type {Uint8Array[]} */ ([]), look: /** @type {unknown[]} */ ([])};

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
   * @param {{discretize: boolean, focus: string, tolerance: number}} look `tolerance`: a picture that differs by no
   *   more in any pixel is left as it is
   */
  draw(frame, palette, {discretize, focus, tolerance}) {
    const bytes = focus && frame.focus === focus ? frame.focusPicture : frame.output;
    if (focus && bytes !== frame.focusPicture) return; // the neuron's own picture is on its way
    const {side, classes} = frame;
    const parts = bytes ? [bytes] : classes ? [classes.confidence, classes.winners] : [];
    if (!this.#isNews(parts, [palette, discretize, side], tolerance)) return;
    if (bytes) this.#drawBytes(bytes, side, palette, discretize);
    else if (classes) {
      this.#resize(side);
      paintClasses(context2d(this.#field), classes, side, palette, discretize);
    }
  }

  /**
   * Whether the canvas shows something else; from now on it shows this.
   * @param {Uint8Array[]} parts a picture, or how sure the network is and which class it is
   * @param {unknown[]} look
   * @param {number} tolerance
   */
  #isNews(parts, look, tolerance) {
    const {parts: old, look: oldLook} = this.#shown;
    const isSame =
      parts.length === old.length &&
      look.every((one, i) => one === oldLook[i]) &&
      parts.every((part, i) => !looksDifferent(part, old[i] ?? part, i ? 0 : tolerance));
    if (!isSame) this.#shown = {parts, look};
    return !isSame;
  }

  /**
   * @param {Uint8Array} bytes
   * @param {number} side
   * @param {Palette} palette
   * @param {boolean} discretize
   */
  #drawBytes(bytes, side, palette, discretize) {
    const factor = discretize ? SHARP / side : 1;
    this.#resize(side * factor);
    const shown = discretize ? enlarge(bytes, side, factor) : bytes;
    const colors = discretize ? palette.steps : palette.field;
    this.#image = paintBytes(context2d(this.#field), shown, side * factor, colors, this.#image);
  }

  /** @param {number} side */
  #resize(side) {
    if (this.#field.width !== side) this.#field.width = this.#field.height = side;
  }

  /**
   * @param {Points} points
   * @param {Palette} palette
   * @param {{showTest: boolean, classes: number, domain: readonly [number, number]}} what
   */
  drawPoints(points, palette, {showTest, classes, domain}) {
    const {clientWidth: width, clientHeight: height} = this.#dots;
    const context = sharpen(this.#dots, width, height);
    const color = (/** @type {number} */ label) => pointColor(palette, label, classes);
    if (showTest)
      dots(context, points.test, width, {color, outline: palette.outline, hollow: true, domain});
    dots(context, points.train, width, {color, outline: palette.outline, hollow: false, domain});
  }
}

/**
 * Training points are filled, test points are rings.
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} points
 * @param {number} size
 * @param {{color: (label: number) => string, outline: string, hollow: boolean, domain: readonly [number, number]}} look
 */
function dots(context, points, size, look) {
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
