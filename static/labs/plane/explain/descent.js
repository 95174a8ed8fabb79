/** The gradient of one unit's parameters, and the step that the method makes of it. */

/** @import {Block, Given, Line} from "./symbols.js" */
/** @import {Update} from "./explanation.js" */
/** @import {Math} from "./math.js" */

import {NORM_WORDS, weightWords} from "../unit-names.js";
import {array, number} from "./explanation.js";
import {
  brackets,
  factor,
  frac,
  name,
  num,
  op,
  root,
  row,
  short,
  slope,
  sub,
  sup,
  whole,
  words,
} from "./math.js";
import {formula, of, say, sumOver, weight} from "./symbols.js";

/**
 * δ o of the point, the mean over the batch, and a central difference if it was asked for.
 * @param {Given} given
 * @param {number} layer
 * @param {number} unit
 * @param {boolean} [isWanted] whether central differences were asked for
 * @returns {Block[]}
 */
export function gradientBlocks(given, layer, unit, isWanted = false) {
  const {explanation} = given;
  const {count} = explanation.head;
  const names = parameterNames(given, layer);
  const [own, mean, check] = ["gradient of point", "gradient", "check"].map(each =>
    array(explanation, each),
  );
  const isChecked = (check?.length ?? 0) > 0;
  const e = sub(name("E"), name("n"));
  /** @type {Line} */
  const first = [
    slope(weight(unit, "i", layer), e),
    op("="),
    row(of("δ", unit, layer), of("o", "i", layer - 1)),
  ];
  /** @type {Line} */
  const second = [
    row(slope(weight(unit, "i", layer)), op("=")), frac(whole(1), name("B")), sumOver("n"), slope(weight(unit, "i", layer), e),
  ]; // biome-ignore format: a formula in one line
  const head = [
    "Parameter",
    "This point",
    ...(count > 1 ? [`Mean of ${count}`] : []),
    ...(isChecked ? ["Central difference", "Relative error"] : []),
  ];
  const rows = names.map((each, i) => {
    const told = mean?.[i] ?? Number.NaN;
    const measured = check?.[i] ?? Number.NaN;
    return [
      each,
      i < (own?.length ?? 0) ? num(own?.[i] ?? Number.NaN) : "",
      ...(count > 1 ? [num(told)] : []),
      ...(isChecked ? [num(measured), relative(told, measured)] : []),
    ];
  });
  const blocks = [
    formula(first, ...(count > 1 ? [second] : [])),
    /** @type {Block} */ ({kind: "table", head, rows}),
  ];
  if (isWanted && !isChecked)
    blocks.push(
      say("This is too large to be checked at once: take one point, or a smaller batch."),
    );
  if (isChecked)
    blocks.push(
      say(
        "The difference (E(w + h) − E(w − h)) / 2h is taken in 64-bit numbers; the gradient has 32 bits, about seven digits.",
      ),
    );
  return blocks;
}

/** @param {number} told @param {number} measured */
function relative(told, measured) {
  if (told === measured) return "0";
  const size = Math.max(Math.abs(told), Math.abs(measured));
  return (Math.abs(told - measured) / size).toExponential(0).replace("e-", "e−").replace("e+", "e");
}

/**
 * The step, in symbols and with the numbers of one parameter, and the table of all of the unit.
 * @param {Given} given
 * @param {number} layer
 * @param {number} chosen which of its parameters, from 0
 * @returns {Block[]}
 */
export function updateBlocks(given, layer, chosen) {
  const {explanation} = given;
  const {update} = explanation.head;
  if (!update) return [];
  const names = parameterNames(given, layer);
  const i = Math.min(chosen, names.length - 1);
  const memory = memoryOf(update.method);
  const at = (/** @type {string} */ each, /** @type {number} */ place) =>
    number(explanation, each, place);
  const width = names.length;
  const moments = (/** @type {string} */ each, /** @type {number} */ place) =>
    memory.map((_, m) => at(each, m === 1 || memory[0] === "s" ? width + place : place));
  /** @type {Numbers} */
  const numbers = {
    gradient: at("gradient", i),
    decay: at("decay", i),
    before: at("before", i),
    after: at("after", i),
    regularized: at("regularized", i),
    moments: moments("moments", i),
    momentsAfter: moments("moments after", i),
  };
  const rows = names.map((each, place) => [
    each,
    num(at("before", place)),
    num(at("gradient", place)),
    ...moments("moments", place).flatMap((kept, m) => [
      num(kept),
      num(moments("moments after", place)[m] ?? Number.NaN),
    ]),
    num(at("after", place)),
  ]);
  const head = [
    "Parameter",
    "Before",
    "∂E/∂w",
    ...memory.flatMap(letter => [letter, `new ${letter}`]),
    "After",
  ];
  return [
    say(
      `${names[i]} of this neuron, by ${METHODS[update.method] ?? update.method}. Step ${explanation.head.step} of the run.`,
    ),
    ...slopeBlocks(update, numbers),
    formula(...stepLines(update, numbers)),
    {kind: "table", head, rows, chosen: i},
  ];
}

/** @typedef {{gradient: number, decay: number, before: number, after: number, regularized: number, moments: number[], momentsAfter: number[]}} Numbers */

/** @type {Record<string, string>} */
const METHODS = {
  sgd: "gradient descent",
  momentum: "momentum",
  nesterov: "Nesterov’s momentum",
  adagrad: "Adagrad",
  rmsprop: "RMSprop",
  adam: "Adam",
  adamw: "AdamW",
};

