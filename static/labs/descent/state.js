/** Where the pointer is: what the descent lab keeps in the state of the page. */

/** @import {LabState} from "../../session/lab-state.js" */
/** @import {PageEvent, State} from "../../session/state.js" */
/** @import {DescentState, Own} from "./page.js" */

/** @type {Own} */
const FIRST = {hover: null};

/** @type {LabState} */
export const descentState = {
  first: FIRST,
  reduce: (own, event) => reduceOwn(/** @type {Own} */ (own), event),
  announce: (before, now) => announce(known(before), known(now)),
  divergedIn: () => "the racers",
  unit: "step",
  stoppedBy: () => "training",
};

/** @param {State | null} server */
function known(server) {
  return /** @type {DescentState | null} */ (/** @type {unknown} */ (server));
}

/** @param {Own} own @param {PageEvent} event @returns {Own} */
function reduceOwn(own, event) {
  if (event.type !== "own") return own;
  const {type: _, ...changes} = event;
  return {...own, ...changes};
}

/** @param {DescentState | null} before @param {DescentState | null} now */
function announce(before, now) {
  if (!before || !now) return "";
  const [were, are] = [before.facts.racers.length, now.facts.racers.length];
  return were === are ? "" : `${are} racer${are === 1 ? "" : "s"}`;
}
