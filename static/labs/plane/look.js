/** How the plane's views draw. */

/** @import {Look} from "../../shell/lab.js" */
/** @import {Board} from "./draw/board.js" */
/** @import {Points} from "./frame.js" */
/** @import {PlanePage} from "./page.js" */

import {boardOf} from "./draw/board.js";
import {wantedFocus} from "./state.js";

/** Steps of 256 by which a picture may differ from the newest one while it changes. */
const UNSEEN = 1;

/**
 * @typedef {object} Own
 * @property {Points | null} points
 * @property {Board | null} board the points with the strokes that are on their way
 * @property {boolean} showTest whether the test points are shown
 * @property {boolean} discretize whether pictures have two colours
 * @property {Uint32Array} colors of the neurons' pictures
 * @property {string} focus "layer,neuron" of the neuron whose large picture is wanted, or ""
 * @property {number} tolerance a picture that differs by no more in any pixel is left as it is
 */
/** @typedef {Look<PlanePage> & Own} PlaneLook */

/**
 * @param {Look<PlanePage>} look
 * @returns {PlaneLook}
 */
export function planeLook(look) {
  const {state, palette} = look;
  const {playing = false, view, facts} = state.server ?? {};
  const {points} = state.own.draw;
  const discretize = view?.discretize ?? false;
  return {
    ...look,
    hurry: look.hurry && !state.own.draw.strokes.length, // a stroke changes the state with each movement
    points,
    board: points && facts ? boardOf(points, facts, state.own.draw) : null,
    showTest: view?.show_test ?? false,
    discretize,
    colors: discretize ? palette.steps : palette.field,
    focus: wantedFocus(state)?.join() ?? "",
    tolerance: playing && !discretize ? UNSEEN : 0,
  };
}
