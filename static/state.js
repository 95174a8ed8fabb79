/** What the page shows beside the frames, and how it changes: `reduce(state, event)` gives the next. */

/** @import {Limits, Rejected, State} from "./protocol.js" */

/** @typedef {"connecting" | "open" | "lost" | "outdated" | "replaced" | "full"} Connection */
/** A neuron by layer and place, both from 1; the output is the neuron of the layer after the last hidden one.
 * @typedef {{layer: number, neuron: number}} Unit */
/** @typedef {{text: string, action: "none" | "diverged" | "offline" | "link"}} Notice */

/**
 * @typedef {object} PageState
 * @property {Connection} connection
 * @property {Limits | null} limits
 * @property {State | null} server the experiment, as the server last told it
 * @property {Unit | null} hovered
 * @property {Unit | null} pinned
 * @property {boolean} logEpoch of the loss chart
 * @property {boolean} logLoss
 * @property {Notice | null} notice
 * @property {string} announcement for screen readers
 */

/**
 * @typedef {{type: "connection", connection: Connection}
 *   | {type: "welcome", limits: Limits}
 *   | {type: "state", server: State}
 *   | {type: "rejected", rejected: Rejected}
 *   | {type: "opened", repairs: readonly string[]}
 *   | {type: "offline"}
 *   | {type: "announce", text: string}
 *   | {type: "dismiss"}
 *   | {type: "hover", unit: Unit | null}
 *   | {type: "pin", unit: Unit | null}
 *   | {type: "toggle", name: "logEpoch" | "logLoss"}} PageEvent
 */

/** @type {PageState} */
export const FIRST = {
  connection: "connecting",
  limits: null,
  server: null,
  hovered: null,
  pinned: null,
  logEpoch: true,
  logLoss: false,
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
      return {...state, connection: event.connection};
    case "welcome":
      return {...withoutNotice(state, "offline"), connection: "open", limits: event.limits};
    case "state":
      return withServer(state, event.server);
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
    case "toggle":
      return {...state, [event.name]: !state[event.name]};
  }
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
  const hidden = state.server ? state.server.shape.length - 2 : 0;
  return unit && unit.layer <= hidden ? [unit.layer, unit.neuron] : null;
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
  if (!server.divergence) {
    const rest = withoutNotice(state, "diverged");
    return server.link === state.server?.link ? rest.notice : withoutNotice(rest, "link").notice;
  }
  const text =
    `Training diverged after step ${server.divergence.step.toLocaleString("en-US")}: ${layerName(server)} has a weight of ` +
    `${server.divergence.largest.toExponential(1)}, and the loss left the finite numbers. A lower learning rate than ` +
    `${server.settings.learning_rate} or clipped gradients usually help; both go on from the last good weights.`;
  return {text, action: "diverged"};
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
  if (now.divergence && !before?.divergence) return "Training diverged and stopped.";
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
