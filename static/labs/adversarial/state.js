/** Which seeds are asked for: what the adversarial lab keeps in the state of the page. */

/** @import {LabState} from "../../session/lab-state.js" */
/** @import {PageEvent, State} from "../../session/state.js" */
/** @import {AdversarialState, Own, Side} from "./page.js" */

/** @type {readonly Side[]} */
export const SIDES = ["generator", "discriminator"];

/** @type {Own} */
const FIRST = {asked: {rounds: null, number: 0}};

/** @type {LabState} */
export const adversarialState = {
  first: FIRST,
  unit: "round",
  reduce: (own, event) => reduceOwn(/** @type {Own} */ (own), event),
  announce: (before, now) => announce(known(before), known(now)),
  divergedIn: () => "a network",
  stoppedBy: () => "training",
};

/** @param {State | null} server */
function known(server) {
  return /** @type {AdversarialState | null} */ (/** @type {unknown} */ (server));
}

/** @param {Own} own @param {PageEvent} event @returns {Own} */
function reduceOwn(own, event) {
  if (event.type !== "own") return own;
  const {type: _, ...changes} = event;
  return {...own, ...changes};
}

/** @param {AdversarialState | null} before @param {AdversarialState | null} now */
function announce(before, now) {
  if (!before || !now) return "";
  const said = SIDES.flatMap(side => {
    const units = now.settings[side].join(", ");
    return units === before.settings[side].join(", ") ? [] : [`${side}: ${units}`];
  });
  return said.join("; ");
}
