/** What is on the pad and what is looked at: what the digits lab keeps in the state of the page. */

/** @import {LabState} from "../../session/lab-state.js" */
/** @import {PageEvent, State} from "../../session/state.js" */
/** @import {DigitsState, Layer, Linked, Own, Pad, Placing, TwinName} from "./page.js" */

import {formatCount} from "../../drawing/format.js";
import {inkOf, inkText} from "./ink-text.js";

/** @typedef {{type: "own", pad?: Partial<Pad>, cell?: Own["cell"], unit?: number, pixel?: Own["pixel"], isPinned?: boolean, pen?: Own["pen"], pair?: Own["pair"]}} DigitsEvent */

/** @type {Placing} */
export const IN_PLACE = {move: [0, 0], turn: 0, scale: 1};

/** An empty pad, as no link has it. @type {Linked} */
const NOTHING = {test_digit: 0, right: 0, down: 0, turn: 0, size: 100, ink: ""};

/** @type {Own} */
const FIRST = {
  pad: {...IN_PLACE, ink: null, digit: null, tool: "pen", isExample: false},
  pen: null,
  cell: null,
  pair: null,
  unit: 1,
  pixel: null,
  isPinned: false,
};

/** @type {LabState} */
export const digitsState = {
  first: FIRST,
  reduce: (own, event, server) => reduceOwn(/** @type {Own} */ (own), event, known(server)),
  announce: (before, now) => announce(known(before), known(now)),
  divergedIn: ({divergence}) => `layer ${divergence?.layer ?? 0}`,
  stoppedBy: server => (known(server)?.settings.stop_set === "train" ? "training" : "test"),
};

/** @param {State | null} server */
function known(server) {
  return /** @type {DigitsState | null} */ (/** @type {unknown} */ (server));
}

/**
 * A drawing stays through every change of the experiment; what is looked at goes with its layer.
 * @param {Own} own
 * @param {PageEvent} event
 * @param {DigitsState | null} server
 * @returns {Own}
 */
function reduceOwn(own, event, server) {
  if (event.type === "own") return withEvent(own, /** @type {DigitsEvent} */ (event));
  if (event.type !== "state" || !server) return own;
  const pad = takenPad(own.pad, server, event.isOpened === true);
  if (event.isOpened) return {...FIRST, pad};
  if (pad !== own.pad) return {...own, pad};
  return own.unit <= (layerInside(server)?.units ?? 0)
    ? own
    : {...own, unit: 1, pixel: null, isPinned: false};
}

/**
 * The link's drawing or digit, when a link is opened, or when the page begins.
 * @param {Pad} pad
 * @param {DigitsState} server
 * @param {boolean} isOpened
 * @returns {Pad}
 */
function takenPad(pad, {view}, isOpened) {
  const begins = pad === FIRST.pad || pad.isExample;
  const linked = isOpened || begins ? padOf(view) : null;
  return linked ? {...linked, isExample: false} : pad;
}

/**
 * A pixel goes with its filter, unless it is kept.
 * @param {Own} own
 * @param {DigitsEvent} event
 * @returns {Own}
 */
function withEvent(own, {type: _, pad, ...others}) {
  const isOther = others.unit !== undefined && others.unit !== own.unit;
  const pixel = isOther && !own.isPinned ? null : own.pixel;
  const pen = pad?.tool === "hand" ? null : own.pen; // with the hand, keys move the digit
  const next = {...own, pixel, pen, ...others, ...(pad && {pad: withPad(own.pad, pad)})};
  return next.pixel ? next : {...next, isPinned: false};
}

/** What a visitor has chosen, drawn or moved is an example no more. @param {Pad} before @param {Partial<Pad>} pad */
function withPad(before, pad) {
  return {
    ...before,
    isExample: before.isExample && Object.keys(pad).every(name => name === "tool"),
    ...pad,
  };
}

/** The network that is looked into. @param {DigitsState} server @returns {TwinName} */
export function inside({view}) {
  return view.inside_plain ? "plain" : "convolutional";
}

/** The layer of it that is shown, from 1: a view may name none, or one that is no longer there. @param {DigitsState} server */
export function layerShown(server) {
  return Math.min(Math.max(server.view.layer, 1), server.facts[inside(server)].length);
}

/** @param {DigitsState} server @returns {Layer | undefined} */
export function layerInside(server) {
  return server.facts[inside(server)][layerShown(server) - 1];
}

