/** Paints the loss chart, a few times a second at most, and what is under the pointer. */

/** @import {Frame} from "../session/frame.js" */
/** @import {Curve, LossHistory} from "../session/loss-history.js" */
/** @import {Divergence} from "../session/protocol.js" */
/** @import {PageState} from "../session/state.js" */
/** @import {Box, Point, Scale} from "../drawing/loss-chart.js" */

import {sharpen} from "../drawing/canvas.js";
import {formatCount, formatLoss} from "../drawing/format.js";
import {
  epochAxis,
  epochText,
  epochToX,
  lossAxis,
  lossLines,
  lossText,
  lossToY,
  sampleAt,
  sampleFrom,
  spread,
  ticks,
} from "../drawing/loss-chart.js";
import {throttle} from "../drawing/throttle.js";
import {trailOf, trailScale} from "../drawing/trail-chart.js";
import {byId} from "./elements.js";

const MARGINS = {left: 40, right: 38, top: 8, bottom: 18};

/** The chart's size, and the room around its curves. @param {HTMLCanvasElement} canvas */
export function chartBox({clientWidth: width, clientHeight: height}) {
  return {...MARGINS, width, height};
}

const BEFORE_IT_DIVERGED = "Loss by step, before it diverged";
const APART = 12; // px from name to name

/** @typedef {{logEpoch: boolean, logLoss: boolean}} Look */
/** The first curve is the one that is trained. @typedef {{unit: "epoch" | "step", places: number[], curves: readonly Curve[], scale: Scale}} Shown */

/**
 * From the style sheet, where a loss has a colour of its own: `--train`, say. A lab of many losses also says there what
 * stands at the end of a curve, `--train-word`, and whether the curve is solid or dashed, `--train-line`.
 * @typedef {object} Style
 * @property {string} font
 * @property {(name: string) => string} colorOf
 * @property {(name: string) => string} wordOf
 * @property {(name: string, isFirst: boolean) => boolean} isSolid
 */

export class LossView {
  #canvas = byId("loss-chart", HTMLCanvasElement);
  #readout = byId("loss-readout", HTMLElement);
  #label = this.#canvas.ariaLabel;
  #heading = byId("loss-caption", HTMLElement).textContent;
  /** The lab's word for an epoch. */
  #word = document.body.dataset.unit ?? "epoch";
  #history;
  #epoch = 0;
  /** The epoch that is shown, if it is before the last; and those at which the run was changed. */
  #past = /** @type {number | null} */ (null);
  #changes = /** @type {readonly number[]} */ ([]);
  /** @type {Divergence | null} */
  #divergence = null;
  /** @type {Look} */
  #look = {logEpoch: true, logLoss: false};
  #later = throttle(() => this.#paint()); // a curve that grows is not read faster than digits
  #width = 0;
  #height = 0;
  /** Its colours and fonts, until the theme changes. @type {Style | null} */
  #style = null;
  /** @type {number | null} */
  #pointer = null;

  /** @param {LossHistory} history */
  constructor(history) {
    const canvas = this.#canvas;
    this.#history = history;
    new ResizeObserver(() => {
      [this.#width, this.#height] = [canvas.clientWidth, canvas.clientHeight];
      this.#paint();
    }).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.#style = null;
      this.#paintSoon();
    });
    canvas.addEventListener("pointermove", event => this.#point(event.offsetX));
    canvas.addEventListener("pointerleave", () => this.#point(null));
  }

  /**
   * Until a run that has diverged goes on or is reset, the last steps before it are shown.
   * @param {Frame} frame
   * @param {{state: PageState}} look
   */
  draw({epoch}, {state: {server}}) {
    const {log_epoch: logEpoch = true, log_loss: logLoss = false} = server?.view ?? {};
    const divergence = server?.divergence ?? null;
    const timeline = server?.timeline ?? null;
    const past = timeline && timeline.tip !== null ? epoch : null;
    const asked =
      past !== this.#past ||
      logEpoch !== this.#look.logEpoch ||
      logLoss !== this.#look.logLoss ||
      divergence !== this.#divergence;
    this.#epoch = timeline?.tip ?? epoch;
    this.#past = past;
    this.#changes = timeline?.changes ?? [];
    this.#divergence = divergence;
    this.#look = {logEpoch, logLoss};
    if (asked) this.#later.hurry();
    this.#later.soon(undefined);
  }

  /** @param {number | null} x */
  #point(x) {
    this.#pointer = x;
    this.#paintSoon();
  }

  #paintSoon() {
    requestAnimationFrame(() => this.#paint());
  }

