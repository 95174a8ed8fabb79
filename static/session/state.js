/** What the page shows beside the frames, and how it changes: `reduce(state, event)` gives the next. */

/** @import {Limits, Rejected, State, Welcome} from "./plane-state.js" */

import {formatCount, formatLoss, formatShare} from "../drawing/format.js";

/** @typedef {"connecting" | "open" | "lost" | "outdated" | "replaced" | "full" | "restart"} Connection */
/** A neuron by layer and place, both from 1; the output is the neuron of the layer after the last hidden one.
 * @typedef {{layer: number, neuron: number}} Unit */
/** @typedef {{text: string, action: "none" | "diverged" | "stopped" | "failed" | "better" | "offline" | "link"}} Notice */

/**
 * @typedef {object} PageState
 * @property {Connection} connection
 * @property {number} retryAt when the next try to connect is, by Date.now; 0 for none
 * @property {Limits | null} limits
 * @property {State | null} server the experiment, as the server last told it
 * @property {Unit | null} hovered
 * @property {Unit | null} pinned
 * @property {Notice | null} notice
 * @property {string} announcement for screen readers
 */

/**
 * @typedef {{type: "connection", connection: Connection, retryAt: number}
 *   | {type: "welcome", limits: Limits, resumed: Welcome["resumed"], age: number, expected: boolean}
 *   | {type: "state", server: State, isOpened?: boolean}
 *   | {type: "rejected", rejected: Rejected}
 *   | {type: "opened", repairs: readonly string[]}
 *   | {type: "offline"}
 *   | {type: "announce", text: string}
 *   | {type: "dismiss"}
 *   | {type: "hover", unit: Unit | null}
 *   | {type: "pin", unit: Unit | null}} PageEvent
 */

/** @type {PageState} */
export const FIRST = {
  connection: "connecting",
  retryAt: 0,
  limits: null,
  server: null,
  hovered: null,
  pinned: null,
  notice: null,
  announcement: "",
};

/**
 * @param {PageState} state
 * @param {PageEvent} event
 * @returns {PageState}
 */
export function reduce(state, event) {
  switch (event.type) {
    case "connection":
      return {...state, connection: event.connection, retryAt: event.retryAt};
    case "welcome":
      return welcomed(
        {...withoutNotice(state, "offline"), connection: "open", limits: event.limits},
        event,
      );
    case "state":
      return withServer(event.isOpened ? withoutUnits(state) : state, event.server);
    case "rejected":
      return withNotice(state, explain(event.rejected));
    case "opened":
      return withNotice(state, `The link was repaired. ${event.repairs.join("; ")}.`, "link");
    case "offline":
      return withNotice(state, "Not connected: nothing was changed.", "offline");
    case "announce":
      return say(state, event.text);
    case "dismiss":
      return {...state, notice: null};
    case "hover":
      return {...state, hovered: event.unit};
    case "pin":
      return {...state, pinned: sameUnit(state.pinned, event.unit) ? null : event.unit};
  }
}

/**
 * Another experiment has been opened: its neurons are others.
 * @param {PageState} state
 * @returns {PageState}
 */
function withoutUnits(state) {
  return {...state, hovered: null, pinned: null};
}

/**
 * What the page got is said wherever it is not simply what was there.
 * @param {PageState} state
 * @param {{resumed: Welcome["resumed"], age: number, expected: boolean}} event `expected`: it had a session before
 */
function welcomed(state, {resumed, age, expected}) {
  if (resumed === "checkpoint")
    return withNotice(state, `The server was away. This is the network as it was ${ago(age)}.`);
  if (resumed === "copy")
    return withNotice(state, "This tab is a copy and now has a network of its own.");
  if (resumed === "none" && expected)
    return withNotice(
      state,
      "The server no longer has the network of this tab, so a new one begins.",
    );
  return expected ? say(state, "Connected again") : state;
}

/** @param {number} seconds */
function ago(seconds) {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s ago`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} minutes ago`;
  return `${Math.round(seconds / 3600)} hours ago`;
}

/**
 * The neuron that is looked at.
 * @param {PageState} state
 */
export function shownUnit(state) {
  return state.hovered ?? state.pinned;
}

/**
 * The hidden neuron whose large picture is wanted, as the protocol names it.
 * @param {PageState} state
 * @returns {[number, number] | null}
 */
