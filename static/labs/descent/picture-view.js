/** The large picture: the error, the ways of all racers on it, their slopes, and where they are. */

/** @import {Frame, Runner} from "./frame.js" */
/** @import {Box, Point, Range} from "./geometry.js" */
/** @import {Inks} from "./ground.js" */
/** @import {DescentFacts, DescentLook, Material} from "./page.js" */

import {pixelRatio, sharpen} from "../../drawing/canvas.js";
import {throttle} from "../../drawing/throttle.js";
import {byId} from "../../shell/elements.js";
import {toPixel, within} from "./geometry.js";
import {inksOf, line, makeLayer, paintGround, paintSingles, saltire, windowOf} from "./ground.js";
import {formatError, formatNumber, pictureWords, placeText} from "./words.js";

const MARGINS = {left: 46, right: 14, top: 8, bottom: 28};
const BALL = 6; // px
const DOTS = 60; // places of a way that are marked
const TANGENT = 0.13; // of the window's width, to both sides

/** What a picture of one frame needs. @typedef {{context: CanvasRenderingContext2D, box: Box, across: Range, up: Range, inks: Inks}} Pen */

export class PictureView {
  #canvas = byId("error-picture", HTMLCanvasElement);
  #hovered = byId("hovered", HTMLOutputElement);
  #words = byId("picture-words", HTMLElement);
  #write;
  /** @type {HTMLCanvasElement | null} */
  #ground = null;
  /** @type {unknown[]} */
  #groundOf = [];
  /** @type {Inks | null} */
  #inks = null;

  /** @param {AbortSignal} signal ends it */
  constructor(signal) {
    this.#write = throttle(
      (/** @type {string} */ text) => {
        if (this.#words.textContent !== text) this.#words.textContent = text;
      },
      4,
      signal,
    );
  }

  /** The canvas has another size, or other colours. */
  forget() {
    this.#ground = null;
    this.#inks = null;
  }

  /** Where the window lies in the canvas. @returns {Box} */
  get box() {
    const {clientWidth, clientHeight} = this.#canvas;
    return {
      left: MARGINS.left,
      top: MARGINS.top,
      width: Math.max(clientWidth - MARGINS.left - MARGINS.right, 10),
      height: Math.max(clientHeight - MARGINS.top - MARGINS.bottom, 10),
    };
  }

