/** The way back of one unit: what comes back to it, the slopes on its way, and its δ. */

/** @import {Block, Given, Line} from "./symbols.js" */
/** @import {Math} from "./math.js" */

import {weightsOf} from "../parameters.js";
import {array, number, outputsOf, readsOf, valuesOf} from "./explanation.js";
import {functionName} from "./forward.js";
import {
  brackets,
  factor,
  frac,
  name,
  num,
  op,
  row,
  short,
  slope,
  sub,
  sup,
  whole,
  words,
} from "./math.js";
import {formula, of, say, sumOfProducts, sumOver, superscript, weight} from "./symbols.js";

/**
 * @param {Given} given
 * @param {number} layer
 * @param {number} unit from 1
 * @returns {Block[]}
 */
export function backBlocks(given, layer, unit) {
  const {layers} = given.explanation.head;
  const isLast = layer === layers.length;
  const came = isLast ? fromLoss(given, unit) : cameBack(given, layer, unit);
  return [...came, ...throughStages(given, layer, unit, isLast)];
}

/** ∂E/∂ of what the loss reads. @param {Given} given @param {number} unit @returns {Block[]} */
function fromLoss(given, unit) {
  const {explanation} = given;
  const layer = explanation.head.layers.length;
  const y = outputsOf(explanation)[unit - 1] ?? Number.NaN;
  const t = number(explanation, "targets", unit - 1);
  const back = number(explanation, "loss slopes", unit - 1);
  switch (explanation.head.loss?.objective) {
    case "cross-entropy":
      return [derivation(given, y, t, back)];
    case "categorical-cross-entropy":
      return [
        formula(
          [
            slope(of("a", unit, layer), sub(name("E"), name("n"))),
            op("="),
            row(sub(name("y"), whole(unit)), op("−"), sub(name("t"), whole(unit))),
          ],
          [op("="), num(y), op("−"), num(t)],
          [op("="), num(back)],
        ),
        say(
          "Softmax with cross-entropy: the slope of the loss by a logit is probability minus target.",
        ),
      ];
    default:
      return [
        formula(
          [
            slope(name("y"), sub(name("E"), name("n"))),
            op("="),
            row(name("y"), op("−"), name("t")),
          ],
          [op("="), factor(y), op("−"), factor(t)],
          [op("="), num(back)],
        ),
      ];
  }
}

/** The slide's lines for sigmoid with cross-entropy. @param {Given} given @param {number} y @param {number} t @param {number} back @returns {Block} */
function derivation({explanation}, y, t, back) {
  const layer = explanation.head.layers.length;
  const a = of("a", 1, layer);
  const e = sub(name("E"), name("n"));
  const variance = row(name("y"), brackets(row(whole(1), op("−"), name("y"))));
  return formula(
    [slope(a, e), op("="), slope(name("y"), e), op("·"), slope(a, name("y"))],
    [
      slope(name("y"), e), op("="), row(op("−"), frac(name("t"), name("y"))), op("+"),
      frac(row(whole(1), op("−"), name("t")), row(whole(1), op("−"), name("y"))), op("="),
      frac(row(name("y"), op("−"), name("t")), variance), op("="),
      frac(row(num(y), op("−"), num(t)), row(num(y), brackets(row(whole(1), op("−"), num(y))))),
    ], // biome-ignore format: a formula in one line
    [
      slope(a, name("y")),
      op("="),
      variance,
      op("="),
      num(y),
      brackets(row(whole(1), op("−"), num(y))),
    ],
    [
      row(slope(a, e), op("=")),
      row(name("y"), op("−"), name("t")),
      op("="),
      num(y),
      op("−"),
      num(t),
      op("="),
      num(back),
    ],
    lastLine(explanation.head.layers.length, back),
  );
}

