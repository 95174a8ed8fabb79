/** What the page shows beside the frames, and how it changes: `reduce(state, event)` gives the next. */

/** @import {LabState} from "./lab-state.js" */
/** @import {Rejected, State as Told, Welcome} from "./protocol.js" */

import {formatCount, formatLoss, formatShare} from "../drawing/format.js";

/** What the view of every lab has. @typedef {{hide: string[], hide_text: boolean, lesson: string, log_loss: boolean, log_epoch: boolean, [name: string]: unknown}} View */
/** @typedef {Omit<Told, "view"> & {view: View}} State */
/** What the server allows. @typedef {Welcome["limits"]} Limits */
/** @typedef {"connecting" | "open" | "lost" | "outdated" | "replaced" | "full" | "restart"} Connection */
/** @typedef {{text: string, action: "none" | "diverged" | "stopped" | "failed" | "better" | "offline" | "link"}} Notice */

/**
 * @typedef {object} PageState
 * @property {Connection} connection
 * @property {number} retryAt when the next try to connect is, by Date.now; 0 for none
 * @property {Limits | null} limits
 * @property {State | null} server the experiment, as the server last told it
 * @property {Notice | null} notice
 * @property {string} announcement for screen readers
 * @property {unknown} own what the lab keeps beside that: only the lab knows its type
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
 *   | {type: "own", [name: string]: unknown}} PageEvent own: of a lab, to which the shell has nothing to say
 */

/**
 * The state of a page that has just been loaded.
 * @param {LabState} lab
 * @returns {PageState}
 */
export function firstState(lab) {
  return {
    connection: "connecting",
    retryAt: 0,
    limits: null,
    server: null,
    notice: null,
    announcement: "",
    own: lab.first,
  };
}

/**
 * @param {PageState} state
 * @param {PageEvent} event
 * @param {LabState} lab
 * @returns {PageState}
 */
export function reduce(state, event, lab) {
  const next = reduceShared(state, event, lab);
  const own = lab.reduce(state.own, event, next.server);
  return own === next.own ? next : {...next, own};
}

/**
 * @param {PageState} state
 * @param {PageEvent} event
 * @param {LabState} lab
 * @returns {PageState}
 */
function reduceShared(state, event, lab) {
  switch (event.type) {
    case "connection":
      return {...state, connection: event.connection, retryAt: event.retryAt};
    case "welcome":
      return welcomed(
        {...withoutNotice(state, "offline"), connection: "open", limits: event.limits},
        event,
      );
    case "state":
      return withServer(state, event.server, lab);
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
    case "own":
      return state;
  }
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
 * @param {PageState} state
 * @param {State} server
 * @param {LabState} lab
 * @returns {PageState}
 */
function withServer(state, server, lab) {
  const next = {...state, server, notice: noticeOf(state, server, lab)};
  const text = announce(state.server, server, lab);
  return text ? say(next, text) : next;
}

/**
 * @param {PageState} state
 * @param {State} server
 * @param {LabState} lab
 * @returns {Notice | null}
 */
function noticeOf(state, server, lab) {
  if (server.failed) return {text: FAILED, action: "failed"};
  if (server.stop)
    return {
      text: stopped(server, server.stop, lab),
      action: server.best_epoch === null ? "stopped" : "better",
    };
  if (!server.divergence) {
    const over = /** @type {const} */ (["failed", "diverged", "stopped", "better"]);
    const rest = over.reduce(withoutNotice, state);
    return server.link === state.server?.link ? rest.notice : withoutNotice(rest, "link").notice;
  }
  const text =
    `Training diverged after step ${formatCount(server.divergence.step)}: the numbers became too large. ` +
    `The largest weight, ${server.divergence.largest.toExponential(1)}, is in ${lab.divergedIn(server)}. ` +
    `A learning rate below ${server.settings.learning_rate} or clipped gradients usually help. ` +
    "Both continue from the last good weights.";
  return {text, action: "diverged"};
}

const FAILED =
  "An error on the server stopped this network. Press Reset, or open another experiment.";

/** @type {Record<import("./protocol.js").Stop["reason"], (stop: import("./protocol.js").Stop, set: string, since: string) => string>} */
const STOPS = {
  epochs: () => "“Stop at epoch” is set to that",
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
 * @param {LabState} lab
 */
function stopped(server, stop, lab) {
  const {settings, best_epoch} = server;
  const set = lab.stoppedBy(server);
  const since =
    best_epoch === null
      ? `for ${formatCount(Number(settings.stop_plateau ?? 0))} epochs`
      : `since epoch ${formatCount(best_epoch)}`;
  return `Training stopped at ${lab.unit ?? "epoch"} ${formatCount(stop.epoch)}: ${STOPS[stop.reason](stop, set, since)}. Press Play to continue.`;
}

/**
 * @param {State | null} before
 * @param {State} now
 * @param {LabState} lab
 */
function announce(before, now, lab) {
  if (now.failed && !before?.failed) return FAILED;
  if (now.divergence && !before?.divergence) return "Training diverged and stopped.";
  if (now.stop && !before?.stop) return stopped(now, now.stop, lab);
  if (before && now.playing !== before.playing) return now.playing ? "Playing" : "Paused";
  return before ? lab.announce(before, now) : "";
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
