/** What the plane keeps in the state of the page: the neuron that is looked at, and the one that is pinned. */

/** @import {LabState} from "../../session/lab-state.js" */
/** @import {PageEvent} from "../../session/state.js" */
/** @import {DrawEvent} from "./draw/drawing.js" */
/** @import {Phase} from "./explain/phases.js" */
/** @import {Explaining, Looked, PlanePage, PlaneState, Surfacing, Unit} from "./page.js" */

import {NOT_DRAWING, reduceDrawing} from "./draw/drawing.js";
import {FIRST, phaseOf} from "./explain/phases.js";

/** @typedef {{type: "own", hover: Unit | null} | {type: "own", pin: Unit | null} | {type: "own", explain: Partial<Explaining>} | {type: "own", surface: Partial<Surfacing>} | DrawEvent} PlaneEvent */

/** @type {Looked} */
const NOTHING = {
  hovered: null,
  pinned: null,
  explain: {phase: FIRST, example: 0, chosen: 0, isChecked: false, place: null},
  surface: {zoom: 0, seed: 0, start: null, races: 0, read: null},
  draw: NOT_DRAWING,
};

/** @type {LabState} */
export const planeState = {first: NOTHING, reduce: reduceLooked, announce, divergedIn, stoppedBy};

/**
 * @param {Looked} looked
 * @param {PageEvent} event
 * @param {PlaneState | null} server
 * @returns {Looked}
 */
function reduceLooked(looked, event, server) {
  const draw = reduceDrawing(looked.draw, event, server);
  const next = reduceRest(looked, event, server);
  return draw === next.draw ? next : {...next, draw};
}

/**
 * @param {Looked} looked
 * @param {PageEvent} event
 * @param {PlaneState | null} server
 * @returns {Looked}
 */
function reduceRest(looked, event, server) {
  if (event.type === "own")
    return withEvent(looked, /** @type {PlaneEvent} */ (event), server?.view.explain !== "");
  if (event.type !== "state" || !server) return looked;
  const {explain} = opened(server);
  if (event.isOpened) return {...NOTHING, explain}; // another experiment has other neurons
  const next = rested(existing(looked, server.facts.shape));
  return looked.explain === NOTHING.explain && explain !== NOTHING.explain
    ? {...next, explain}
    : next;
}

/** What a link says of it. @param {PlaneState} server @returns {Looked} */
function opened({view}) {
  if (!view.explain || !view.phase) return NOTHING;
  return {...NOTHING, explain: {...NOTHING.explain, phase: phaseOf(view.phase)}};
}

/**
 * @param {Looked} looked
 * @param {PlaneEvent} event
 * @param {boolean} isExplained whether a step is explained
 * @returns {Looked}
 */
function withEvent(looked, event, isExplained) {
  if ("hover" in event) return {...looked, hovered: event.hover};
  if ("explain" in event) return {...looked, explain: {...looked.explain, ...event.explain}};
  if ("surface" in event) return {...looked, surface: {...looked.surface, ...event.surface}};
  if (!("pin" in event)) return looked;
  const pinned = sameUnit(looked.pinned, event.pin) ? null : event.pin;
  if (!isExplained || !event.pin) return {...looked, pinned};
  return {
    ...looked,
    pinned: event.pin,
    explain: {...looked.explain, phase: phaseAt(event.pin, looked)},
  };
}

/** A click on a neuron asks where its number comes from. @param {Unit} unit @param {Looked} looked @returns {Phase} */
function phaseAt({layer}, {explain: {phase}}) {
  if (phase.layer) return {kind: phase.kind, layer};
  return phase.kind === "gradient" || phase.kind === "update" ? phase : {kind: "forward", layer};
}

/** The probe has arrived where it was dragged to. @param {Looked} looked @returns {Looked} */
function rested(looked) {
  return looked.explain.place ? {...looked, explain: {...looked.explain, place: null}} : looked;
}

/**
 * Forget neurons whose layers are gone.
 * @param {Looked} looked
 * @param {readonly number[]} shape
 * @returns {Looked}
 */
function existing(looked, shape) {
  const exists = (/** @type {Unit | null} */ unit) =>
    unit && unit.neuron <= (shape[unit.layer] ?? 0) ? unit : null;
  const next = {...looked, hovered: exists(looked.hovered), pinned: exists(looked.pinned)};
  const isSame = next.hovered === looked.hovered && next.pinned === looked.pinned;
  return isSame ? looked : next;
}

/** @param {PlaneState} before @param {PlaneState} now */
function announce({facts: before}, {facts: {shape, parameter_count: count}}) {
  if (shape.join() === before.shape.join()) return "";
  return `Network ${shape.join("-")}, ${count} parameters`;
}

/** @param {PlaneState} server */
function divergedIn({divergence, facts: {shape}}) {
  const layer = divergence?.layer ?? 0;
  return layer === shape.length - 1 ? "the output" : `layer ${layer}`;
}

/** The set whose loss ended training; without test points the training set. @param {PlaneState} server */
function stoppedBy({settings: {stop_set: set, train_share: share}, facts: {is_fixed: isFixed}}) {
  return set === "train" || isFixed || share === 100 ? "training" : "test";
}

/**
 * The neuron that is looked at.
 * @param {PlanePage} state
 */
export function shownUnit(state) {
  const {hovered, pinned} = state.own;
  return hovered ?? pinned;
}

/**
 * The hidden neuron whose large picture is wanted, as the protocol names it.
 * @param {PlanePage} state
 * @returns {[number, number] | null}
 */
export function wantedFocus(state) {
  const unit = shownUnit(state);
  const shape = state.server?.facts.shape ?? [];
  const isOnlyOutput = unit?.layer === shape.length - 1 && shape.at(-1) === 1; // the large picture shows it anyway
  return unit && !isOnlyOutput ? [unit.layer, unit.neuron] : null;
}

/**
 * Whether a hidden neuron is switched off, by itself or with its layer; neuron 0 is the whole layer.
 * @param {readonly (readonly [number, number])[]} lesions
 * @param {Unit} unit
 */
export function isOff(lesions, {layer, neuron}) {
  return lesions.some(([l, n]) => l === layer && (n === 0 || n === neuron));
}

/**
 * The lesions with one more or one less, in the server's order.
 * @param {readonly (readonly [number, number])[]} lesions
 * @param {Unit} unit
 * @param {boolean} off
 * @returns {[number, number][]}
 */
export function withLesion(lesions, {layer, neuron}, off) {
  const others = lesions.filter(([l, n]) => l !== layer || n !== neuron);
  const all = off ? [...others, /** @type {const} */ ([layer, neuron])] : others;
  return all.map(([l, n]) => /** @type {[number, number]} */ ([l, n])).sort(byPlace);
}

/**
 * @param {[number, number]} a
 * @param {[number, number]} b
 */
function byPlace([layer, neuron], [otherLayer, otherNeuron]) {
  return layer - otherLayer || neuron - otherNeuron;
}

/**
 * @param {Unit | null} a
 * @param {Unit | null} b
 */
export function sameUnit(a, b) {
  return a?.layer === b?.layer && a?.neuron === b?.neuron;
}
