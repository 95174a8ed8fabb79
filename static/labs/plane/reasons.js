/** Says below a control why it does nothing: because it cannot be used now, or because it has no effect. */

/** @import {PlaneState} from "./page.js" */

import {byId} from "../../shell/elements.js";
import {say} from "../../shell/words-below.js";

/** @typedef {{idle: string, note?: undefined} | {idle?: undefined, note: string} | null} Reason idle: it is disabled */

/**
 * Each control that may be of no use, and why it has none at the moment; null if it has.
 * @type {Record<string, (server: PlaneState) => Reason>}
 */
export const REASONS = {
  loss: ({facts: {problem, classes}}) => {
    if (problem === "regression") return {idle: "regression uses squared error"};
    return classes > 2 ? {idle: `${classes} classes use softmax`} : null;
  },
  classes: ({facts: {problem, most_classes}}) => {
    if (problem === "regression") return {idle: "regression has no classes"};
    return most_classes > 2 ? null : {idle: "these data have two classes"};
  },
  "label-smoothing": ({facts: {objective}}) =>
    objective === "squared-error" ? {idle: "needs cross-entropy"} : null,
  momentum: ({settings: {method}}) => {
    const name = {sgd: "gradient descent", adagrad: "AdaGrad", rmsprop: "RMSprop"}[String(method)];
    return name ? {idle: `not used by ${name}`} : null;
  },
  "schedule-epochs": ({settings: {schedule}}) =>
    schedule === "constant" ? {idle: "the rate is constant"} : null,
  "regularization-rate": ({settings: {regularization, regularization_rate}}) => {
    if (regularization === "none")
      return regularization_rate ? {note: "no L1 or L2: no effect"} : null;
    return regularization_rate ? null : {note: "rate is 0: no effect"};
  },
};

/** @param {PlaneState} server */
export function showReasons(server) {
  for (const [id, reasonFor] of Object.entries(REASONS)) {
    const control = byId(id, HTMLSelectElement);
    const reason = reasonFor(server);
    control.disabled = reason?.idle !== undefined;
    say(control, reason?.idle ?? reason?.note ?? "");
  }
}