/** (y − t) o_j: with δ the gradient of a weight. @param {number} layer @param {number} back @returns {Line} */
function lastLine(layer, back) {
  return [
    row(slope(weight(1, "j", layer), sub(name("E"), name("n"))), op("=")),
    row(brackets(row(name("y"), op("−"), name("t"))), of("o", "j", layer - 1)),
    op("="),
    row(factor(back), op("·"), of("o", "j", layer - 1)),
  ];
}

/** Σ w δ of every later layer that reads this one. @param {Given} given @param {number} layer @param {number} unit @returns {Block[]} */
function cameBack(given, layer, unit) {
  const {explanation} = given;
  const {returns = []} = explanation.head.layers[layer - 1] ?? {};
  const slopeOf = slope(of("o", unit, layer), sub(name("E"), name("n")));
  const parts = returns.map(({layer: from, by}) =>
    by === "residual"
      ? formula([
          slope(of("o", unit, from), sub(name("E"), name("n"))),
          op("="),
          num(number(explanation, `layer ${layer} residual from ${from}`, unit - 1)),
          words(` (around layer ${from}, by its residual link)`),
        ])
      : byWeights(given, {layer, unit, from, slopeOf}),
  );
  if (returns.length === 1) return parts;
  const all = returns.map(({layer: from, by}, i) =>
    row(
      op(i ? "+" : "="),
      factor(number(explanation, `layer ${layer} ${by} from ${from}`, unit - 1)),
    ),
  );
  return [...parts, formula([slopeOf, ...all], [op("="), num(cameTo(given, layer, unit))])];
}

/** What comes back to the value of a unit. @param {Given} given @param {number} layer @param {number} unit */
function cameTo({explanation}, layer, unit) {
  const stage = explanation.head.layers[layer - 1]?.stages.at(-1);
  return number(explanation, `layer ${layer} ${stage ? `${stage} back` : "delta"}`, unit - 1);
}

/** @param {Given} given @param {{layer: number, unit: number, from: number, slopeOf: Math}} which @returns {Block} */
function byWeights({explanation, parameters, server}, {layer, unit, from, slopeOf}) {
  const {shape, layout} = server.facts;
  const reads = readsOf(shape, server.settings.connections, from);
  const column = reads.findIndex(read => read.layer === layer && read.unit === unit);
  const deltas = array(explanation, `layer ${from} delta`);
  const pairs = Array.from(
    deltas,
    (delta, m) =>
      /** @type {const} */ ([
        parameters[weightsOf(layout, from, m + 1).first + column] ?? Number.NaN,
        delta,
      ]),
  );
  return formula(
    [slopeOf, row(op("="), sumOver("m")), row(weight("m", unit, from), of("δ", "m", from))],
    sumOfProducts(pairs),
    [op("="), num(number(explanation, `layer ${layer} weights from ${from}`, unit - 1))],
  );
}

/** From the unit's value back to its sum. @param {Given} given @param {number} layer @param {number} unit @param {boolean} isLast @returns {Block[]} */
function throughStages({explanation, server}, layer, unit, isLast) {
  const {stages = [], activation = ""} = explanation.head.layers[layer - 1] ?? {};
  const delta = number(explanation, `layer ${layer} delta`, unit - 1);
  const d = of("δ", unit, layer);
  const e = sub(name("E"), name("n"));
  if (stages.includes("batch-norm") && explanation.head.trains)
    return [
      formula([d, op("="), num(delta)]),
      say(
        "Batch norm ties the points of a batch together, so this δ depends on all of them; the engine has it.",
      ),
    ];
  const passed = stages.filter(stage => stage !== "residual");
  if (!passed.length)
    return [
      formula([
        d,
        op("="),
        isLast ? slope(of("a", unit, layer), e) : slope(of("o", unit, layer), e),
        op("="),
        num(delta),
      ]),
    ];
  const back = passed.toReversed();
  const came = number(explanation, `layer ${layer} ${passed.at(-1)} back`, unit - 1);
  const signs = back.map(stage => row(op("·"), slopeSign(stage, unit, layer)));
  const numbers = back.map(stage =>
    row(op("·"), factor(number(explanation, `layer ${layer} ${stage} slope`, unit - 1))),
  );
  const start =
    isLast && server.facts.objective === "squared-error" ? name("y") : of("o", unit, layer);
  /** @type {Block[]} */
  const blocks = [
    formula(
      [row(d, op("=")), slope(start, e), ...signs],
      [row(op("="), factor(came)), ...numbers],
      [op("="), num(delta)],
    ),
  ];
  if (stages.includes("activation"))
    blocks.push(say(slopeWords({explanation, activation, layer, unit})));
  return blocks;
}

