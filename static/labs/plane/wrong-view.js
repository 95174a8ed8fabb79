/** Draws crosses over the points that the network classifies wrongly, and counts them. */

/** @import {PlanePage} from "./page.js" */
/** @import {Frame} from "./frame.js" */
/** @import {PlaneLook} from "./look.js" */
/** @import {Domain, Place} from "./plane.js" */

import {sharpen} from "../../drawing/canvas.js";
import {formatCount} from "../../drawing/format.js";
import {throttle} from "../../drawing/throttle.js";
import {byId} from "../../shell/elements.js";
import {pixelsAt, wrongPoints} from "./plane.js";

export class WrongView {
  #canvas = byId("wrong", HTMLCanvasElement);
  #count = byId("wrong-count", HTMLElement);
  #box = byId("errors", HTMLInputElement);
  #drawn = "";
  #write;
  #frame = 0;

  /** @param {AbortSignal} signal */
  constructor(signal) {
    this.#write = throttle((/** @type {() => void} */ act) => act(), 1, signal);
    signal.addEventListener("abort", () => cancelAnimationFrame(this.#frame));
  }

  /** A regression has no right or wrong. @param {PlanePage} state */
  update({server}) {
    if (!server) return;
    const {
      facts: {classes},
      view,
    } = server;
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

  /** The canvas has another size or other colours, so it is painted anew. */
  forget() {
    this.#drawn = "";
  }

  /** @param {Frame} frame @param {PlaneLook} look */
  draw({answers, run}, {points, showTest, state: {server}}) {
    if (this.#canvas.hidden || !answers || points?.run !== run || !server) return;
    const {domain} = server.facts;
    this.#write.soon(() => this.#show(wrongPoints(answers, points, showTest), domain));
  }

  /** @param {{places: Place[], count: number}} wrong @param {Domain} domain */
  #show({places, count}, domain) {
    if (this.#canvas.hidden) return;
    const key = `${count} ${places.join(" ")}`;
    if (key === this.#drawn) return;
    this.#drawn = key;
    this.#count.textContent = `${formatCount(places.length)} of ${formatCount(count)} wrong`;
    this.#frame = requestAnimationFrame(() => this.#paint(places, domain));
  }

  /** @param {Place[]} places @param {Domain} domain */
  #paint(places, domain) {
    const {clientWidth: size} = this.#canvas;
    if (!size) return;
    const context = sharpen(this.#canvas, size, size);
    const style = getComputedStyle(this.#canvas);
    const arm = Math.max(3.5, size / 95);
    const path = new Path2D();
    for (const place of places) {
      const {left, top} = pixelsAt(place, size, domain);
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
