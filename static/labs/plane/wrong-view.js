/** Crosses over the points that the network classifies wrongly, and how many they are. */

/** @import {Frame, Points} from "../../session/frame.js" */
/** @import {Place} from "./plane.js" */
/** @import {State} from "../../session/plane-state.js" */

import {sharpen} from "../../drawing/canvas.js";
import {formatCount} from "../../drawing/format.js";
import {throttle} from "../../drawing/throttle.js";
import {pixelsAt, wrongPoints} from "./plane.js";

export class WrongView {
  #canvas;
  #count;
  #box;
  #drawn = "";
  #write = throttle((/** @type {() => void} */ act) => act());

  /**
   * @param {HTMLCanvasElement} canvas over the points
   * @param {HTMLElement} count
   * @param {HTMLInputElement} box
   */
  constructor(canvas, count, box) {
    this.#canvas = canvas;
    this.#count = count;
    this.#box = box;
  }

  /** @type {import("./plane.js").Domain} */
  #domain = [-6, 6];

  /** A regression has no right or wrong. @param {State} server */
  update({classes, view, domain}) {
    this.#domain = domain;
    this.#box.disabled = classes === 0;
    const label = this.#box.closest("label");
    if (label) label.title = classes ? "" : "A regression has no right or wrong.";
    const isOn = (view.errors ?? false) && classes > 0;
    this.#canvas.hidden = !isOn;
    if (!isOn) {
      this.#drawn = "";
      this.#count.textContent = view.errors && !classes ? "only for classes" : "";
    }
  }

  /** The canvas has another size or other colours. */
  forget() {
    this.#drawn = "";
  }

  /**
   * @param {Frame} frame
   * @param {Points | null} points
   * @param {boolean} showTest
   */
  draw({answers, run}, points, showTest) {
    if (this.#canvas.hidden || !answers || points?.run !== run) return;
    this.#write.soon(() => this.#show(wrongPoints(answers, points, showTest)));
  }

  /** @param {{places: Place[], count: number}} wrong */
  #show({places, count}) {
    if (this.#canvas.hidden) return;
    const key = `${count} ${places.join(" ")}`;
    if (key === this.#drawn) return;
    this.#drawn = key;
    this.#count.textContent = `${formatCount(places.length)} of ${formatCount(count)} wrong`;
    requestAnimationFrame(() => this.#paint(places));
  }

  /** @param {Place[]} places */
  #paint(places) {
    const {clientWidth: size} = this.#canvas;
    if (!size) return;
    const context = sharpen(this.#canvas, size, size);
    const style = getComputedStyle(this.#canvas);
    const arm = Math.max(3.5, size / 95);
    const path = new Path2D();
    for (const place of places) {
      const {left, top} = pixelsAt(place, size, this.#domain);
      path.moveTo(left - arm, top - arm);
      path.lineTo(left + arm, top + arm);
      path.moveTo(left - arm, top + arm);
      path.lineTo(left + arm, top - arm);
    }
    context.lineCap = "round";
    for (const [color, width] of /** @type {const} */ ([
      ["--ground", 3.4],
      ["--text", 1.6],
    ])) {
      context.strokeStyle = style.getPropertyValue(color);
      context.lineWidth = width;
      context.stroke(path);
    }
  }
}
