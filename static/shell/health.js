/** How training goes, in a sentence by the losses, and one step to try. The verdict and its figures are the engine's. */

/** @import {AddLayer, Change, State} from "../session/plane-state.js" */

import {formatCount, formatLoss, formatShare} from "../drawing/format.js";

/**
 * As frames bring it: see docs/protocol.md.
 * @typedef {object} Health
 * @property {string} kind
 * @property {number} epoch
 * @property {string} cause
 * @property {Record<string, number>} figures
 * @property {Omit<Change, "seq"> | Omit<AddLayer, "seq"> | null} remedy
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

/** Why it is stuck. @type {Record<string, (figures: Record<string, number>) => string>} */
const CAUSES = {
  inputs: () => "No input is on.",
  symmetric: ({layer = 1}) =>
    `All neurons of layer ${layer} have the same weights, so they learn the same.`,
  dead: ({layer = 1, share = 0}) =>
    `${formatShare(share)} of the ReLU units in layer ${layer} are zero for every point.`,
  vanishing: ({share = 0}) => `Layer 1 gets ${share.toExponential(0)} of the output’s gradient.`,
  rate: ({move = 0}) =>
    move
      ? `A step moves the weights by ${move.toExponential(0)} of their size.`
      : "A step moves no weight.",
  saturated: ({layer = 1, share = 0}) =>
    `${formatShare(share)} of the values in layer ${layer} are where the activation is flat.`,
  linear: () => "A linear model cannot fit these points.",
  regularization: ({weight = 0}) => `The penalty holds the weights at ${formatLoss(weight)}.`,
  size: ({neurons = 0}) => `Perhaps ${count(neurons, "neuron")} are too few.`,
};

/** Settings of a remedy, the first that is there names it. @type {[string, (value: any, server: State) => string][]} */
const TRIES = [
  ["inputs", () => "Switch X₁ and X₂ on"],
  ["hidden", value => `Try ${count(sum(value), "neuron")}`],
  ["learning_rate", value => `Try a rate of ${value}`],
  ["batch_norm", () => "Try batch norm"],
  ["connections", () => "Try residual links"],
  ["initialization", () => "Try Xavier’s weights"],
  ["weight_decay", value => (value ? "Try weight decay" : "Try without decay")],
  [
    "regularization",
    (value, {settings}) =>
      value === "none" ? `Try without ${settings.regularization}` : `Try ${value}`,
  ],
  ["activation", value => (value === "leaky-relu" ? "Try leaky ReLU" : `Try ${value}`)],
];

/** @param {Health} health */
export function sentence({kind, cause, figures}) {
  const what = SENTENCES[kind]?.(figures) ?? "";
  const why = CAUSES[cause]?.(figures);
  return why ? `${what} ${why}` : what;
}

/**
 * What the button says that sends the remedy; nothing where there is none, or where a lesson hides its control.
 * @param {Health} health
 * @param {State} server
 */
export function tryName({remedy}, server) {
  const hidden = new Set(server.view.hide ?? []);
  if (remedy?.type === "add-layer")
    return hidden.has("hidden") ? "" : `Add a layer of ${remedy.neurons}`;
  if (remedy?.type !== "change") return "";
  const settings = /** @type {Record<string, unknown>} */ (remedy.settings);
  const isHidden = Object.keys(settings).some(name =>
    hidden.has(name === "hidden" ? "neurons" : name),
  );
  const [name = "", say] = TRIES.find(([key]) => key in settings) ?? [];
  return isHidden || !say ? "" : say(settings[name], server);
}

/** @param {number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

/** @param {number} number @param {string} name */
function count(number, name) {
  return `${formatCount(number)} ${name}${number === 1 ? "" : "s"}`;
}
