/** Every epoch again: the slider below the loss chart, whose axis it shares, and dragging on the chart itself. */

/** @import {Frame} from "../session/frame.js" */
/** @import {LossHistory} from "../session/loss-history.js" */
/** @import {PageState} from "../session/state.js" */
/** @import {LabShell} from "./lab.js" */

import {formatCount, formatLoss} from "../drawing/format.js";
import {epochAt, epochAxis, sampleFrom, shareOf} from "../drawing/loss-chart.js";
import {byId} from "./elements.js";
import {chartBox} from "./loss-view.js";

const STEPS = 1000; // of the slider, from the chart's left to its right
/** How many samples a key goes. @type {Record<string, number>} */
const KEYS = {ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10};

export class TimelineView {
  #shell;
  #history;
  #row = byId("timeline", HTMLElement);
  #slider = byId("timeline-at", HTMLInputElement);
  #end = byId("timeline-end", HTMLButtonElement);
  #chart = byId("loss-chart", HTMLCanvasElement);
  #word = document.body.dataset.unit ?? "epoch";
  /** The epoch that is shown, and the last one. */
  #epoch = 0;
  /** The command that is on its way, and the epoch to ask for when it is answered: only the newest counts. */
  #asked = 0;
  /** @type {number | null} */
  #wanted = null;

  /** @param {LabShell} shell @param {LossHistory} history */
  constructor(shell, history) {
    this.#shell = shell;
    this.#history = history;
    this.#slider.addEventListener("input", () =>
      this.#goToShare(Number(this.#slider.value) / STEPS),
    );
    this.#slider.addEventListener("keydown", event => this.#press(event));
    this.#end.addEventListener("click", () => {
      this.#want(this.#last);
      this.#slider.focus();
    });
    this.#listenToChart();
  }

  /** @param {PageState} state @param {PageState} before */
  update({server, connection}, before) {
    const timeline = server?.timeline ?? null;
    this.#row.hidden = timeline === null || (server?.divergence ?? null) !== null;
    this.#end.hidden = (timeline?.tip ?? null) === null;
    const isAnswered = server !== null && server.seq >= this.#asked;
    if (connection !== before.connection || isAnswered) this.#asked = 0;
    if (isAnswered) this.#ask();
  }

  /** @param {Frame} frame */
  draw({epoch}) {
    this.#epoch = epoch;
    if (this.#wanted === null && !this.#asked) this.#show(epoch);
  }

  /** The last epoch of the timeline. */
  get #last() {
    return this.#shell.state.server?.timeline?.tip ?? this.#epoch;
  }

  get #axis() {
    return epochAxis(this.#last, this.#shell.state.server?.view.log_epoch ?? true);
  }

  /** @param {number} epoch */
  #show(epoch) {
    const share = epoch >= this.#last ? 1 : shareOf(this.#axis, epoch);
    const value = String(Math.round(share * STEPS));
    if (this.#slider.value !== value) this.#slider.value = value;
    if (document.activeElement === this.#slider || this.#end.hidden === false) this.#tell(epoch);
  }

  /** @param {number} epoch */
  #tell(epoch) {
    const sample = sampleFrom(this.#history.epochs, epoch);
    const losses = this.#history.curves.map(({name, losses}) => {
      const loss = losses[sample];
      return loss !== undefined && Number.isFinite(loss)
        ? `, ${name.replaceAll("_", " ")} loss ${formatLoss(loss)}`
        : "";
    });
    this.#slider.ariaValueText = `${this.#word} ${formatCount(epoch)} of ${formatCount(this.#last)}${losses.join("")}`;
  }

  /** @param {number} share of the chart's width */
  #goToShare(share) {
    this.#want(share >= 1 ? this.#last : epochAt(this.#axis, share));
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const {key, shiftKey, ctrlKey, metaKey, altKey} = event;
    if (ctrlKey || metaKey || altKey) return;
    const epoch = this.#byKey(key, shiftKey);
    if (epoch === null) return;
    event.preventDefault();
    event.stopPropagation();
    this.#want(epoch);
  }

  /** Where a key leads. @param {string} key @param {boolean} isFar @returns {number | null} */
  #byKey(key, isFar) {
    const now = this.#wanted ?? this.#epoch;
    if (key === "Home") return 0;
    if (key === "End") return this.#last;
    if (key === "," || key === ".") return now + (key === "." ? 1 : -1);
    const samples = (KEYS[key] ?? 0) * (isFar ? 10 : 1);
    if (!samples) return null;
    const {epochs} = this.#history;
    const at = sampleFrom(epochs, now);
    const isBetween = samples < 0 && (epochs[at] ?? 0) < now; // the sample before is the first step back
    const next = at + samples + (isBetween ? 1 : 0);
    return next >= epochs.length ? this.#last : (epochs[Math.max(0, next)] ?? 0);
  }

  /** @param {number} epoch */
  #want(epoch) {
    const {server} = this.#shell.state;
    if (!server?.timeline) return;
    const {first} = server.timeline;
    this.#wanted = Math.min(Math.max(Math.round(epoch), first), this.#last);
    this.#show(this.#wanted);
    this.#ask();
  }

  /** One at a time: while a way is long, only the newest place counts. */
  #ask() {
    if (this.#asked || this.#wanted === null) return;
    const epoch = this.#wanted;
    this.#wanted = null;
    if (epoch !== this.#epoch || this.#shell.state.server?.playing)
      this.#asked = this.#shell.send({type: "go-to", epoch});
  }

  #listenToChart() {
    const chart = this.#chart;
    const go = (/** @type {PointerEvent} */ {offsetX}) => {
      const {left, right, width} = chartBox(chart);
      this.#goToShare(Math.min(Math.max((offsetX - left) / (width - left - right), 0), 1));
    };
    chart.addEventListener("pointerdown", event => {
      if (event.button !== 0 || this.#row.hidden) return;
      chart.setPointerCapture(event.pointerId);
      go(event);
    });
    chart.addEventListener("pointermove", event => {
      if (chart.hasPointerCapture(event.pointerId)) go(event);
    });
  }
}
