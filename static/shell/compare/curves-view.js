/** One chart with the losses of all columns by epoch: training solid, test dashed, and the bands of the seeds. */

/** @import {Box, Scale} from "../../drawing/loss-chart.js" */
/** @import {Column} from "./column.js" */
/** @import {Chart, Comparing} from "./comparing.js" */
/** @import {Spread} from "./statistics.js" */

import {sharpen} from "../../drawing/canvas.js";
import {formatCount, formatLoss} from "../../drawing/format.js";
import {
  epochAt,
  epochAxis,
  epochText,
  epochToX,
  lossAxis,
  lossLines,
  lossText,
  lossToY,
  sampleFrom,
  spread,
  ticks,
} from "../../drawing/loss-chart.js";
import {throttle} from "../../drawing/throttle.js";
import {byId} from "../elements.js";

const MARGINS = {left: 42, right: 50, top: 8, bottom: 20};
const APART = 12; // px from name to name
const UNIT = document.body.dataset.unit ?? "epoch";

/** A line of the chart. @typedef {{letter: string, set: "train" | "test", epochs: readonly number[], losses: readonly number[]}} Line */
/** What seeds have made of a column. @typedef {{letter: string, epochs: readonly number[], spreads: readonly (Spread | null)[]}} Band */

export class CurvesView {
  #canvas = byId("curves", HTMLCanvasElement);
  #readout = byId("curves-readout", HTMLElement);
  #of = byId("curves-of", HTMLSelectElement);
  #logEpoch = byId("log-epoch", HTMLInputElement);
  #logLoss = byId("log-loss", HTMLInputElement);
  #kind;
  #columns = /** @type {readonly Column[]} */ ([]);
  #charts = /** @type {Chart[]} */ ([]);
  /** Of the seeds, for the chart that is shown. @type {(test: string) => Band[]} */
  #bandsOf;
  #pointer = /** @type {number | null} */ (null);
  #colors = /** @type {Record<string, string>} */ ({});
  #paintSoon = throttle(() => this.#paint());

