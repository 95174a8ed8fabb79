/** The phases of a training step, in the order in which they are gone through. */

/** @import {Head} from "./explanation.js" */

/** @typedef {"example" | "forward" | "loss" | "back" | "chain" | "gradient" | "update"} Kind */
/** `layer` is from 1, and 0 where a phase belongs to no layer. @typedef {{kind: Kind, layer: number}} Phase */

/** @type {Phase} */
export const FIRST = {kind: "example", layer: 0};

/**
 * Without a target a step ends with the answer.
 * @param {Head} head
 * @returns {Phase[]}
 */
export function phasesOf({layers, loss}) {
  const numbers = layers.map((_, i) => i + 1);
  const forward = numbers.map(layer => phase("forward", layer));
  if (!loss) return [FIRST, ...forward];
  const back = numbers.toReversed().map(layer => phase("back", layer));
  const chain = layers.length > 2 ? [phase("chain")] : [];
  return [FIRST, ...forward, phase("loss"), ...back, ...chain, phase("gradient"), phase("update")];
}

/** @param {Kind} kind @param {number} layer @returns {Phase} */
export function phase(kind, layer = 0) {
  return {kind, layer};
}

/** @param {Phase} a @param {Phase} b */
export function samePhase(a, b) {
  return a.kind === b.kind && a.layer === b.layer;
}

/**
 * Its place among the phases; of a phase that is not there any more, that of the nearest of its kind, or the first.
 * @param {readonly Phase[]} phases
 * @param {Phase} wanted
 */
export function placeOf(phases, wanted) {
  const place = phases.findIndex(each => samePhase(each, wanted));
  if (place >= 0) return place;
  const kind = phases.filter(each => each.kind === wanted.kind);
  const nearest = kind.toSorted(
    (a, b) => Math.abs(a.layer - wanted.layer) - Math.abs(b.layer - wanted.layer),
  )[0];
  return nearest ? phases.indexOf(nearest) : 0;
}

/** As links have it, "" for the first. @param {Phase} phase */
export function phaseText({kind, layer}) {
  if (kind === FIRST.kind) return "";
  return layer ? `${kind}-${layer}` : kind;
}

/** Of a link. @param {string} text @returns {Phase} */
export function phaseOf(text) {
  const [kind, layer] = text.split("-");
  return text ? phase(/** @type {Kind} */ (kind), Number(layer ?? 0)) : FIRST;
}

/** The phase in words. @param {Phase} phase @param {number} layers */
export function phaseName({kind, layer}, layers) {
  const name = layer === layers ? "the output" : `layer ${layer}`;
  switch (kind) {
    case "example":
      return "The point";
    case "forward":
      return `Forward: ${name}`;
    case "loss":
      return "The loss";
    case "back":
      return `Backward: δ of ${name}`;
    case "chain":
      return "The way back, layer by layer";
    case "gradient":
      return "The gradient";
    case "update":
      return "The step";
  }
}

/** The sign of a phase on its button. @param {Phase} phase @param {number} layers */
export function phaseSign({kind, layer}, layers) {
  const sign = layer === layers ? "out" : String(layer);
  const signs = {
    example: "x",
    forward: sign,
    loss: "E",
    back: `δ ${sign}`,
    chain: "chain",
    gradient: "∂E/∂w",
    update: "step",
  };
  return signs[kind];
}
