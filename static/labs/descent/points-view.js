/** The points that the error is the mean over, and what each racer says of them. */

/** @import {Frame} from "./frame.js" */
/** @import {Range} from "./geometry.js" */
/** @import {Inks} from "./ground.js" */
/** @import {DescentLook} from "./page.js" */

import {sharpen} from "../../drawing/canvas.js";
import {byId} from "../../shell/elements.js";
import {rangeOf, toPixel} from "./geometry.js";
import {inksOf, line} from "./ground.js";

const MARGIN = 6;
const ROOM = 0.12; // of the targets' range, above and below

export class PointsView {
  #section = byId("points-section", HTMLElement);
  #canvas = byId("points-picture", HTMLCanvasElement);
  #words = byId("points-words", HTMLElement);
  /** @type {Inks | null} */
  #inks = null;

  /** The canvas has another size, or other colours. */
  forget() {
    this.#inks = null;
  }

  /** @param {Frame} frame @param {DescentLook} look */
  draw(frame, {state, material, palette}) {
    const facts = state.server?.facts;
    const points = material?.points;
    this.#section.classList.toggle("unused", !points);
    if (!points || !facts?.across || facts.racers.length !== frame.runners.length) return;
    this.#inks ??= inksOf(this.#canvas);
    const {clientWidth: width, clientHeight: height} = this.#canvas;
    const context = sharpen(this.#canvas, width, height);
    const box = {left: MARGIN, top: MARGIN, width: width - 2 * MARGIN, height: height - 2 * MARGIN};
    const up = rangeUp(points);
    const place = (/** @type {number} */ x, /** @type {number} */ y) =>
      toPixel(box, facts.across ?? [0, 1], up, x, y);
    const colors = frame.runners.map((_, k) => palette.classes[k]?.point ?? "");
    context.strokeStyle = this.#inks.line;
    context.strokeRect(0.5, 0.5, width - 1, height - 1);
    for (const [k, runner] of [...frame.runners.entries()].reverse()) {
      const [low, high] = facts.across;
      const step = (high - low) / Math.max(runner.line.length - 1, 1);
      line(
        context,
        runner.line.map((y, i) => place(low + i * step, y)),
        colors[k] ?? "",
        2,
      );
    }
    this.#paintPoints(context, points, place, this.#inks);
    this.#paintChosen(context, points, place, frame, facts.racers, colors);
    this.#say(
      facts.racers.some(({runner}) => runner !== "batch"),
      points.length / 2,
    );
  }

  /** @param {CanvasRenderingContext2D} context @param {Float32Array} points @param {(x: number, y: number) => {x: number, y: number}} place @param {Inks} inks */
  #paintPoints(context, points, place, inks) {
    context.fillStyle = inks.text;
    for (let i = 0; i + 1 < points.length; i += 2) {
      const {x, y} = place(points[i] ?? 0, points[i + 1] ?? 0);
      context.beginPath();
      context.arc(x, y, 2.6, 0, 2 * Math.PI);
      context.fill();
    }
  }

  /**
   * Rings around the points of the next step.
   * @param {CanvasRenderingContext2D} context
   * @param {Float32Array} points
   * @param {(x: number, y: number) => {x: number, y: number}} place
   * @param {Frame} frame
   * @param {readonly {runner: string}[]} racers
   * @param {readonly string[]} colors
   */
  #paintChosen(context, points, place, {runners}, racers, colors) {
    context.lineWidth = 1.8;
    for (const [k, {chosen}] of runners.entries()) {
      if (racers[k]?.runner === "batch") continue;
      context.strokeStyle = colors[k] ?? "";
      for (const point of chosen) {
        const {x, y} = place(points[2 * point] ?? 0, points[2 * point + 1] ?? 0);
        context.beginPath();
        context.arc(x, y, 4.5 + k, 0, 2 * Math.PI);
        context.stroke();
      }
    }
  }

  /** @param {boolean} isStochastic @param {number} count */
  #say(isStochastic, count) {
    const rings = isStochastic ? " Rings: the points of the next step." : "";
    const text = `${count} points, and what each racer says.${rings}`;
    if (this.#words.textContent !== text) this.#words.textContent = text;
  }
}

/** @param {Float32Array} points @returns {Range} */
function rangeUp(points) {
  const [low, high] = rangeOf(points.filter((_, i) => i % 2 === 1));
  const room = ROOM * (high - low || 1);
  return [low - room, high + room];
}