  /** @param {Comparing<any, any, any>} kind @param {(loss: string) => Band[]} bandsOf of a loss by its name */
  constructor(kind, bandsOf) {
    this.#kind = kind;
    this.#bandsOf = bandsOf;
    new ResizeObserver(() => this.#paint()).observe(this.#canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.#colors = {};
      this.#paint();
    });
    for (const control of [this.#of, this.#logEpoch, this.#logLoss])
      control.addEventListener("change", () => this.#paint());
    this.#canvas.addEventListener("pointermove", ({offsetX}) => this.#point(offsetX));
    this.#canvas.addEventListener("pointerleave", () => this.#point(null));
  }

  /** @param {readonly Column[]} columns */
  update(columns) {
    this.#columns = columns;
    const [first] = columns;
    if (!first?.state) return;
    this.#charts = this.#kind.charts(first.state);
    if (this.#of.options.length !== this.#charts.length)
      this.#of.replaceChildren(...this.#charts.map(({label}, i) => new Option(label, String(i))));
    this.#of.hidden = this.#charts.length < 2;
  }

  draw() {
    this.#paintSoon.soon(undefined);
  }

  /** The losses that are shown. @returns {Chart | undefined} */
  get chart() {
    return this.#charts[Number(this.#of.value) || 0] ?? this.#charts[0];
  }

  /** @param {number | null} x */
  #point(x) {
    this.#pointer = x;
    requestAnimationFrame(() => this.#paint());
  }

  /** @returns {Line[]} */
  #lines() {
    const {chart} = this;
    if (!chart) return [];
    return this.#columns.flatMap(({letter, history: {epochs, curves}}) =>
      curves
        .filter(({name}) => name === chart.train || name === chart.test)
        .map(({name, losses}) => ({
          letter,
          set: /** @type {"train" | "test"} */ (name === chart.train ? "train" : "test"),
          epochs,
          losses,
        })),
    );
  }

  #paint() {
    const {clientWidth: width, clientHeight: height} = this.#canvas;
    if (width === 0) return;
    const lines = this.#lines();
    const {chart} = this;
    const bands = chart ? this.#bandsOf(chart.test ?? chart.train) : [];
    byId("band-key", HTMLElement).hidden = bands.length === 0;
    byId("sets-key", HTMLElement).hidden = !chart?.test;
    const box = {...MARGINS, width, height};
    const scale = this.#scale(lines, bands);
    const context = sharpen(this.#canvas, width, height);
    if (!context.font.startsWith("11px"))
      context.font = `11px ${getComputedStyle(this.#canvas).fontFamily}`;
    context.lineJoin = "round";
    this.#paintAxes(context, scale, box);
    for (const band of bands) this.#paintBand(context, band, scale, box);
    for (const line of lines) this.#paintLine(context, line, scale, box);
    this.#paintNames(context, lines, scale, box);
    this.#read(context, lines, scale, box);
    this.#describe(lines);
  }

  /** @param {readonly Line[]} lines @param {readonly Band[]} bands @returns {Scale} */
  #scale(lines, bands) {
    const last = Math.max(
      ...this.#columns.map(({epoch}) => epoch),
      ...bands.map(({epochs}) => epochs.at(-1) ?? 0),
    );
    const thirds = bands.map(({spreads}) => spreads.map(each => each?.third ?? Number.NaN));
    const firsts = bands.map(({spreads}) => spreads.map(each => each?.first ?? Number.NaN));
    return {
      epoch: epochAxis(last, this.#logEpoch.checked),
      loss: lossAxis(
        [...lines.map(({losses}) => losses), ...thirds, ...firsts],
        this.#logLoss.checked,
      ),
    };
  }

  /** From the style sheet. @param {string} name */
  #color(name) {
    this.#colors[name] ??= getComputedStyle(this.#canvas).getPropertyValue(`--${name}`).trim();
    return this.#colors[name] ?? "";
  }

