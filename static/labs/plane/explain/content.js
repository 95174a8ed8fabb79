/** What the panel says in a phase of a step, for the unit that is looked at. */

/** @import {Explaining, Unit} from "../page.js" */
/** @import {Block, Given} from "./symbols.js" */
/** @import {Phase} from "./phases.js" */

import {featureOf, unitName} from "../unit-names.js";
import {backBlocks, chainBlocks} from "./backward.js";
import {gradientBlocks, updateBlocks} from "./descent.js";
import {array, outputsOf} from "./explanation.js";
import {forwardBlocks, lossBlocks} from "./forward.js";
import {name, num, op, row, sub, whole} from "./math.js";
import {phaseName} from "./phases.js";
import {formula, say} from "./symbols.js";

/**
 * @param {Given} given
 * @param {Phase} phase
 * @param {Unit} unit
 * @param {Pick<Explaining, "chosen" | "isChecked">} own
 * @returns {{title: string, blocks: Block[]}}
 */
export function contentOf(given, phase, unit, own) {
  const {layer, neuron} = unit;
  const title = phaseName(phase, given.explanation.head.layers.length);
  const ofUnit = `${KINDS[phase.kind] ?? title} · ${unitName(given.server, unit)}`;
  switch (phase.kind) {
    case "example":
      return {title, blocks: exampleBlocks(given)};
    case "forward":
      return {title: ofUnit, blocks: forwardBlocks(given, layer, neuron)};
    case "loss":
      return {title, blocks: lossBlocks(given)};
    case "back":
      return {title: ofUnit, blocks: backBlocks(given, layer, neuron)};
    case "chain":
      return {title, blocks: chainBlocks(given)};
    case "gradient":
      return {title: ofUnit, blocks: gradientBlocks(given, layer, neuron, own.isChecked)};
    case "update":
      return {title: ofUnit, blocks: updateBlocks(given, layer, own.chosen)};
  }
}

/** @type {Partial<Record<Phase["kind"], string>>} */
const KINDS = {forward: "Forward", back: "Backward: δ"};

/** The point: its features, its target and what the network says. @param {Given} given @returns {Block[]} */
function exampleBlocks({explanation, server}) {
  const {head} = explanation;
  const features = server.settings.inputs.map((input, i) =>
    row(
      name(featureOf(server, input)),
      op("="),
      num(array(explanation, "inputs")[i] ?? Number.NaN),
    ),
  );
  const [outputs, targets] = [outputsOf(explanation), array(explanation, "targets")];
  const subscript = (/** @type {string} */ letter, /** @type {number} */ k) =>
    outputs.length > 1 ? sub(name(letter), whole(k + 1)) : name(letter);
  const answers = [...outputs].map((y, k) => row(subscript("y", k), op("="), num(y)));
  const wanted = [...targets].map((t, k) => row(subscript("t", k), op("="), num(t)));
  return [
    say(whichPoint(head)),
    formula(features),
    say("Click a neuron to see where its number comes from. The network says"),
    formula(answers),
    ...(targets.length
      ? [
          say("and should say"),
          formula(wanted),
          formula([sub(name("E"), name("n")), op("="), num(head.loss?.loss ?? null)]),
        ]
      : []),
    ...(head.trains
      ? [say("In a training step, so dropout and batch norm do what they do in training.")]
      : []),
  ];
}

/** @param {import("./explanation.js").Head} head */
function whichPoint({of, count, example, numbers}) {
  if (of === "batch")
    return `Point ${example + 1} of the ${count} in the next batch: training point ${numbers?.[example] ?? ""}.`;
  if (typeof of === "number") return `Training point ${of}, alone.`;
  return `The place ${of[0]}, ${of[1]} of the plane. It has no target, so there is no loss.`;
}
