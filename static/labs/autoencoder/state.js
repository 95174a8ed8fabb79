/** What is looked at: what the autoencoder lab keeps in the state of the page. */

/** @import {LabState} from "../../session/lab-state.js" */
/** @import {PageEvent, State} from "../../session/state.js" */
/** @import {AutoencoderPage, AutoencoderState, Own} from "./page.js" */

import {formatCount} from "../../drawing/format.js";

/** @type {Own} */
const FIRST = {example: null, code: null, by: "decoder"};

/** @type {LabState} */
export const autoencoderState = {
  first: FIRST,
  reduce: (own, event, server) => reduceOwn(/** @type {Own} */ (own), event, known(server)),
  announce: (before, now) => announce(known(before), known(now)),
  divergedIn: ({divergence}) => `layer ${divergence?.layer ?? 0}`,
  stoppedBy: server =>
    /** @type {any} */ (server.settings).stop_set === "train" ? "training" : "test",
};

/** @param {State | null} server */
function known(server) {
  return /** @type {AutoencoderState | null} */ (/** @type {unknown} */ (server));
}

/**
 * What is looked at must be there: other examples or another length of the code end it.
 * @param {Own} own
 * @param {PageEvent} event
 * @param {AutoencoderState | null} server
 * @returns {Own}
 */
function reduceOwn(own, event, server) {
  if (event.type === "own") {
    const {type: _, ...changes} = event;
    return {...own, ...changes};
  }
  if (!server) return own;
  const {settings, facts} = server;
  const isThere = own.example === null || own.example < facts.test_examples;
  const fits = own.code === null || own.code.length === settings.code;
  return isThere && fits
    ? own
    : {...own, example: isThere ? own.example : null, code: fits ? own.code : null};
}

/** @param {AutoencoderState | null} before @param {AutoencoderState | null} now */
function announce(before, now) {
  if (!before || !now || before.facts.parameters === now.facts.parameters) return "";
  return `${now.facts.widths.join("-")}: ${formatCount(now.facts.parameters)} parameters`;
}

/** The numbers of the code that the planes show, from 0. @param {AutoencoderState} server @returns {[number, number]} */
export function axesOf({settings: {code}, view: {across, up}}) {
  return [Math.min(across, code) - 1, Math.min(up, code) - 1];
}

/** What an example of these is called. @param {AutoencoderState} server */
export function nameOf({settings: {examples}, facts: {side}}) {
  return side ? (examples === "faces" ? "face" : "digit") : "point";
}

/** Whether two looks ask for the same. @param {Own | null} a @param {Own} b */
export function asksTheSame(a, b) {
  return (
    a !== null && a.example === b.example && a.by === b.by && String(a.code) === String(b.code)
  );
}

/** @param {AutoencoderPage} page */
export function isOfPoints({server}) {
  return server !== null && server.facts.side === 0;
}
