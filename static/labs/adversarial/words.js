/** Says how good fakes are, and what sixteen seeds cost and found. */

/** @import {Numbers, Seeds} from "./frame.js" */
/** @import {AdversarialFacts, AdversarialState} from "./page.js" */

import {formatCount} from "../../drawing/format.js";

const SEEDS = 16;
const PRODUCTS = 3.5e9; // a second of one core, about: measured with the default networks
const LOG_2 = Math.LN2;

/** @param {number} share */
export function percent(share) {
  return `${Math.round(100 * share)} %`;
}

/** @param {Numbers} numbers */
export function modesText({covered, modes}) {
  return modes ? `${covered} of ${modes}` : "–";
}

/** @param {number} divergence */
export function divergenceText(divergence) {
  return `${divergence.toFixed(3)} of ${LOG_2.toFixed(3)}`;
}

/** Words instead of the picture. @param {AdversarialState} server @param {Numbers | null} numbers */
export function pictureWords({settings, facts}, numbers) {
  const real = facts.modes.length
    ? `${facts.modes.length} modes of real points`
    : `Real points along ${settings.dataset === "own" ? "an own drawing" : `a ${settings.dataset}`}`;
  if (!numbers) return `${real}, and fakes.`;
  const modes = numbers.modes ? ` They cover ${numbers.covered} of ${numbers.modes} modes.` : "";
  return `${real}, and fakes, of which ${percent(numbers.good)} are good.${modes}`;
}

/** About how long sixteen seeds take. @param {AdversarialFacts} facts @param {number} rounds */
export function costText({work}, rounds) {
  const seconds = (SEEDS * rounds * work) / PRODUCTS;
  const time =
    seconds < 1.5
      ? "a second"
      : `${formatCount(Number(seconds.toPrecision(seconds < 10 ? 1 : 2)))} seconds`;
  return `About ${time} of one processor core, between the turns of all who play.`;
}

/** @param {Seeds} seeds @param {boolean} hasModes */
export function seedsText({finished, rounds, collapsed, share}, hasModes) {
  const done = finished === SEEDS ? "All 16 done" : `${finished} of 16 done, ${percent(share)}`;
  const found = hasModes && finished ? `: ${collapsed} of ${finished} collapsed` : "";
  return `${done}${found}. ${formatCount(rounds)} rounds each.`;
}
