/** The way forward of one unit, its answer and its loss: symbols, numbers, result. */

/** @import {Block, Given, Line} from "./symbols.js" */
/** @import {Math} from "./math.js" */

import {normOf, weightsOf} from "../parameters.js";
import {array, number, outputsOf, readsOf, valuesOf} from "./explanation.js";
import {brackets, factor, frac, name, num, op, row, sub, sup, whole, words} from "./math.js";
import {formula, of, say, sumOfProducts, sumOver, weight} from "./symbols.js";

/** Names of activations as functions of a. @type {Record<string, string>} */
const FUNCTIONS = {relu: "ReLU", "leaky-relu": "leaky ReLU", elu: "ELU", gelu: "GELU"};

/** @param {string} activation */
export function functionName(activation) {
  return FUNCTIONS[activation] ?? activation;
}

/**
 * a and o of a unit, with every stage between them.
 * @param {Given} given
 * @param {number} layer
 * @param {number} unit from 1
 * @returns {Block[]}
 */
export function forwardBlocks(given, layer, unit) {
  const {explanation} = given;
  const {stages = []} = explanation.head.layers[layer - 1] ?? {};
  let before = number(explanation, `layer ${layer} sums`, unit - 1);
  const blocks = [sumOfUnit(given, layer, unit)];
  let letter = of("a", unit, layer);
  for (const stage of stages) {
    const after = number(explanation, `layer ${layer} ${stage}`, unit - 1);
    blocks.push(stageBlock(given, {layer, unit, stage, before, after, letter}));
    letter = stage === "batch-norm" ? of("â", unit, layer) : of("o", unit, layer);
    before = after;
  }
  if (layer === explanation.head.layers.length) blocks.push(...answerBlocks(given, unit, before));
  else if (!stages.length)
    blocks.push(
      formula([of("o", unit, layer), op("="), of("a", unit, layer), op("="), num(before)]),
    );
  return blocks;
}

/** @param {Given} given @param {number} layer @param {number} unit @returns {Block} */
function sumOfUnit({explanation, parameters, server}, layer, unit) {
  const {first, count, bias} = weightsOf(server.facts.layout, layer, unit);
  const reads = readsOf(server.facts.shape, server.settings.connections, layer);
  const from = server.settings.connections === "dense" ? name("m") : null;
  const source = from ? sup(sub(name("o"), name("i")), brackets(from)) : of("o", "i", layer - 1);
  const pairs = reads.map(
    (read, i) =>
      /** @type {const} */ ([
        parameters[first + i] ?? Number.NaN,
        valuesOf(explanation, read.layer)[read.unit - 1] ?? Number.NaN,
      ]),
  );
  const numbers = sumOfProducts(pairs);
  numbers.push(row(op(count ? "+" : "="), factor(parameters[bias] ?? Number.NaN)));
  const a = of("a", unit, layer);
  return formula(
    [
      a,
      row(op("="), sumOver("i")),
      row(weight(unit, "i", layer), source),
      row(op("+"), of("b", unit, layer)),
    ],
    numbers,
    [op("="), num(number(explanation, `layer ${layer} sums`, unit - 1))],
  );
}

/**
 * @param {Given} given
 * @param {{layer: number, unit: number, stage: string, before: number, after: number, letter: Math}} what
 * @returns {Block}
 */
function stageBlock(given, {layer, unit, stage, before, after, letter}) {
  const {explanation} = given;
  const o = of("o", unit, layer);
  const at = (/** @type {string} */ part) =>
    number(explanation, `layer ${layer} ${stage} ${part}`, unit - 1);
  switch (stage) {
    case "batch-norm":
      return normBlock(given, layer, unit, before, after);
    case "activation": {
      const {activation = ""} = explanation.head.layers[layer - 1] ?? {};
      return formula(
        [o, ...applied(activation, letter)],
        [op("="), ...applied(activation, num(before), factor(before)).slice(1)],
        [op("="), num(after)],
      );
    }
    case "dropout":
      return formula(
        [
          o,
          op("←"),
          o,
          op("·"),
          num(at("slope")),
          words(at("slope") ? " (dropout keeps it)" : " (dropout leaves it out)"),
        ],
        [op("="), factor(before), op("·"), num(at("slope")), op("="), num(after)],
      );
    case "residual":
      return formula(
        [o, op("←"), o, op("+"), of("o", unit, layer - 1), words(" (residual link)")],
        [op("="), factor(before), op("+"), factor(at("added")), op("="), num(after)],
      );
    default:
      return formula([o, op("="), num(after), words(after === before ? "" : " (switched off)")]);
  }
}

/**
 * f(a), for the lecture's functions as they are written.
 * @param {string} activation
 * @param {Math} a
 * @param {Math} bracketed the same in brackets where it is negative
 * @returns {Line} from the equals sign on
 */
function applied(activation, a, bracketed = a) {
  switch (activation) {
    case "sigmoid":
      return [
        op("="),
        frac(whole(1), row(whole(1), op("+"), sup(name("e"), row(op("−"), bracketed)))),
      ];
    case "relu":
      return [op("="), row(name("max"), brackets(row(whole(0), op(","), a)))];
    default:
      return [op("="), row(name(functionName(activation)), brackets(a))];
  }
}

