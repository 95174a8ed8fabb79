/** The large picture: the output of the network, or of the neuron that is looked at, over the plane. */

/** @import {Palette} from "../../drawing/colors.js" */
/** @import {Frame} from "./frame.js" */
/** @import {PlaneLook} from "./look.js" */

import {context2d} from "../../drawing/canvas.js";
import {enlarge, looksDifferent, paintBytes, paintClasses} from "../../drawing/picture.js";
import {byId} from "../../shell/elements.js";

const SHARP = 600; // pixels a side, so that an edge between two colours is sharp

export class FieldView {
  #field = byId("field", HTMLCanvasElement);
  /** @type {ImageData | null} */
  #image = null;
  #shown = {parts: /** @type {Uint8Array[]} */ ([]), look: /** @type {unknown[]} */ ([])};

  /** @param {Frame} frame @param {PlaneLook} look */
  draw(frame, {palette, discretize, focus, tolerance}) {
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
   * Whether the canvas showed something else; notes that it now shows this.
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
}