/**
 * The layer of the other network that is like it: outputs beside outputs, else the same number where it has one; 0 for
 * none, as a view has it.
 * @param {DigitsState} server
 * @param {TwinName} other
 */
export function layerAcross(server, other) {
  const last = server.facts[other].length;
  return kindOf(server) === "output" ? last : Math.min(server.view.layer, Math.max(last - 1, 1));
}

/** What that layer has; the last one has an output for each digit. @param {DigitsState} server */
export function kindOf(server) {
  if (layerShown(server) === server.facts[inside(server)].length) return "output";
  return layerInside(server)?.kind === "convolution" ? "filter" : "unit";
}

/**
 * A filter or unit of that layer by name, as in “Layer 2 unit 3”.
 * @param {DigitsState} server
 * @param {number} unit from 1
 */
export function unitName(server, unit) {
  const kind = kindOf(server);
  return kind === "output"
    ? `Output for digit ${unit - 1}`
    : `Layer ${layerShown(server)} ${kind} ${unit}`;
}

/** Whether a unit of that layer is switched off. @param {DigitsState} server @param {number} unit from 1 */
export function isUnitOff(server, unit) {
  const {plain_off: plain, convolutional_off: convolutional} = server.settings;
  return has({plain, convolutional}[inside(server)], layerShown(server), unit);
}

/** Whether its weights were edited, and can be restored. @param {DigitsState} server @param {number} unit from 1 */
export function isUnitEdited(server, unit) {
  const {plain_edited: plain, convolutional_edited: convolutional} = server.facts;
  return has({plain, convolutional}[inside(server)], layerShown(server), unit);
}

/** @param {readonly import("./page.js").Place[]} places @param {number} layer @param {number} unit */
function has(places, layer, unit) {
  return places.some(([l, u]) => l === layer && u === unit);
}

/** Whether the digits that excite this unit of the layer most are wanted. @param {DigitsState} server @param {number} unit */
export function isStudied(server, unit) {
  return String(server.focus) === String([layerShown(server), unit]);
}

/** An empty pad has no answer. @param {Pick<Pad, "ink" | "digit">} pad */
export function isEmpty({ink, digit}) {
  return digit === null && !ink?.some(Boolean);
}

/** Nobody has chosen an example. @param {Pad} pad @returns {Linked} */
export function linkedOf(pad) {
  if (isEmpty(pad) || pad.isExample) return NOTHING;
  const {digit, ink, move, turn, scale} = pad;
  return {
    test_digit: digit === null ? 0 : digit + 1,
    right: move[0],
    down: move[1],
    turn,
    size: Math.round(scale * 100),
    ink: digit === null && ink ? inkText(ink) : "",
  };
}

/** What a link has put on the pad; null for nothing. @param {Linked} linked @returns {Omit<Pad, "isExample"> | null} */
export function padOf({test_digit, right, down, turn, size, ink}) {
  if (!ink && !test_digit) return null;
  return {
    ink: ink ? inkOf(ink) : null,
    digit: ink ? null : test_digit - 1,
    move: [right, down],
    turn,
    scale: size / 100,
    tool: ink ? "pen" : "hand",
  };
}

/** Whether two pads show networks the same image. @param {Pad} a @param {Pad} b */
export function sameImage(a, b) {
  return a.ink === b.ink && a.digit === b.digit && samePlacing(a, b);
}

/** @param {Placing} a @param {Placing} b */
export function samePlacing(a, b) {
  return String(a.move) === String(b.move) && a.turn === b.turn && a.scale === b.scale;
}

/**
 * @param {DigitsState | null} before
 * @param {DigitsState | null} now
 */
function announce(before, now) {
  if (!before || !now) return "";
  const changed = /** @type {const} */ (["plain", "convolutional"]).filter(
    twin => parametersOf(before, twin) !== parametersOf(now, twin),
  );
  return changed
    .map(twin => `${TWIN_TITLES[twin]}: ${formatCount(parametersOf(now, twin))} parameters`)
    .join(". ");
}

/** @param {DigitsState} server @param {TwinName} twin */
export function parametersOf({facts}, twin) {
  return twin === "plain" ? facts.plain_parameters : facts.convolutional_parameters;
}

/** In the order of what the server sends of both. */
export const TWINS = /** @type {const} */ (["plain", "convolutional"]);

export const TWIN_TITLES = {plain: "Plain network", convolutional: "Convolutional network"};
