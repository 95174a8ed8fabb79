/** The own points of each problem, kept while another set is chosen, and the command that brings them back. */

/** @import {Points} from "../frame.js" */
/** @import {Facts, LearnPoints, OwnSet} from "../page.js" */

import {labelOf} from "./board.js";

/** The settings' names of sets of own points. */
export const OWN_DATASETS = {own: "classification", "reg-own": "regression"};

/** @param {Points} points @param {Facts} facts @returns {OwnSet} */
export function ownSet({train, test}, {classes, own}) {
  return {train, test, classes, columns: own?.columns ?? [], names: own?.classes ?? []};
}

/** @param {string} dataset @returns {"classification" | "regression" | null} the problem, if it is a set of own points */
export function problemOfOwn(dataset) {
  const problem = OWN_DATASETS[/** @type {keyof typeof OWN_DATASETS} */ (dataset)];
  return /** @type {"classification" | "regression" | undefined} */ (problem) ?? null;
}

/** @param {OwnSet} set @returns {LearnPoints} */
export function learnAgain({train, test, classes, columns, names}) {
  const rows = [...inThrees(train), ...inThrees(test)].map(
    ([x, y, label]) =>
      /** @type {[number, number, number]} */ ([
        toGrid(x),
        toGrid(y),
        toGrid(labelOf(label, classes)),
      ]),
  );
  return {
    type: "learn-points",
    targets: classes ? "classes" : "values",
    points: /** @type {LearnPoints["points"]} */ (rows),
    columns: /** @type {NonNullable<LearnPoints["columns"]>} */ ([...columns]),
    names: /** @type {NonNullable<LearnPoints["names"]>} */ ([...names]),
  };
}

/**
 * SVG paths of dots, one for each colour.
 * @param {OwnSet} set
 * @param {number} most of the points
 * @param {readonly [number, number]} domain
 * @returns {Map<string, string>} by the name of the colour in the style sheet
 */
export function dotPaths({train, test, classes}, most, [low, high]) {
  const rows = [...inThrees(train), ...inThrees(test)];
  const step = Math.max(1, rows.length / most);
  /** @type {Map<string, string>} */
  const paths = new Map();
  for (let i = 0; i < rows.length; i += step) {
    const [x, y, label] = rows[Math.floor(i)] ?? [0, 0, 0];
    const color = classes > 2 ? `--class-${label}` : shade(label);
    const across = (120 * (x - low)) / (high - low) - 60;
    const down = 60 - (120 * (y - low)) / (high - low);
    paths.set(color, `${paths.get(color) ?? ""}M${across.toFixed(0)} ${down.toFixed(0)}h0`);
  }
  return paths;
}

/** @param {number} value */
function shade(value) {
  return value < -1 / 3 ? "--low" : value > 1 / 3 ? "--high" : "--edge";
}

/** @param {Float32Array} rows @returns {[number, number, number][]} */
function inThrees(rows) {
  return Array.from({length: rows.length / 3}, (_, i) => [
    rows[3 * i] ?? 0,
    rows[3 * i + 1] ?? 0,
    rows[3 * i + 2] ?? 0,
  ]);
}

/** Own points lie on a grid of thousandths. @param {number} value */
function toGrid(value) {
  return Math.round(value * 1000) / 1000 || 0;
}