/** What a method keeps of earlier gradients: v and m a mean of them, s of their squares. @param {string} method @returns {string[]} */
export function memoryOf(method) {
  switch (method) {
    case "momentum":
    case "nesterov":
      return ["v"];
    case "adagrad":
    case "rmsprop":
      return ["s"];
    case "adam":
    case "adamw":
      return ["m", "s"];
    default:
      return [];
  }
}

/** The slope that the method gets, where it is not just the gradient. @param {Update} update @param {Numbers} numbers @returns {Block[]} */
function slopeBlocks({clip, norm}, {gradient, decay}) {
  if (clip === 1 && decay === 0) return [];
  const parts = [num(gradient)];
  if (clip !== 1)
    parts.push(row(op("·"), num(clip)), words(` (clipped: the gradient’s norm is ${short(norm)})`));
  if (decay !== 0) parts.push(row(op("+"), factor(decay)), words(" (weight decay)"));
  return [formula([name("g"), op("="), ...parts, op("="), num(gradient * clip + decay)])];
}

/** @param {Update} update @param {Numbers} numbers @returns {Line[]} */
function stepLines(update, numbers) {
  const {rate, keep, clip, corrections, method} = update;
  const {gradient, decay, before, after, regularized, moments, momentsAfter} = numbers;
  const plain = clip === 1 && decay === 0;
  const g = plain ? slope(name("w")) : name("g");
  const told = plain ? factor(gradient) : factor(gradient * clip + decay);
  const [old = 0, oldSquares = 0] = moments;
  const [kept = 0, squares = 0] = momentsAfter;
  const eta = name("η");
  const to = (/** @type {string} */ letter) => [name(letter), op("←")];
  const square = (/** @type {Math} */ of) => sup(of.tag === "mfrac" ? brackets(of) : of, whole(2));
  const [w, mu] = [to("w"), num(keep)];
  const rest = regularized ? [row(op("+"), factor(regularized)), words(" (regularizer)")] : [];
  const result = [op("="), num(after)];
  const start = [op("="), factor(before), op("−")];
  switch (method) {
    case "momentum":
      return [
        [
          ...to("v"),
          row(name("μ"), name("v")),
          op("+"),
          g,
          row(op("="), mu, op("·"), factor(old)),
          row(op("+"), told),
          row(op("="), num(kept)),
        ],
        [...w, name("w"), op("−"), row(eta, name("v"))],
        [...start, row(num(rate), op("·"), factor(kept)), ...rest],
        result,
      ];
    case "nesterov":
      return [
        [
          ...to("v"),
          row(name("μ"), name("v")),
          op("+"),
          g,
          row(op("="), mu, op("·"), factor(old)),
          row(op("+"), told),
          row(op("="), num(kept)),
        ],
        [...w, name("w"), op("−"), row(eta, op("("), g, op("+"), name("μ"), name("v"), op(")"))],
        [
          ...start,
          row(num(rate), op("·"), op("("), told, op("+"), mu, op("·"), factor(kept), op(")")),
          ...rest,
        ],
        result,
      ];
    case "adagrad":
    case "rmsprop": {
      const isSum = method === "adagrad";
      return [
        [
          ...to("s"),
          ...(isSum ? [name("s")] : [row(whole(0.99), name("s"))]),
          op("+"),
          ...(isSum ? [] : [whole(0.01)]),
          square(g),
          row(op("="), ...(isSum ? [] : [whole(0.99), op("·")]), factor(old)),
          row(op("+"), ...(isSum ? [] : [whole(0.01), op("·")]), square(told)),
          row(op("="), num(kept)),
        ],
        [...w, name("w"), op("−"), frac(row(eta, g), row(root(name("s")), op("+"), name("ε")))],
        [
          ...start,
          frac(row(num(rate), op("·"), told), row(root(num(kept)), op("+"), name("ε"))),
          ...rest,
        ],
        result,
      ];
    }
    case "adam":
    case "adamw": {
      const [first, second] = corrections;
      const [c1, c2] = [sub(name("c"), whole(1)), sub(name("c"), whole(2))];
      return [
        [
          ...to("m"),
          row(name("μ"), name("m"), op("+"), op("("), whole(1), op("−"), name("μ"), op(")"), g),
          row(op("="), mu, op("·"), factor(old)),
          row(op("+"), num(1 - keep), op("·"), told),
          row(op("="), num(kept)),
        ],
        [
          ...to("s"),
          row(whole(0.999), name("s"), op("+"), whole(0.001), square(g)),
          row(op("="), whole(0.999), op("·"), num(oldSquares)),
          row(op("+"), whole(0.001), op("·"), square(told)),
          row(op("="), num(squares)),
        ],
        [
          ...w,
          name("w"),
          op("−"),
          eta,
          frac(
            row(name("m"), op("/"), c1),
            row(root(row(name("s"), op("/"), c2)), op("+"), name("ε")),
          ),
          words(method === "adamw" ? " and the decay of the weight by itself" : ""),
        ],
        [
          ...start,
          num(rate),
          frac(
            row(factor(kept), op("/"), num(first)),
            row(root(row(num(squares), op("/"), num(second))), op("+"), name("ε")),
          ),
          ...rest,
        ],
        result,
      ];
    }
    default:
      return [
        [...w, name("w"), op("−"), row(eta, g)],
        [...start, row(num(rate), op("·"), told), ...rest],
        result,
      ];
  }
}

/** Those of one unit. @param {Given} given @param {number} layer */
function parameterNames({server}, layer) {
  const isNormed = server.facts.layout.some(tensor => tensor.name === `layer ${layer} scales`);
  const words = [...weightWords(server, layer), ...(isNormed ? Object.values(NORM_WORDS) : [])];
  return words.map(each => each[0]?.toUpperCase() + each.slice(1));
}
