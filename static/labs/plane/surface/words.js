/** Says in words what the surface shows: beside the picture, and to a screen reader. */

/** @import {Scale} from "./scale.js" */
/** @import {Curves, Head, Map2} from "./surface.js" */

import {formatLoss, formatShare, formatWeight} from "../../../drawing/format.js";
import {heightAt} from "./surface.js";
import {isOutside} from "./window.js";

const NAMES = {
  sgd: "SGD",
  momentum: "Momentum",
  nesterov: "Nesterov",
  adagrad: "Adagrad",
  rmsprop: "RMSprop",
  adam: "Adam",
  adamw: "AdamW",
};

/** @param {string} method */
export function methodName(method) {
  return NAMES[/** @type {keyof typeof NAMES} */ (method)] ?? method;
}

/**
 * @param {Head} head
 * @param {Map2} map
 * @param {Scale} scale
 * @returns {string[]} sentences
 */
export function mapWords({share, done = 1, steps, of_steps: all, methods}, map, scale) {
  const {here, path, race} = map;
  const words = [
    `Loss here ${formatLoss(here[2])}; in this picture from ${formatLoss(scale.low)} to ${formatLoss(scale.high)}.`,
  ];
  if (done < 1) words.push(`${Math.floor(done * 100)} % of the picture is computed.`);
  if (path.length > 1 && share !== null && share !== undefined)
    words.push(`This plane holds ${formatShare(share)} of the path.`);
  if (path.length < 2) words.push("The path has no length yet: train.");
  if (methods && steps !== undefined)
    words.push(
      steps === all ? `Race over: ${steps} steps each.` : `Race: step ${steps} of ${all}.`,
    );
  const away = (methods ?? []).filter((_, i) => {
    const place = race[i]?.at(-1);
    return place && isOutside(map, place);
  });
  if (away.length)
    words.push(`Outside, where an arrow points: ${away.map(methodName).join(", ")}.`);
  return words;
}

/**
 * How far the run's path lies off the surface: its losses are those of the whole network.
 * @param {Map2} map
 * @returns {string[]} sentences
 */
export function reliefWords(map) {
  const gaps = map.path.map(place => place[2] - heightAt(map, [place[0], place[1]]));
  const [above, below] = [1, -1].map(side => Math.max(0, ...gaps.map(gap => side * gap || 0)));
  const parts = [
    above ? `${formatLoss(above)} above` : "",
    below ? `${formatLoss(below)} below` : "",
  ].filter(Boolean);
  return parts.length
    ? [`The path, at its true losses, is up to ${parts.join(" and ")} the surface.`]
    : [];
}

/** What a place's height means for the true loss there. @param {Map2} map @param {readonly [number, number]} place */
export function readWords(map, [a, b]) {
  const height = heightAt(map, [a, b]);
  return `${formatWeight(a)}, ${formatWeight(b)}: ${Number.isFinite(height) ? `loss ${formatLoss(height)}` : "no loss here"}`;
}

/**
 * Each method and the loss where it is, in the order of the methods.
 * @param {Head} head
 * @param {Map2} map
 */
export function racers({methods = []}, {race}) {
  return methods.map((method, i) => {
    const last = race[i]?.at(-1);
    return {name: methodName(method), loss: last ? formatLoss(last[2]) : "overflow"};
  });
}

/** @param {Curves} curves @param {string} name of the weight */
export function curveWords({weight, loss, batchLoss, slope, after, count, points}, name) {
  const words = [
    `${name}: ${formatWeight(weight)}. E of all points ${formatLoss(loss)}, of the next batch (${count === 1 ? "1 point" : `${count} points`}) ${formatLoss(batchLoss)}.`,
    `The tangent touches the batch’s curve: its slope is ${Number.isFinite(slope) ? formatWeight(slope) : "not finite"}, so the next step goes to ${Number.isFinite(after) ? formatWeight(after) : "no finite number"}.`,
  ];
  if (count > points.length) words.push(`Thin: ${points.length} of the batch’s points.`);
  return words;
}
