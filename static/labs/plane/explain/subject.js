/** What the open explanation is of, as the view's `explain` says it in links. */

/** @import {Points} from "../frame.js" */
/** @import {PlanePage, Unit} from "../page.js" */
/** @import {Explanation, Subject} from "./explanation.js" */
/** @import {Phase} from "./phases.js" */

import {within} from "../plane.js";
import {shownUnit} from "../state.js";

/** Null where nothing is explained. @param {string} text @returns {Subject | null} */
export function subjectOf(text) {
  if (!text) return null;
  if (text === "batch") return "batch";
  const [x = 0, y] = text.split(",").map(Number);
  return y === undefined ? x : [x, y];
}

/**
 * What a visitor types, as the view's `explain` has it: the number of a training point, or a place as x and y.
 * @param {string} text
 * @param {readonly [number, number]} [domain]
 * @returns {{value: string, fault: null} | {value: null, fault: string}}
 */
export function typedSubject(text, domain = [-6, 6]) {
  const parts = text
    .replaceAll(/[\u2010-\u2015\u2212]/g, "-")
    .trim()
    .split(/[\s,;]+/);
  const [first = Number.NaN, second] = parts.map(part => (part ? Number(part) : Number.NaN));
  if (parts.length === 1 && Number.isInteger(first) && first >= 1 && first <= 9999)
    return {value: String(first), fault: null};
  if (parts.length === 2 && Number.isFinite(first) && Number.isFinite(second))
    return {value: within(first, second ?? 0, domain).join(), fault: null};
  return {
    value: null,
    fault: "Type the number of a training point, as 12, or a place, as 1.5, -2.",
  };
}

/** While a place is dragged that, else what the view says. @param {PlanePage} state @returns {Subject | null} */
export function subjectShown({server, own}) {
  const subject = subjectOf(server?.view.explain ?? "");
  return subject && own.explain.place ? [own.explain.place[0], own.explain.place[1]] : subject;
}

/**
 * The place of the point that is explained, in the plane.
 * @param {Explanation["head"]} head
 * @param {Points | null} points
 * @returns {[number, number] | null}
 */
export function placeOfPoint({of, numbers, example, refused}, points) {
  if (refused) return null;
  if (Array.isArray(of)) return of;
  const first = 3 * ((numbers?.[example] ?? 0) - 1);
  const [x, y] = [points?.train[first], points?.train[first + 1]];
  return x === undefined || y === undefined ? null : [x, y];
}

/**
 * The unit whose numbers are shown in a phase: that under the pointer, else the pinned one of the phase's layer, else
 * its first. Where a phase belongs to no layer it is the one that is looked at, or the output.
 * @param {PlanePage} state
 * @returns {Unit}
 */
export function unitShown(state) {
  const {hovered, pinned, explain} = state.own;
  const shape = state.server?.facts.shape ?? [];
  const {layer} = explain.phase;
  if (!layer) return shownUnit(state) ?? {layer: shape.length - 1, neuron: 1};
  if (hovered) return hovered;
  if (pinned?.layer === layer) return pinned;
  return {layer: Math.min(layer, shape.length - 1), neuron: 1};
}

/** The phase as it is shown: of the layer of the unit that is looked at. @param {PlanePage} state @returns {Phase} */
export function phaseShown(state) {
  const {phase} = state.own.explain;
  return phase.layer ? {kind: phase.kind, layer: unitShown(state).layer} : phase;
}

/** Whether numbers are shown at once: only while it trains by itself they would flicker. @param {PlanePage} state */
export function isAtOnce({server, own}) {
  return !server?.playing || own.explain.place !== null;
}
