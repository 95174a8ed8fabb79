/** Says how training goes, in a sentence by the losses. The verdict and its figures come from the engine. */

/** @import {AnyCommand} from "../session/connection.js" */
/** @import {HealthWords} from "./lab.js" */

import {formatCount, formatLoss, formatShare} from "../drawing/format.js";

/**
 * The verdict as frames bring it: see docs/protocol.md.
 * @typedef {object} Health
 * @property {string} kind
 * @property {number} epoch
 * @property {string} cause
 * @property {Record<string, number>} figures
 * @property {AnyCommand | null} remedy
 */

/** @type {Record<string, (figures: Record<string, number>) => string>} */
const SENTENCES = {
  start: () => "Press play.",
  early: () => "Too early to tell.",
  learning: ({halved, fall = 0, epochs = 0}) =>
    halved
      ? `Learning: the training loss has halved in the last ${count(halved, "epoch")}.`
      : `Learning: the training loss has fallen by ${formatShare(fall)} in the last ${count(epochs, "epoch")}.`,
  slow: ({epochs = 0}) =>
    `Slow: the training loss has fallen by less than 1 % in the last ${count(epochs, "epoch")}.`,
  learnt: ({right}) =>
    right === undefined
      ? "Learnt: the outputs are close to the training points."
      : `Learnt${right < 0.97 ? ", as far as points that overlap allow" : ""}: ${formatShare(right)} of the training points are right.`,
  settled: ({epochs = 0}) =>
    `Settled: the training loss has not improved for ${count(epochs, "epoch")}.`,
  flat: ({epochs = 0}) =>
    `The training loss has fallen by less than 1 % in ${count(epochs, "epoch")}. It may still fall.`,
  jumping: ({above = 0, jump = 0}) =>
    above > jump
      ? `Unsteady: the training loss is ${formatShare(above)} above its best. The steps may be too large.`
      : `Jumping: the training loss changes by about ${formatShare(jump)} from one sample to the next.`,
  rising: ({times = 0}) =>
    `Rising: the training loss is ${times < 1000 ? formatCount(times) : times.toExponential(0)} times what it was.`,
  overfitting: ({since = 0, best = 0, now = 0}) =>
    `Overfitting since epoch ${formatCount(since)}: the test loss was ${formatLoss(best)} and is ${formatLoss(now)}.`,
  diverged: () => "Diverged: training has stopped.",
  stuck: ({epochs = 0}) => `Stuck for ${count(epochs, "epoch")}.`,
};

/** @param {Health} health @param {HealthWords["causes"]} causes */
export function sentence({kind, cause, figures}, causes) {
  const what = SENTENCES[kind]?.(figures) ?? "";
  const why = causes[cause]?.(figures);
  return why ? `${what} ${why}` : what;
}

/** So many of something, in words. @param {number} number @param {string} name */
export function count(number, name) {
  return `${formatCount(number)} ${name}${number === 1 ? "" : "s"}`;
}
