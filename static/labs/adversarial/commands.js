/** What the adversarial lab says to the server. */

/** @import {AnyCommand, Unnumbered} from "../../session/connection.js" */
/** @import {Asked, Side} from "./page.js" */

/** @param {Record<string, unknown>} settings @returns {AnyCommand} */
export function change(settings) {
  return /** @type {AnyCommand} */ ({type: "change", settings});
}

/** @param {Side} side @param {readonly number[]} units of its hidden layers */
export function build(side, units) {
  return change({[side]: units});
}

/** Learn where the pointer has been. @param {readonly number[]} drawing x and y, x and y, … */
export function draw(drawing) {
  return change({dataset: "own", drawing: [...drawing]});
}

/** @returns {AnyCommand} */
export function newSeed() {
  return /** @type {AnyCommand} */ ({type: "new-weights"});
}

/** @param {Asked} asked @returns {Unnumbered} */
export function trySeeds({rounds, number}) {
  return /** @type {Unnumbered} */ (
    /** @type {unknown} */ ({type: "sixteen-seeds", rounds, number})
  );
}
