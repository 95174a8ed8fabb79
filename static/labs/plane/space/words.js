/** Says in words and formulas what the picture of a layer's space shows. */

/** @import {PlaneState} from "../page.js" */
/** @import {Block} from "../explain/symbols.js" */
/** @import {Math as Formula} from "../explain/math.js" */
/** @import {Border, Head} from "./told-space.js" */

import {name, num, op, row, sub, whole} from "../explain/math.js";
import {say} from "../explain/symbols.js";
import {between} from "./morph.js";

const PHASES = {
  input: "What the layer reads",
  weights: "Σ w o: the weighted sum",
  bias: "+ b: the bias moves it",
  "batch-norm": "Batch norm",
  activation: "f: the activation bends it",
  "switch-off": "Lesions",
  residual: "+ what goes around the layer",
  probability: "As probabilities",
};

const SUMS = new Set(["weights", "bias", "batch-norm"]);

/** @type {Record<Exclude<Head["why_none"], "">, string>} */
const WHY_NONE = {
  layer: "Only behind the last hidden layer is the boundary straight.",
  regression: "A regression has no boundary.",
  skips: "The output reads other layers too, so this space alone has no boundary.",
  unseen:
    "The output reads other neurons too, so on these axes there is no line. Try the principal plane.",
};

/** @param {readonly string[]} phases @param {number} share of the way */
export function phaseWords(phases, share) {
  return PHASES[phaseAt(phases, share)];
}

/** @param {readonly string[]} phases @param {number} share @returns {keyof typeof PHASES} */
function phaseAt(phases, share) {
  const {first, part} = between(phases.length, share);
  const kind = phases[part > 0 ? first + 1 : first] ?? "input";
  return /** @type {keyof typeof PHASES} */ (kind);
}

/** @param {number} layer @param {readonly number[]} shape */
export function layerName(layer, shape) {
  return layer === shape.length - 1 ? "the output" : `layer ${layer}`;
}

/** The name of each axis: a sum before the activation. @param {Head} head @param {number} share of the way @returns {string[]} */
export function axisNames({units, shares, phases}, share) {
  const sign = SUMS.has(phaseAt(phases, share)) ? "a" : "o";
  if (units.length) return units.map(unit => `${sign}${lowered(unit)}`);
  return shares.map((share, i) => `p${lowered(i + 1)} ${percent(share)}`);
}

/** What the axes of a layer's input are called. @param {Head} head @param {number} dimensions @param {readonly string[]} sources names of all that it reads */
export function inputNames({phases}, dimensions, sources) {
  const isAll = sources.length <= dimensions && phases[0] === "input";
  return Array.from({length: dimensions}, (_, i) =>
    isAll ? (sources[i] ?? "") : `p${lowered(i + 1)}`,
  );
}

/** @param {number} number */
export function lowered(number) {
  return String(number).replace(/\d/g, digit => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)] ?? "");
}

/** @param {number} share */
export function percent(share) {
  return share > 0.9949 && share < 0.99949
    ? `${(100 * share).toFixed(1)} %`
    : `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}

/** What a linear read-out scores, on test points if there are any; "–" where it cannot be said. @param {Head} head @param {number} layer 0 are the inputs */
export function scoreOf({readouts}, layer) {
  const [train, test] = readouts[layer] ?? [null, null];
  return test ?? train;
}

/** @param {number | null} score @param {number} classes */
export function scoreText(score, classes) {
  if (score === null) return "–";
  return classes ? percent(score) : `R² ${score.toFixed(2).replace("-", "−")}`;
}

/** What stands on a layer's button: its sign and the score of a read-out. @param {Head} head @param {number} layer @param {PlaneState} server @returns {[string, string]} */
export function layerSigns(head, layer, {facts: {classes, shape}}) {
  const sign = layer === 0 ? "x" : layer === shape.length - 1 ? "out" : String(layer);
  return [sign, layer < head.readouts.length ? scoreText(scoreOf(head, layer), classes) : ""];
}

/** The same in words. @param {Head} head @param {number} layer @param {PlaneState} server */
export function layerLabel(head, layer, server) {
  const [sign, score] = layerSigns(head, layer, server);
  const subject = layer ? layerName(layer, server.facts.shape) : "the inputs";
  if (!score) return `${sign}: ${subject}`;
  const points = head.readouts[layer]?.[1] === null ? "training points" : "test points";
  return `${sign} ${score}: ${subject}, and what a linear read-out scores on ${points}`;
}

/** All that stands beside the picture. @param {Head} head @param {PlaneState} server @param {number} share of the way @returns {Block[]} */
export function blocksOf(head, {facts: {classes, objective}}, share) {
  const {borders, why_none: whyNone, units, shares} = head;
  const whole = shares.reduce((sum, share) => sum + share, 0);
  const held = say(
    `${units.length ? "These axes hold" : "This plane holds"} ${percent(Math.min(whole, 1))} of the variance.`,
  );
  if (whyNone) return [say(WHY_NONE[whyNone]), held];
  if (share < 1) return [say("The boundary is drawn at the end of the way."), held];
  const lines = borders.slice(0, 3).map(border => equation(border, units));
  const [first] = borders;
  const more = borders.length > 3 ? [say(`And ${borders.length - 3} more pairs of classes.`)] : [];
  return [
    {kind: "formula", lines},
    say(first?.exact ? exactly({classes, objective}, units) : nearly(borders)),
    ...more,
    held,
  ];
}

/** @param {{classes: number, objective: string}} facts @param {readonly number[]} units */
function exactly({classes, objective}, units) {
  const what = units.length === 3 ? "plane" : "line";
  return classes > 2
    ? `On each ${what} two classes are equally probable.`
    : `The boundary is this straight ${what}: on it ${objective === "cross-entropy" ? "both classes are equally probable" : "the output is 0"}.`;
}

/** @param {readonly Border[]} borders */
function nearly(borders) {
  const least = Math.min(...borders.map(({agrees}) => agrees));
  return `${borders.length > 1 ? "The lines are" : "The line is"} where this plane cuts the boundary. Other directions count too: ${percent(least)} of the training points lie on the side that the network says.`;
}

/** w₁ o₁ + w₂ o₂ + b = 0, which can break between terms @param {Border} border @param {readonly number[]} units @returns {Formula[]} */
export function equation({normal, offset}, units) {
  const parts = normal.flatMap((weight, i) => {
    const axis = sub(name(units.length ? "o" : "p"), whole(units[i] ?? i + 1));
    return [row(...signed(weight, i === 0), axis)];
  });
  return [...parts, row(...signed(offset, false)), row(op("="), whole(0))];
}

/** @param {number} value @param {boolean} isFirst @returns {Formula[]} */
function signed(value, isFirst) {
  if (isFirst) return [num(value)];
  return [op(value < 0 ? "−" : "+"), num(Math.abs(value))];
}

/** The whole picture for those who do not see it. @param {Head} head @param {PlaneState} server @param {number} count of points @param {number} share of the way */
export function pictureWords(head, server, count, share) {
  const axes = head.units.length ? `neurons ${head.units.join(", ")}` : "its principal plane";
  const border = head.borders.length
    ? ` ${blocksOf(head, server, share)
        .flatMap(block => (block.kind === "words" ? [block.text] : []))
        .join(" ")}`
    : "";
  return `${count} points and the grid of the plane in ${layerName(head.layer, server.facts.shape)}, ${axes}. ${phaseWords(head.phases, share)}.${border}`;
}