/** @param {Given} given @param {number} layer @param {number} unit @param {number} before @param {number} after @returns {Block} */
function normBlock({explanation, parameters, server}, layer, unit, before, after) {
  const places = normOf(server.facts.layout, layer, unit);
  const [mean = Number.NaN, deviation = Number.NaN] = array(explanation, "norm");
  const [scale, shift] = [
    parameters[places?.scale ?? -1] ?? Number.NaN,
    parameters[places?.shift ?? -1] ?? Number.NaN,
  ];
  const whose = explanation.head.trains ? "the batch" : "all batches so far";
  return formula(
    [
      of("â", unit, layer), op("="), name("γ"),
      frac(row(of("a", unit, layer), op("−"), name("μ")), name("σ")),
      op("+"), name("β"), words(` (batch norm; μ and σ of ${whose})`),
    ], // biome-ignore format: a formula in one line
    [
      op("="),
      factor(scale),
      op("·"),
      frac(row(factor(before), op("−"), factor(mean)), num(deviation)),
      op("+"),
      factor(shift),
    ],
    [op("="), num(after)],
  );
}

/** What the output makes of its sum. @param {Given} given @param {number} unit @param {number} value @returns {Block[]} */
function answerBlocks({explanation, server}, unit, value) {
  const {objective} = server.facts;
  const layer = explanation.head.layers.length;
  const answer = outputsOf(explanation)[unit - 1] ?? Number.NaN;
  const a = of("a", unit, layer);
  if (objective === "cross-entropy")
    return [
      formula(
        [
          name("y"),
          op("="),
          row(name("σ"), brackets(a)),
          op("="),
          frac(whole(1), row(whole(1), op("+"), sup(name("e"), row(op("−"), a)))),
        ],
        [op("="), num(answer), words(" (probability of blue)")],
      ),
    ];
  if (objective === "categorical-cross-entropy")
    return [
      formula(
        [
          sub(name("y"), whole(unit)), op("="),
          frac(sup(name("e"), a), row(sumOver("r"), sup(name("e"), of("a", "r", layer)))),
        ], // biome-ignore format: a formula in one line
        [op("="), num(answer), words(` (softmax: probability of class ${unit})`)],
      ),
    ];
  return [
    formula([
      name("y"),
      op("="),
      of(value === answer ? "o" : "a", unit, layer),
      op("="),
      num(answer),
    ]),
  ];
}

/** E of the point, and of the batch. @param {Given} given @returns {Block[]} */
export function lossBlocks({explanation, server}) {
  const {head} = explanation;
  const targets = array(explanation, "targets");
  const [y = Number.NaN] = outputsOf(explanation);
  const [t = Number.NaN] = targets;
  const n = sub(name("E"), name("n"));
  const value = num(head.loss?.loss ?? null);
  /** @type {Block[]} */
  const blocks = [];
  if (head.loss?.objective === "squared-error")
    blocks.push(
      formula(
        [
          n,
          op("="),
          frac(whole(1), whole(2)),
          sup(brackets(row(name("y"), op("−"), name("t"))), whole(2)),
        ],
        [
          op("="),
          frac(whole(1), whole(2)),
          sup(brackets(row(num(y), op("−"), factor(t))), whole(2)),
        ],
        [op("="), value],
      ),
    );
  else if (head.loss?.objective === "cross-entropy")
    blocks.push(
      formula(
        [
          n,
          op("="),
          op("−"),
          row(name("t"), name("log"), name("y")),
          op("−"),
          brackets(row(whole(1), op("−"), name("t"))),
          name("log"),
          brackets(row(whole(1), op("−"), name("y"))),
        ],
        [
          op("="),
          op("−"),
          num(t),
          row(name("log"), num(y)),
          op("−"),
          num(1 - t),
          name("log"),
          brackets(row(whole(1), op("−"), num(y))),
        ],
        [op("="), value],
      ),
    );
  else blocks.push(manyClasses(targets, outputsOf(explanation), n, value));
  if (server.settings.label_smoothing > 0 && head.loss?.objective !== "squared-error")
    blocks.push(
      say("The target is smoothed; the losses beside the chart are those of the true labels."),
    );
  if (head.count > 1)
    blocks.push(
      formula(
        [name("E"), op("="), frac(whole(1), name("B")), sumOver("n"), n],
        [
          op("="),
          num(head.loss?.mean ?? null),
          words(` (mean of the ${head.count} points of the batch)`),
        ],
      ),
    );
  return blocks;
}

/** @param {Float32Array} targets @param {Float32Array} outputs @param {Math} n @param {Math} value @returns {Block} */
function manyClasses(targets, outputs, n, value) {
  const numbers = [...targets].flatMap((t, k) =>
    t ? [row(op("−"), num(t), op("·"), name("log"), num(outputs[k] ?? Number.NaN))] : [],
  );
  return formula(
    [
      n,
      op("="),
      op("−"),
      sumOver("k"),
      sub(name("t"), name("k")),
      name("log"),
      sub(name("y"), name("k")),
    ],
    [op("="), ...numbers],
    [op("="), value],
  );
}
