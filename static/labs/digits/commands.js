/** What the digits lab says to the server. */

/** @import {AnyCommand, Unnumbered} from "../../session/connection.js" */
/** @import {Own, Pad, TwinName} from "./page.js" */

import {toBase64} from "./ink.js";
import {isEmpty} from "./state.js";

/** @param {object} message @returns {AnyCommand} */
const command = message => /** @type {AnyCommand} */ (message);
/** @param {object} message @returns {Unnumbered} */
const look = message => /** @type {Unnumbered} */ (message);

/** The image on the pad; nothing for an empty pad. @param {Pad} pad */
export function draw(pad) {
  const {ink, digit, move, turn, scale} = pad;
  const pixels = digit === null && ink && !isEmpty(pad) ? toBase64(ink) : null;
  return look({type: "draw", pixels, digit, move, turn, scale});
}

/** The shift whose misread digits are wanted. @param {Own["cell"]} at */
export function cell(at) {
  return look({type: "cell", at});
}

/** @param {TwinName} twin @param {number} layer from 1 @param {number} unit from 1 @param {boolean} off */
export function switchUnit(twin, layer, unit, off) {
  return command({type: "switch-unit", twin, layer, unit, off});
}

/** @param {TwinName} twin @param {number} layer from 1 @param {number} unit from 1 */
export function restoreUnit(twin, layer, unit) {
  return command({type: "restore-unit", twin, layer, unit});
}

/**
 * @param {TwinName} twin
 * @param {number} layer from 1
 * @param {number} unit from 1
 * @param {readonly number[]} weights in the order of the frame's, without the other units'
 * @param {number} bias
 */
export function setUnit(twin, layer, unit, weights, bias) {
  return command({type: "set-unit", twin, layer, unit, weights, bias});
}

/**
 * @param {TwinName} twin
 * @param {number} layer from 1
 * @param {number} unit from 1
 * @param {number | null} place of the weight, from 0; null for the bias
 * @param {number} value
 */
export function setUnitsWeight(twin, layer, unit, place, value) {
  return command({type: "set-unit-weight", twin, layer, unit, place, value});
}

/** How the page shows the experiment, and what is on the pad. @param {Partial<import("./page.js").DigitsState["view"]>} view */
export function show(view) {
  return command({type: "show", ...view});
}

/** @param {TwinName} twin @param {readonly number[]} units of its hidden layers */
export function build(twin, units) {
  const name = twin === "plain" ? "hidden" : "filters";
  return command({type: "change", settings: {[name]: units}});
}
