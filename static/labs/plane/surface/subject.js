/** What the open surface is over, as the view's `surface` says it in links, and what the engine is asked for. */

/** @import {PlanePage, Surfacing} from "../page.js" */
/** @import {Head, Kind} from "./surface.js" */

/** @typedef {{of: Kind, weights: [number, number]}} Subject */

export const KINDS = /** @type {const} */ (["weights", "weight", "gradient", "path", "random"]);

/** Null where no surface is open. @param {string} text @returns {Subject | null} */
export function subjectOf(text) {
  const [of, first = "0", second = "1"] = text.split(",");
  const kind = KINDS.find(each => each === of);
  return kind ? {of: kind, weights: [Number(first), Number(second)]} : null;
}

/** @param {Subject} subject */
export function textOf({of, weights}) {
  if (of === "weights") return `weights,${weights.join()}`;
  return of === "weight" ? `weight,${weights[0]}` : of;
}

/**
 * With another weight: of two the one that was chosen longer ago goes.
 * @param {Subject} subject
 * @param {number} index
 * @returns {Subject}
 */
export function withWeight({of, weights}, index) {
  if (of === "weight") return {of, weights: [index, weights[1]]};
  if (weights.includes(index)) return {of, weights};
  return {of, weights: [weights[1], index]};
}

/**
 * @param {Subject | null} subject
 * @param {Surfacing} surfacing
 */
export function wishOf(subject, {zoom, seed, start, races}) {
  if (!subject) return {of: null};
  const {of} = subject;
  const weights = /** @type {[number, number]} */ (subject.weights.map(Number));
  return {
    of,
    weights:
      of === "weights" || of === "weight" ? weights : /** @type {[number, number]} */ ([0, 1]),
    zoom,
    seed,
    start: of === "weights" && start ? /** @type {[number, number]} */ ([...start]) : null,
    races,
  };
}

/** Whether a frame's surface is the one that is open: another may be on its way. @param {Head} head @param {PlanePage} state */
export function answers(head, {server}) {
  const subject = subjectOf(server?.view.surface ?? "");
  if (subject?.of !== head.of) return false;
  if (subject.of === "weight") return subject.weights[0] === head.weights[0];
  return subject.of !== "weights" || String(subject.weights) === String(head.weights);
}