/** @param {string} stage @param {number} unit @param {number} layer @returns {Math} */
function slopeSign(stage, unit, layer) {
  switch (stage) {
    case "activation":
      return row(sup(name("f"), op("′")), brackets(of("a", unit, layer)));
    case "batch-norm":
      return frac(name("γ"), name("σ"));
    case "dropout":
      return words("dropout");
    default:
      return words("on or off");
  }
}

/** The slope of the activation, and whether it holds the way back up. @param {{explanation: import("./explanation.js").Explanation, activation: string, layer: number, unit: number}} what */
function slopeWords({explanation, activation, layer, unit}) {
  const steep = number(explanation, `layer ${layer} activation slope`, unit - 1);
  const value = valuesOf(explanation, layer)[unit - 1] ?? Number.NaN;
  const known = {
    sigmoid: "f′ = o (1 − o), at most 0.25",
    tanh: "f′ = 1 − o², at most 1",
    relu: "f′ is 1 above 0, else 0",
  }[activation];
  const about = known ?? `f is ${functionName(activation)}`;
  const weak =
    steep === 0
      ? " Nothing passes back here."
      : Math.abs(steep) < 0.05
        ? ` Saturated at ${short(value)}: little passes back.`
        : "";
  return `What comes back, times the slope: ${about}.${weak}`;
}

/** The factors of the whole way back. @param {Given} given @returns {Block[]} */
export function chainBlocks({explanation}) {
  const {chain, layers} = explanation.head;
  if (!chain) return [];
  const norm = (/** @type {number} */ l) => row(op("‖"), sup(name("δ"), superscript(l)), op("‖"));
  const rows = chain.links
    .toReversed()
    .map(link => [
      row(norm(link.layer), op("="), num(chain.sizes[link.layer - 1] ?? Number.NaN)),
      num(link.weights),
      num(link.slopes),
      num(link.weights * link.slopes),
      SMALL[link.cause] ?? "",
    ]);
  const last = num(chain.sizes.at(-1) ?? Number.NaN);
  return [
    formula([row(norm(layers.length), op("="), last), words(" at the output")]),
    say("From layer to layer δ is multiplied by weights and by slopes:"),
    {kind: "table", head: ["Layer", "Weights", "Slopes", "Factor", "Small because of"], rows},
    formula([
      row(frac(norm(1), norm(layers.length)), op("=")),
      num(chain.ratio),
      words(" (the product of all factors)"),
    ]),
    say(causeWords(chain)),
  ];
}

const VANISHED = 0.01; // of the last layer’s δ

/** @type {Record<string, string>} */
const SMALL = {dead: "units that pass nothing", slopes: "slopes", weights: "weights"};

/** What has made the first layer's δ small, with the factors of the whole way. @param {import("./explanation.js").Chain} chain */
function causeWords({cause, links, ratio}) {
  if (!cause) return "No factor is small: the first layer learns about as fast as the last.";
  const start = ratio < VANISHED ? "Gradients vanish" : "Gradients become smaller";
  if (cause === "dead") return `${start}: many units are dead, so nothing passes them.`;
  const product = (/** @type {"slopes" | "weights"} */ what) =>
    short(links.reduce((whole, link) => whole * link[what], 1));
  const most = cause === "slopes" ? "the slopes of the activations" : "the weights";
  return `${start}, most of all by ${most}: on the whole way the slopes multiply by ${product("slopes")}, the weights by ${product("weights")}.`;
}
