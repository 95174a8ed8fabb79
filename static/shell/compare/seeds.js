/** The runs of a column with other seeds: what is left to do, and what they say together. */

/** @import {Seeded} from "../../session/protocol.js" */

import {formatCount, formatLoss, formatShare} from "../../drawing/format.js";
import {band, spreadOf} from "./statistics.js";

/** Seeds are the numbers from 1: the same for all columns, so that columns differ in what was chosen alone. @param {number} count */
export function seedsOf(count) {
  return Array.from({length: count}, (_, k) => String(k + 1));
}

export class SeedResults {
  /** Those that are wanted. @type {string[]} */
  seeds;
  epochs;
  /** What has come of those that are done, by seed. @type {Map<string, Seeded>} */
  done = new Map();
  /** The epoch of the seed under way. */
  #epoch = 0;
  /** The numbers of the commands that asked for them. @type {Set<number>} */
  #asked = new Set();

  /** @param {number} count @param {number} epochs @param {string} settings of the column, which they have */
  constructor(count, epochs, settings) {
    this.seeds = seedsOf(count);
    this.epochs = epochs;
    this.settings = settings;
  }

  /** The seeds that are not done. @returns {string[]} */
  get left() {
    return this.seeds.filter(seed => !this.done.has(seed));
  }

  /** @param {number} seq */
  ask(seq) {
    this.#asked.add(seq);
  }

  /** @param {Seeded} seeded */
  take(seeded) {
    if (!this.#asked.has(seeded.seq)) return;
    if (seeded.done) this.done.set(seeded.seed, seeded);
    this.#epoch = seeded.done ? 0 : seeded.epoch;
  }

  /** The part that is done, from 0 to 1. */
  get share() {
    return Math.min(1, (this.done.size + this.#epoch / this.epochs) / this.seeds.length);
  }

  get diverged() {
    return [...this.done.values()].filter(({diverged}) => diverged).length;
  }

  /** The spread of a loss by epoch, over the seeds that are done. @param {number} column of the loss, from 0 */
  band(column) {
    return band(this.#histories, column);
  }

  get #histories() {
    return [...this.done.values()]
      .filter(({diverged}) => !diverged)
      .map(({history}) => /** @type {(number | null)[][]} */ (history));
  }

  /** The spread of a loss at the end, over those that have not diverged. @param {number} column */
  atEnd(column) {
    return spreadOf(this.#histories.map(history => history.at(-1)?.[column + 1]));
  }

  /** The spread of a result at the end. @param {string} name of the metric */
  metric(name) {
    const good = [...this.done.values()].filter(({diverged}) => !diverged);
    return spreadOf(good.map(({metrics}) => metrics[name]));
  }

  /** @returns {string[]} the results that all have */
  get metrics() {
    return Object.keys(this.done.values().next().value?.metrics ?? {});
  }
}

export const SPREAD_HEAD = ["Median", "Quartiles", "Least", "Most", "Seeds", "Diverged"];

/**
 * A row of the table of seeds, behind column and result.
 * @param {import("./statistics.js").Spread | null} spread
 * @param {number} diverged
 * @param {boolean} isShare
 */
export function spreadTexts(spread, diverged, isShare) {
  const say = (/** @type {number} */ value) => (isShare ? formatShare(value) : formatLoss(value));
  if (!spread) return ["–", "–", "–", "–", "0", formatCount(diverged)];
  const {median, first, third, low, high, count} = spread;
  return [
    say(median),
    `${say(first)} to ${say(third)}`,
    say(low),
    say(high),
    formatCount(count),
    formatCount(diverged),
  ];
}