  #paint() {
    const [width, height] = [this.#width, this.#height];
    if (width === 0) return;
    this.#style ??= styleOf(this.#canvas);
    const box = {...MARGINS, width, height};
    const shown = this.#shown();
    const {places, curves, scale} = shown;
    const pen = new Pen(sharpen(this.#canvas, width, height), this.#style);
    pen.axes(scale, box, this.#wordFor(shown.unit), shown.unit);
    for (const [k, {name, losses}] of [...curves.entries()].reverse())
      pen.line(lossLines(places, losses, scale, box), name, pen.dash(name, k === 0));
    if (shown.unit === "epoch") {
      pen.names(scale, box, curves);
      this.#paintTimeline(pen, scale, box);
    }
    this.#caption(shown.unit);
    this.#paintPointer(pen, shown, box);
  }

  /**
   * The history by epoch or, after a divergence, the last steps before it.
   * @returns {Shown}
   */
  #shown() {
    const trail = trailOf(this.#divergence);
    if (trail)
      return {
        unit: "step",
        places: trail.steps,
        curves: [{name: this.#history.curves[0]?.name ?? "", losses: trail.losses}],
        scale: trailScale(trail),
      };
    const {epochs, curves} = this.#history;
    const scale = {
      epoch: epochAxis(this.#epoch, this.#look.logEpoch),
      loss: lossAxis(
        curves.map(({losses}) => losses),
        this.#look.logLoss,
      ),
    };
    return {unit: "epoch", places: epochs, curves, scale};
  }

  /** Short lines where the run was changed, and a long one at the epoch that is shown. @param {Pen} pen @param {Scale} scale @param {Box} box */
  #paintTimeline(pen, {epoch: axis}, box) {
    const bottom = box.height - box.bottom;
    const upright = (/** @type {number} */ epoch, /** @type {number} */ height) => {
      const x = Math.round(epochToX(axis, box, epoch)) + 0.5;
      return [
        {x, y: bottom},
        {x, y: bottom - height},
      ];
    };
    pen.line(
      this.#changes.map(epoch => upright(epoch, 7)),
      "muted",
      [],
      1,
    );
    if (this.#past !== null) pen.line([upright(this.#past, bottom - box.top)], "accent", [], 1.5);
  }

  /** @param {Shown["unit"]} unit */
  #caption(unit) {
    const figure = this.#canvas.closest("figure");
    if (!figure || figure.dataset.unit === unit) return;
    figure.dataset.unit = unit; // the style sheet hides what is for epochs alone
    const caption = figure.querySelector("figcaption > span");
    if (caption) caption.textContent = unit === "step" ? BEFORE_IT_DIVERGED : this.#heading;
    this.#canvas.ariaLabel = unit === "step" ? BEFORE_IT_DIVERGED : this.#label;
  }

  /** @param {Shown["unit"]} unit */
  #wordFor(unit) {
    return unit === "epoch" ? this.#word : unit;
  }

  /**
   * @param {Pen} pen
   * @param {Shown} shown
   * @param {Box} box
   */
  #paintPointer(pen, {unit, places: epochs, curves, scale}, box) {
    const past = unit === "epoch" ? this.#past : null;
    const sample =
      this.#pointer === null
        ? past && sampleFrom(epochs, past)
        : sampleAt(scale.epoch, box, this.#pointer, epochs);
    if (sample === null) {
      if (this.#readout.textContent) this.#readout.textContent = "";
      return;
    }
    const epoch = epochs[sample] ?? 0;
    const x = epochToX(scale.epoch, box, epoch);
    pen.line(
      [
        [
          {x, y: box.top},
          {x, y: box.height - box.bottom},
        ],
      ],
      "edge",
      [],
      1,
    );
    for (const {name, losses} of [...curves].reverse())
      pen.dot({x, y: lossToY(scale.loss, box, losses[sample] ?? Number.NaN)}, name);
    const known = curves.filter(({losses}) => losses.some(Number.isFinite));
    const texts = known.map(
      ({name, losses}) => `${name.replaceAll("_", " ")} ${formatLoss(finite(losses[sample]))}`,
    );
    this.#readout.textContent = [`${this.#wordFor(unit)} ${formatCount(epoch)}`, ...texts].join(
      " · ",
    );
  }
}

/** @param {number | undefined} loss */
function finite(loss) {
  return loss !== undefined && Number.isFinite(loss) ? loss : null;
}

/**
 * Asked for at each painting, the browser would have to style the page anew before it can answer.
 * @param {Element} element
 * @returns {Style}
 */
function styleOf(element) {
  const style = getComputedStyle(element);
  /** @type {Record<string, string>} */
  const colors = {};
  /** @type {Record<string, string>} */
  const words = {};
  const said = (/** @type {string} */ property) => {
    words[property] ??= style.getPropertyValue(property).trim();
    return words[property];
  };
  return {
    font: style.fontFamily,
    wordOf: name => (said(`--${name}-word`) || name).replaceAll(/^["']|["']$/g, ""),
    isSolid: (name, isFirst) => (said(`--${name}-line`) || (isFirst ? "solid" : "")) === "solid",
    colorOf: name => {
      colors[name] ??= style.getPropertyValue(`--${name}`) || style.getPropertyValue("--text");
      return colors[name];
    },
  };
}

/** Draws in the page's colours. */
class Pen {
  #context;
  #style;

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Style} style
   */
  constructor(context, style) {
    this.#context = context;
    this.#style = style;
    // It stays until the canvas has another size. To set it, the browser styles the whole page: 4 ms.
    if (!context.font.startsWith("11px")) context.font = `11px ${style.font}`;
    context.lineJoin = "round";
  }

  /**
   * The first curve is solid and others are dashed, unless the style sheet says otherwise.
   * @param {string} name of a curve
   * @param {boolean} isFirst
   */
  dash(name, isFirst) {
    return this.#style.isSolid(name, isFirst) ? [] : [4, 3];
  }

  /**
   * @param {Scale} scale
   * @param {Box} box
   * @param {string} word for the unit
   * @param {Shown["unit"]} unit
   */
  axes(scale, box, word, unit) {
    const right = box.width - box.right;
    for (const tick of ticks(scale.loss)) {
      const y = Math.round(lossToY(scale.loss, box, tick)) + 0.5;
      this.line(
        [
          [
            {x: box.left, y},
            {x: right, y},
          ],
        ],
        "line",
        [],
        1,
      );
      this.#text(lossText(tick), box.left - 6, y, "right", "middle", "muted");
    }
    const bottom = box.height - 4;
    const textOf = unit === "epoch" ? epochText : formatCount; // the last hundred of a million steps are far apart
    const name = `${textOf(scale.epoch.high)} ${word}s`;
    const last = right - this.#context.measureText(name).width - 8;
    for (const tick of ticks(scale.epoch, 6)) {
      const text = textOf(tick);
      const x = epochToX(scale.epoch, box, tick);
      const fits = x + this.#context.measureText(text).width / 2 < last;
      if (fits) this.#text(text, x, bottom, "center", "alphabetic", "muted");
    }
    this.#text(name, right, bottom, "right", "alphabetic", "muted");
  }

  /**
   * @param {readonly Point[][]} lines
   * @param {string} color
   * @param {number[]} dash
   * @param {number} width
   */
  line(lines, color, dash, width = 1.6) {
    const context = this.#context;
    context.strokeStyle = this.#style.colorOf(color);
    context.lineWidth = width;
    context.setLineDash(dash);
    context.beginPath();
    for (const line of lines)
      for (const [i, {x, y}] of line.entries())
        if (i === 0) context.moveTo(x, y);
        else context.lineTo(x, y);
    context.stroke();
    context.setLineDash([]);
  }

  /**
   * @param {Point} place
   * @param {string} color
   */
  dot({x, y}, color) {
    const context = this.#context;
    context.fillStyle = this.#style.colorOf(color);
    context.beginPath();
    context.arc(x, y, 3, 0, 2 * Math.PI);
    context.fill();
  }

  /**
   * The curves' names at their ends, kept apart.
   * @param {Scale} scale
   * @param {Box} box
   * @param {readonly Curve[]} all
   */
  names(scale, box, all) {
    const curves = all.filter(({name}) => this.#style.wordOf(name));
    const ends = curves.map(({losses}) => lossToY(scale.loss, box, losses.at(-1) ?? Number.NaN));
    if (ends.some(Number.isNaN)) return;
    const places = spread(ends, APART, box.height - box.bottom);
    const x = box.width - box.right + 6;
    for (const [i, {name}] of curves.entries())
      this.#text(this.#style.wordOf(name), x, places[i] ?? 0, "left", "middle", name);
  }

  /**
   * @param {string} text
   * @param {number} x
   * @param {number} y
   * @param {CanvasTextAlign} align
   * @param {CanvasTextBaseline} baseline
   * @param {string} color
   */
  #text(text, x, y, align, baseline, color) {
    const context = this.#context;
    context.fillStyle = this.#style.colorOf(color);
    context.textAlign = align;
    context.textBaseline = baseline;
    context.fillText(text, x, y);
  }
}