  /** @param {CanvasRenderingContext2D} context @param {Scale} scale @param {Box} box */
  #paintAxes(context, scale, box) {
    const right = box.width - box.right;
    context.lineWidth = 1;
    context.strokeStyle = this.#color("line");
    context.fillStyle = this.#color("muted");
    context.textBaseline = "middle";
    context.textAlign = "right";
    for (const tick of ticks(scale.loss)) {
      const y = Math.round(lossToY(scale.loss, box, tick)) + 0.5;
      stroke(context, [
        [
          {x: box.left, y},
          {x: right, y},
        ],
      ]);
      context.fillText(lossText(tick), box.left - 6, y);
    }
    context.textBaseline = "alphabetic";
    const name = `${epochText(scale.epoch.high)} ${UNIT}s`;
    const last = right - context.measureText(name).width - 8;
    context.fillText(name, right, box.height - 4);
    context.textAlign = "center";
    for (const tick of ticks(scale.epoch, 6)) {
      const x = epochToX(scale.epoch, box, tick);
      const text = epochText(tick);
      if (x + context.measureText(text).width / 2 < last) context.fillText(text, x, box.height - 4);
    }
  }

  /** @param {CanvasRenderingContext2D} context @param {Line} line @param {Scale} scale @param {Box} box */
  #paintLine(context, {letter, set, epochs, losses}, scale, box) {
    context.strokeStyle = this.#color(`column-${letter}`);
    context.lineWidth = 1.7;
    context.setLineDash(set === "test" ? [4, 3] : []);
    stroke(context, lossLines(epochs, losses, scale, box));
    context.setLineDash([]);
  }

  /** The middle half of the seeds, and their median. @param {CanvasRenderingContext2D} context @param {Band} band @param {Scale} scale @param {Box} box */
  #paintBand(context, {letter, epochs, spreads}, scale, box) {
    const known = spreads.flatMap((each, i) =>
      each ? [{x: epochToX(scale.epoch, box, epochs[i] ?? 0), each}] : [],
    );
    const edge = (/** @type {"first" | "third" | "median"} */ name) =>
      known.map(({x, each}) => ({x, y: lossToY(scale.loss, box, each[name])}));
    context.fillStyle = context.strokeStyle = this.#color(`column-${letter}`);
    context.globalAlpha = 0.16;
    context.beginPath();
    for (const {x, y} of [...edge("first"), ...edge("third").reverse()]) context.lineTo(x, y);
    context.fill();
    context.globalAlpha = 1;
    context.lineWidth = 2.5;
    context.setLineDash([1, 3]);
    stroke(context, [edge("median")]);
    context.setLineDash([]);
  }

  /** @param {CanvasRenderingContext2D} context @param {readonly Line[]} lines @param {Scale} scale @param {Box} box */
  #paintNames(context, lines, scale, box) {
    const shown = lines.filter(({losses}) => Number.isFinite(losses.at(-1) ?? Number.NaN));
    const ends = shown.map(({losses}) => lossToY(scale.loss, box, losses.at(-1) ?? 0));
    const places = spread(ends, APART, box.height - box.bottom);
    context.textAlign = "left";
    context.textBaseline = "middle";
    for (const [i, {letter, set}] of shown.entries()) {
      context.fillStyle = this.#color(`column-${letter}`);
      const text = set === "train" ? letter : `${letter} test`;
      context.fillText(text, box.width - box.right + 6, places[i] ?? 0);
    }
  }

  /** What is under the pointer. @param {CanvasRenderingContext2D} context @param {readonly Line[]} lines @param {Scale} scale @param {Box} box */
  #read(context, lines, scale, box) {
    const share =
      this.#pointer === null ? -1 : (this.#pointer - box.left) / (box.width - box.left - box.right);
    if (share < 0 || share > 1) {
      if (this.#readout.textContent) this.#readout.textContent = "";
      return;
    }
    const epoch = epochAt(scale.epoch, share);
    const x = epochToX(scale.epoch, box, epoch);
    context.strokeStyle = this.#color("edge");
    context.lineWidth = 1;
    stroke(context, [
      [
        {x, y: box.top},
        {x, y: box.height - box.bottom},
      ],
    ]);
    const texts = this.#columns.map(({letter}) => {
      const own = lines.filter(line => line.letter === letter);
      return `${letter} ${own.map(line => formatLoss(at(line, epoch))).join(" / ")}`;
    });
    this.#readout.textContent = [`${UNIT} ${formatCount(epoch)}`, ...texts].join(" · ");
  }

  /** In words, for those who do not see it. @param {readonly Line[]} lines */
  #describe(lines) {
    const texts = this.#columns.map(({letter, epoch}) => {
      const own = lines.filter(line => line.letter === letter);
      const said = own.map(
        line => `${line.set === "train" ? "training" : "test"} ${formatLoss(at(line, epoch))}`,
      );
      return `${letter} at ${UNIT} ${formatCount(epoch)}: ${said.join(", ")}`;
    });
    const label = `Loss by ${UNIT}. ${texts.join(". ")}`;
    if (this.#canvas.ariaLabel !== label) this.#canvas.ariaLabel = label;
  }
}

/** @param {CanvasRenderingContext2D} context @param {readonly {x: number, y: number}[][]} lines */
function stroke(context, lines) {
  context.beginPath();
  for (const line of lines)
    for (const [i, {x, y}] of line.entries())
      if (i === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
  context.stroke();
}

/** The loss at an epoch, null where the run has none there. @param {Line} line @param {number} epoch */
function at({epochs, losses}, epoch) {
  if (epochs.length === 0 || epoch < (epochs[0] ?? 0)) return null;
  const loss = losses[sampleFrom(epochs, epoch)];
  return loss !== undefined && Number.isFinite(loss) ? loss : null;
}
