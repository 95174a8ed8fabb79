/** The large picture: the discriminator's field, real points, fakes with their arrows, and the bent noise grid. */

/** @import {Frame} from "./frame.js" */
/** @import {AdversarialLook, AdversarialState} from "./page.js" */
/** @import {Box} from "./plane.js" */

import {sharpen} from "../../drawing/canvas.js";
import {paintBytes} from "../../drawing/picture.js";
import {throttle} from "../../drawing/throttle.js";
import {byId} from "../../shell/elements.js";
import {paintArrows, paintDots, paintGrid, squareIn, toPixel} from "./plane.js";
import {pictureWords} from "./words.js";

const ARROW = 0.06; // of the picture's side: the longest
const GOOD = 3; // standard deviations

export class PictureView {
  #canvas = byId("plane-picture", HTMLCanvasElement);
  #words = byId("picture-words", HTMLElement);
  #legend = byId("field-legend", HTMLElement);
  #field = new FieldPainter();
  #write;
  /** Where the pointer is drawing: x and y, x and y, … @type {readonly number[]} */
  stroke = [];

  /** @param {AbortSignal} signal ends it */
  constructor(signal) {
    this.#write = throttle(
      (/** @type {[string, string]} */ [words, legend]) => {
        if (this.#words.textContent !== words) this.#words.textContent = words;
        if (this.#legend.textContent !== legend) this.#legend.textContent = legend;
      },
      4,
      signal,
    );
  }

  /** @returns {Box} */
  get box() {
    return squareIn(this.#canvas.clientWidth, this.#canvas.clientHeight);
  }

  /** @param {Frame} frame @param {AdversarialLook} look */
  draw(frame, look) {
    const {server} = look.state;
    if (!server || this.#canvas.clientWidth === 0) return;
    const {clientWidth: width, clientHeight: height} = this.#canvas;
    const {palette, material} = look;
    const {farthest} = server.facts;
    const {box} = this;
    const context = sharpen(this.#canvas, width, height);
    context.save();
    context.beginPath();
    context.rect(box.left, box.top, box.side, box.side);
    context.clip();
    if (frame.field && server.view.field)
      this.#field.paint(context, box, frame.field, palette.field);
    paintModes(context, box, server, palette.outline);
    if (material)
      paintDots(context, box, farthest, material.points, {
        color: palette.positive,
        edge: palette.outline,
        radius: 2.2,
      });
    context.lineWidth = 1;
    context.strokeStyle = palette.negative;
    if (frame.bentGrid && server.view.bent_grid) {
      context.globalAlpha = 0.75;
      paintGrid(context, box, farthest, frame.bentGrid, server.settings.dimensions === 1);
      context.globalAlpha = 1;
    }
    if (frame.arrows && server.view.arrows)
      paintArrows(context, box, farthest, frame.fakes, frame.arrows, ARROW * box.side);
    paintDots(context, box, farthest, frame.fakes, {
      color: palette.negative,
      edge: palette.outline,
      radius: 2.6,
    });
    if (this.stroke.length)
      paintDots(context, box, farthest, new Float32Array(this.stroke), {
        color: palette.positive,
        edge: palette.outline,
        radius: 3,
      });
    context.restore();
    this.#write.soon([pictureWords(server, frame.numbers), legendOf(server, frame)]);
  }
}

/** Paints bytes as a square of smooth colours. */
export class FieldPainter {
  #small = new OffscreenCanvas(1, 1);

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Box} box
   * @param {Uint8Array} bytes
   * @param {Uint32Array} colors
   */
  paint(context, {left, top, side}, bytes, colors) {
    const pixels = Math.round(Math.sqrt(bytes.length));
    if (this.#small.width !== pixels) this.#small = new OffscreenCanvas(pixels, pixels);
    const small = this.#small.getContext("2d");
    if (!small) return;
    paintBytes(small, bytes, pixels, colors);
    context.imageSmoothingEnabled = true;
    context.drawImage(this.#small, left, top, side, side);
  }
}

/**
 * A ring about each mode, in which fakes are good.
 * @param {CanvasRenderingContext2D} context
 * @param {Box} box
 * @param {AdversarialState} server
 * @param {string} color
 */
function paintModes(context, box, {facts, settings}, color) {
  const radius = (GOOD * settings.spread * box.side) / (2 * facts.farthest);
  context.strokeStyle = color;
  context.lineWidth = 1.5;
  for (const [x, y] of facts.modes) {
    const [left, top] = toPixel(box, facts.farthest, x, y);
    context.beginPath();
    context.arc(left, top, radius, 0, 2 * Math.PI);
    context.stroke();
  }
}

/** What the colours of the field stand for. @param {AdversarialState} server @param {Frame} frame */
function legendOf({facts, view}, {range: [low, high]}) {
  if (!view.field) return "Blue: real points. Orange: fakes.";
  const ends = facts.is_probability
    ? "D from 0 (orange, fake) to 1 (blue, real)"
    : `Critic's score from ${low.toPrecision(3)} (orange) to ${high.toPrecision(3)} (blue)`;
  return `${ends}. Blue dots: real points. Orange dots: fakes.`;
}
