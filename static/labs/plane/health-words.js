/** Says why a network is stuck, and names the one step that is worth a try. */

/** @import {PlaneState} from "./page.js" */
/** @import {Health} from "../../shell/health.js" */
/** @import {HealthWords} from "../../shell/lab.js" */

import {formatLoss, formatShare} from "../../drawing/format.js";
import {count} from "../../shell/health.js";

/** @type {HealthWords["causes"]} */
export const CAUSES = {
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

/** The first of these that a remedy changes names it. @type {[string, (value: any, server: PlaneState) => string][]} */
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

/**
 * The text of the button that sends the remedy; "" if there is none, or if a lesson hides its control.
 * @param {Health} health
 * @param {PlaneState} server
 */
function tryName({remedy}, server) {
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

/** @type {HealthWords} */
export const healthWords = {causes: CAUSES, tryName};
