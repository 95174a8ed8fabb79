/** What every frame brings, whatever learns: where the run is, its losses by name, its speed. A lab reads the rest. */

/** @import {Message, Tensor} from "./safetensors.js" */

/**
 * @typedef {object} Frame
 * @property {number} run
 * @property {number} number of the frame, to be acknowledged
 * @property {number} applied the newest command that it reflects
 * @property {number} epoch
 * @property {number} step
 * @property {number} stepInEpoch mini-batches since the last whole epoch
 * @property {number} stepsInEpoch
 * @property {Record<string, number | null>} losses by name, in the order of the history; null while it is not finite
 * @property {number} epochsPerSecond
 * @property {number} stepsPerSecond
 * @property {{start: number, samples: Float32Array}} history epoch and each loss, epoch and each loss, …
 * @property {string} coarseFor why: "crowd" while many sessions share the server, "link" while frames take long, or ""
 * @property {string} health the verdict on the run as JSON, or ""
 */

/**
 * @param {Message} message
 * @returns {Frame}
 */
export function readFrame({metadata, tensors}) {
  return {
    run: Number(metadata.run),
    number: Number(metadata.frame),
    applied: Number(metadata.applied),
    epoch: Number(metadata.epoch),
    step: Number(metadata.step),
    stepInEpoch: Number(metadata.step_in_epoch),
    stepsInEpoch: Number(metadata.steps_in_epoch),
    losses: readLosses(metadata),
    epochsPerSecond: Number(metadata.epochs_per_second),
    stepsPerSecond: Number(metadata.steps_per_second),
    history: {start: Number(metadata.history_start), samples: floats(tensors.history)},
    coarseFor: metadata.coarse_for ?? "",
    health: metadata.health ?? "",
  };
}

/** @param {Message["metadata"]} metadata */
function readLosses(metadata) {
  /** @type {Frame["losses"]} */
  const losses = {};
  for (const name of (metadata.losses ?? "").split(",")) {
    const text = metadata[`loss_${name}`];
    losses[name] = text ? Number(text) : null;
  }
  return losses;
}

/**
 * @param {Tensor | undefined} tensor
 * @returns {Float32Array}
 */
export function floats(tensor) {
  if (!(tensor?.values instanceof Float32Array)) throw new Error("expected a tensor of F32");
  return tensor.values;
}

/**
 * @param {Tensor | undefined} tensor
 * @returns {Uint8Array}
 */
export function bytes(tensor) {
  if (!(tensor?.values instanceof Uint8Array)) throw new Error("expected a tensor of U8");
  return tensor.values;
}
