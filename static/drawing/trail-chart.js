/** The losses of the last steps before training diverged, as the loss chart draws them. */

/** @import {Axis, Scale} from "./loss-chart.js" */

import {lossAxis} from "./loss-chart.js";

/** @typedef {{step: number, trail: readonly (number | null)[]}} Divergence */

const DECADES = 3; // with more, a linear axis would show only its last point

/**
 * The training loss after each step; null if there is no line to draw.
 * @param {Divergence | null} divergence
 * @returns {{steps: number[], losses: number[]} | null}
 */
export function trailOf(divergence) {
  if (!divergence || divergence.trail.length < 2) return null;
  const first = divergence.step - divergence.trail.length + 1;
  return {
    steps: divergence.trail.map((_, i) => first + i),
    losses: divergence.trail.map(loss => loss ?? Number.NaN),
  };
}

/**
 * Axes from the first step to the last, and over all losses.
 * @param {{steps: readonly number[], losses: readonly number[]}} trail
 * @returns {Scale}
 */
export function trailScale({steps, losses}) {
  const [low, high] = [steps[0] ?? 0, steps.at(-1) ?? 1];
  return {epoch: {log: false, low, high}, loss: trailLossAxis(losses)};
}

/** @param {readonly number[]} losses @returns {Axis} */
function trailLossAxis(losses) {
  const exponents = losses
    .filter(loss => loss > 0 && Number.isFinite(loss))
    .map(loss => Math.log10(loss));
  const [low, high] = [Math.min(...exponents), Math.max(...exponents)];
  if (!(high - low > DECADES)) return lossAxis([losses], false);
  return {log: true, low: 10 ** Math.floor(low), high: 10 ** Math.min(Math.ceil(high), 308)};
}