export function wantedFocus(state) {
  const unit = shownUnit(state);
  const shape = state.server?.shape ?? [];
  const isOnlyOutput = unit?.layer === shape.length - 1 && shape.at(-1) === 1; // it is the large picture
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

/**
 * @param {PageState} state
 * @param {State} server
 * @returns {PageState}
 */
function withServer(state, server) {
  const exists = (/** @type {Unit | null} */ unit) =>
    unit && unit.neuron <= (server.shape[unit.layer] ?? 0) ? unit : null;
  const next = {
    ...state,
    server,
    hovered: exists(state.hovered),
    pinned: exists(state.pinned),
    notice: noticeOf(state, server),
  };
  const text = announce(state.server, server);
  return text ? say(next, text) : next;
}

/**
 * @param {PageState} state
 * @param {State} server
 * @returns {Notice | null}
 */
function noticeOf(state, server) {
  if (server.failed) return {text: FAILED, action: "failed"};
  if (server.stop)
    return {
      text: stopped(server, server.stop),
      action: server.best_epoch === null ? "stopped" : "better",
    };
  if (!server.divergence) {
    const over = /** @type {const} */ (["failed", "diverged", "stopped", "better"]);
    const rest = over.reduce(withoutNotice, state);
    return server.link === state.server?.link ? rest.notice : withoutNotice(rest, "link").notice;
  }
  const text =
    `Training diverged after step ${formatCount(server.divergence.step)}: the numbers became too large. ` +
    `The largest weight, ${server.divergence.largest.toExponential(1)}, is in ${layerName(server)}. ` +
    `A learning rate below ${server.settings.learning_rate} or clipped gradients usually help. ` +
    "Both continue from the last good weights.";
  return {text, action: "diverged"};
}

const FAILED =
  "An error on the server stopped this network. Press Reset, or open another experiment.";

/** @type {Record<import("./protocol.js").Stop["reason"], (stop: import("./protocol.js").Stop, set: string, since: string) => string>} */
const STOPS = {
  epochs: () => "you set it to stop here",
  loss: ({value}, set) => `the ${set} loss has fallen to ${formatLoss(value)}`,
  accuracy: ({value}, set) =>
    `the ${set} accuracy has risen to ${formatShare(value ?? Number.NaN)}`,
  plateau: ({value}, set, since) =>
    value === null
      ? `the ${set} loss has overflowed`
      : `the ${set} loss has not improved on ${formatLoss(value)} ${since}`,
};

/**
 * @param {State} server
 * @param {import("./protocol.js").Stop} stop
 */
function stopped({settings, best_epoch, is_fixed}, stop) {
  const isTraining = settings.stop_set === "train" || is_fixed || settings.train_share === 100;
  const set = isTraining ? "training" : "test";
  const since =
    best_epoch === null
      ? `for ${formatCount(settings.stop_plateau ?? 0)} epochs`
      : `since epoch ${formatCount(best_epoch)}`;
  return `Training stopped at epoch ${formatCount(stop.epoch)}: ${STOPS[stop.reason](stop, set, since)}. Press Play to continue.`;
}

/** The layer in which a weight has grown largest. @param {State} server */
function layerName({divergence, shape}) {
  const layer = divergence?.layer ?? 0;
  return layer === shape.length - 1 ? "the output" : `layer ${layer}`;
}

/**
 * @param {State | null} before
 * @param {State} now
 */
function announce(before, now) {
  if (now.failed && !before?.failed) return FAILED;
  if (now.divergence && !before?.divergence) return "Training diverged and stopped.";
  if (now.stop && !before?.stop) return stopped(now, now.stop);
  if (before && now.playing !== before.playing) return now.playing ? "Playing" : "Paused";
  if (before && now.shape.join() !== before.shape.join())
    return `Network ${now.shape.join("-")}, ${now.parameter_count} parameters`;
  return "";
}

/**
 * @param {PageState} state
 * @param {string} text
 * @param {Notice["action"]} action
 * @returns {PageState}
 */
function withNotice(state, text, action = "none") {
  return say({...state, notice: {text, action}}, text);
}

/**
 * @param {PageState} state
 * @param {Notice["action"]} action what the notice was about, which is over
 * @returns {PageState}
 */
function withoutNotice(state, action) {
  return state.notice?.action === action ? {...state, notice: null} : state;
}

/**
 * A screen reader says only what changes: the same words once more need another character.
 * @param {PageState} state
 * @param {string} text
 * @returns {PageState}
 */
function say(state, text) {
  return {...state, announcement: text === state.announcement ? `${text}\u00a0` : text};
}

/** @param {Rejected} rejected */
function explain({field, came, expected}) {
  const subject = field ? `${field.replaceAll("_", " ")}: ` : "";
  return `${subject}${came} came, expected ${expected}`;
}