  /** @param {Frame} frame @param {DescentLook} look */
  draw(frame, look) {
    const {server} = look.state;
    const {material} = look;
    if (!server || !material || this.#canvas.clientWidth === 0) return;
    const {facts} = server;
    if (facts.racers.length !== frame.runners.length) return; // the frame is of the race before
    this.#inks ??= inksOf(this.#canvas);
    const {clientWidth: width, clientHeight: height} = this.#canvas;
    const [across, up] = windowOf(facts, material);
    const context = sharpen(this.#canvas, width, height);
    context.drawImage(this.#groundFor(facts, material, look, width, height), 0, 0, width, height);
    const pen = {context, box: this.box, across, up, inks: this.#inks};
    this.#paintRacers(pen, frame, look, material);
    this.#showHovered(frame, facts);
    this.#write.soon(pictureWords(facts, frame.runners));
  }

  /**
   * @param {DescentFacts} facts
   * @param {Material} material
   * @param {DescentLook} look
   * @param {number} width
   * @param {number} height
   */
  #groundFor(facts, material, {state, palette}, width, height) {
    const singles = state.server?.view.singles ?? false;
    const key = [
      material,
      palette,
      width,
      height,
      pixelRatio(),
      singles,
      String(facts.minima.map(({at}) => at)),
    ];
    const isSame = key.every((each, i) => each === this.#groundOf[i]);
    if (this.#ground && isSame) return this.#ground;
    const [canvas, context] = makeLayer(width, height);
    const inks = this.#inks ?? inksOf(this.#canvas);
    if (singles) {
      clip(context, this.box);
      paintSingles(context, this.box, facts, material, inks.line, () => true);
      context.restore();
    }
    paintGround(context, this.box, facts, material, inks);
    this.#groundOf = key;
    this.#ground = canvas;
    return canvas;
  }

  /** @param {Pen} pen @param {Frame} frame @param {DescentLook} look @param {Material} material */
  #paintRacers(pen, frame, look, material) {
    const {context, box} = pen;
    const facts = look.state.server?.facts;
    if (!facts) return;
    const colors = frame.runners.map((_, k) => look.palette.classes[k]?.point ?? pen.inks.text);
    const isCurve = material.curve !== null;
    clip(context, box);
    for (const [k, runner] of frame.runners.entries()) {
      const color = colors[k] ?? "";
      const showsPoints = look.state.server?.view.singles && facts.racers[k]?.runner !== "batch";
      if (isCurve && showsPoints) {
        context.globalAlpha = 0.6;
        paintSingles(context, box, facts, material, color, point => runner.chosen.includes(point));
        context.globalAlpha = 1;
      }
      paintWay(pen, runner, color, isCurve);
    }
    for (const [k, runner] of frame.runners.entries()) {
      if (runner.how.diverged !== null) continue;
      if (isCurve) paintTangent(pen, runner, colors[k] ?? "");
      else paintStep(pen, runner, colors[k] ?? "");
    }
    context.restore();
    this.#paintStart(pen, facts, frame, isCurve);
    for (const [k, runner] of [...frame.runners.entries()].reverse())
      paintBall(pen, ballAt(pen, runner, errorOf(frame, k), isCurve), colors[k] ?? "", runner);
  }

  /** A ring where all began. @param {Pen} pen @param {DescentFacts} facts @param {Frame} frame @param {boolean} isCurve */
  #paintStart({context, box, across, up, inks}, {start}, {runners}, isCurve) {
    const y = isCurve ? runners[0]?.heights[0] : start[1];
    const first = runners[0]?.path[0]?.[0];
    if (y === undefined || first === undefined) return;
    const {x: left, y: top} = toPixel(box, across, up, isCurve ? first : (start[0] ?? 0), y);
    if (!isInside(box, {x: left, y: top})) return;
    context.strokeStyle = inks.text;
    context.lineWidth = 1.5;
    context.beginPath();
    context.arc(left, top, BALL + 4, 0, 2 * Math.PI);
    context.stroke();
  }

  /** @param {Frame} frame @param {DescentFacts} facts */
  #showHovered({hovered}, {weights}) {
    const text = hovered
      ? `${weights.map((name, i) => `${name} ${formatNumber(hovered.at[i] ?? 0)}`).join(", ")} · E ${formatError(hovered.error)} · slope ${placeText(hovered.slope)}`
      : "";
    if (this.#hovered.textContent !== text) this.#hovered.textContent = text;
  }
}

/** @param {Frame} frame @param {number} k */
function errorOf(frame, k) {
  return frame.losses[`racer_${k + 1}`] ?? 0;
}

/** Until `restore`. @param {CanvasRenderingContext2D} context @param {Box} box */
function clip(context, {left, top, width, height}) {
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
}

/** @param {Box} box @param {Point} point */
function isInside({left, top, width, height}, {x, y}) {
  return x >= left && x <= left + width && y >= top && y <= top + height;
}

/** @param {Pen} pen @param {Runner} runner @param {number} error @param {boolean} isCurve */
function ballAt({box, across, up}, {place}, error, isCurve) {
  return toPixel(box, across, up, place[0] ?? 0, isCurve ? error : (place[1] ?? 0));
}

/** @param {Pen} pen @param {Runner} runner @param {string} color @param {boolean} isCurve */
function paintWay({context, box, across, up, inks}, {path, heights, place}, color, isCurve) {
  const points = path.map((each, i) =>
    toPixel(box, across, up, each[0] ?? 0, isCurve ? (heights[i] ?? 0) : (each[1] ?? 0)),
  );
  if (!isCurve) points.push(toPixel(box, across, up, place[0] ?? 0, place[1] ?? 0));
  if (!isCurve) {
    context.globalAlpha = 0.8;
    line(context, points, inks.ground, 4);
    context.globalAlpha = 1;
  }
  line(context, points, color, isCurve ? 1.2 : 2);
  context.fillStyle = color;
  for (const {x, y} of points.slice(-DOTS)) {
    context.beginPath();
    context.arc(x, y, 2.2, 0, 2 * Math.PI);
    context.fill();
  }
}

/**
 * The slope that the next step goes by: it touches the curve of the step's points. Its thick part is the step.
 * @param {Pen} pen
 * @param {Runner} runner
 * @param {string} color
 */
function paintTangent({context, box, across, up}, {place, slope, next, batchError}, color) {
  const [w = 0, g = 0] = [place[0], slope[0]];
  const reach = TANGENT * (across[1] - across[0]);
  const at = (/** @type {number} */ x) => toPixel(box, across, up, x, batchError + g * (x - w));
  line(context, [at(w - reach), at(w + reach)], color, 1.2);
  if (next) line(context, [at(w), at(next[0] ?? w)], color, 3);
  const {x, y} = at(w);
  context.beginPath();
  context.arc(x, y, 3, 0, 2 * Math.PI);
  context.stroke();
}

/** Where the next step of plain descent leads. @param {Pen} pen @param {Runner} runner @param {string} color */
function paintStep({context, box, across, up}, {place, next}, color) {
  if (!next) return;
  const points = [place, next].map(([x = 0, y = 0]) => toPixel(box, across, up, x, y));
  context.setLineDash([4, 3]);
  line(context, points, color, 1.5);
  context.setLineDash([]);
}

/**
 * A ball; at the edge where it is outside the window, and a cross where it has diverged.
 * @param {Pen} pen
 * @param {Point} at
 * @param {string} color
 * @param {Runner} runner
 */
function paintBall({context, box, inks}, at, color, {how}) {
  const x = within(at.x, box.left, box.left + box.width);
  const y = within(at.y, box.top, box.top + box.height);
  if (how.diverged !== null) {
    saltire(context, {x, y}, inks.ground, 8);
    saltire(context, {x, y}, color);
    return;
  }
  context.beginPath();
  context.arc(x, y, BALL, 0, 2 * Math.PI);
  context.fillStyle = isInside(box, at) ? color : inks.ground;
  context.strokeStyle = isInside(box, at) ? inks.ground : color;
  context.lineWidth = 2;
  context.fill();
  context.stroke();
}
