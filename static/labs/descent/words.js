/** Says how racers go on, and where they are. */

/** @import {How, Runner} from "./frame.js" */
/** @import {DescentFacts} from "./page.js" */

import {formatCount} from "../../drawing/format.js";

/** @type {Record<string, string>} */
const BEHAVIOURS = {
  starts: "",
  rests: "does not move",
  creeps: "creeps",
  settles: "settles",
  oscillates: "swings over the minimum, and settles",
  "for-ever": "swings for ever: the rate is 2/L",
  diverges: "diverges: the rate is above 2/L",
  falls: "on its way down",
  swings: "swings",
};

/** How it goes on, and since when it has arrived. @param {How} how */
export function howWords({behaviour, by_theory, factor, arrived, at_lowest, diverged}) {
  if (diverged !== null) return `diverged at step ${formatCount(diverged)}`;
  const factorText = factor === null ? "" : `, × ${formatNumber(factor)} a step`;
  const what = behaviour === "diverges" && !by_theory ? "diverges" : (BEHAVIOURS[behaviour] ?? "");
  if (arrived === null) return what + (what && factorText);
  const where = at_lowest ? "" : " in a minimum that is not the lowest";
  return `arrived at step ${formatCount(arrived)}${where}${by_theory && what ? ` · ${what}` : ""}`;
}

/** A sign for each end of a race. @param {How} how */
export function markOf({arrived, diverged}) {
  if (diverged !== null) return "✕";
  return arrived === null ? "" : "✓";
}

/** Four digits, and a minus that is one. @param {number} value */
export function formatNumber(value) {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 0.001 || size >= 100_000)
      ? size.toExponential(2)
      : size.toFixed(size < 10 ? 3 : size < 1000 ? 2 : 0);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** An error with enough digits for comparisons. @param {number | null | undefined} error */
export function formatError(error) {
  if (error === null || error === undefined) return "–";
  const size = Math.abs(error);
  return (size !== 0 && size < 0.001) || size >= 10_000 ? error.toExponential(2) : error.toFixed(4);
}

/** @param {readonly number[]} place */
export function placeText(place) {
  return place.length === 1 ? formatNumber(place[0] ?? 0) : `(${place.map(shorter).join(", ")})`;
}

/** Two of them stand in a column. @param {number} value */
function shorter(value) {
  const size = Math.abs(value);
  if (size === 0 || (size >= 0.005 && size < 1000)) return value.toFixed(2).replace("-", "−");
  return Number.isFinite(value) ? value.toExponential(0).replace("-", value < 0 ? "−" : "-") : "–";
}

/** By which rates a quadratic error can be descended. @param {DescentFacts} facts */
export function theoryWords({curvatures, minima, has_points}) {
  if (!curvatures)
    return minima.length === 0
      ? "The points are separable: the error falls for ever, and has no minimum."
      : minima.length > 1
        ? `${minima.length} minima. No formula says which rate is too large: try.`
        : "No formula says which rate is too large: try.";
  const [flat, steep] = curvatures;
  const of =
    flat === steep
      ? `Curvature L = ${plain(steep)}.`
      : `Curvature from ${plain(flat)} to L = ${plain(steep)}.`;
  const whose = has_points ? "Batch gradient descent" : "Gradient descent";
  return `${of} ${whose} settles up to the rate 1/L = ${plain(1 / steep, 5)}, swings above, and diverges above 2/L = ${plain(2 / steep, 5)}.`;
}

/** @param {number} value @param {number} digits a limit has more, so that who types it is on the side that is said */
function plain(value, digits = 4) {
  return String(Number(value.toPrecision(digits)));
}

/** Words instead of the picture. @param {DescentFacts} facts @param {readonly Runner[]} runners */
export function pictureWords({weights, minima, racers}, runners) {
  const over = `The error over ${weights.join(" and ")}.`;
  const at = minima.map(({at}) => placeText(at)).join(", ");
  const where = minima.length ? ` Minimum at ${at}.` : "";
  const who = runners.map(
    ({place, how}, k) =>
      `${racers[k]?.name ?? ""} at ${placeText(place)}${how.diverged === null ? "" : ", diverged"}`,
  );
  return `${over}${where} ${who.join("; ")}.`;
}

/** The next step of plain gradient descent in the lecture's symbols, a line for each weight. @param {readonly string[]} names @param {Runner} runner */
export function equationLines(names, {place, slope, rate, next}) {
  return names.map((name, i) => {
    const [w = 0, g = 0] = [place[i], slope[i]];
    const after = next ? ` = ${formatNumber(next[i] ?? 0)}` : "";
    return next
      ? `${name} ← ${formatNumber(w)} − ${plain(rate)} × ${bracketed(g)}${after}`
      : `${name} = ${formatNumber(w)}, slope ${formatNumber(g)}, η = ${plain(rate)}`;
  });
}

/** @param {number} value */
function bracketed(value) {
  const text = formatNumber(value);
  return value < 0 ? `(${text})` : text;
}
