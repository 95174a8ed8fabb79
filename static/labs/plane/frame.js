/** Reads a frame and the points for the plane's views: numbers and arrays by name. */

/** @import {Classes} from "../../drawing/picture.js" */
/** @import {Frame as AnyFrame} from "../../session/frame.js" */
/** @import {Message} from "../../session/safetensors.js" */
/** @import {Explanation} from "./explain/explanation.js" */
/** @import {Space} from "./space/told-space.js" */
/** @import {Surface} from "./surface/surface.js" */

import {bytes, floats, readFrame as readAnyFrame} from "../../session/frame.js";
import {readExplanation} from "./explain/explanation.js";
import {readSpace} from "./space/told-space.js";
import {readSurface} from "./surface/surface.js";

/**
 * @typedef {object} Own
 * @property {Float32Array} parameters
 * @property {{train: Float32Array, test: Float32Array}} metrics how many of each class are taken for which, row by row;
 *   in a regression RMSE and R²
 * @property {Float32Array | null} layers four figures of each layer, if the page shows them
 * @property {number} side of the large pictures, in pixels
 * @property {Uint8Array | null} output of a network that has only one
 * @property {Classes | null} classes over the plane, of a network with several outputs
 * @property {Uint8Array | null} neurons small pictures of the hidden neurons and of several outputs, one after the
 *   other; while training runs not every frame brings them
 * @property {number} smallSide of those
 * @property {string} focus "layer,neuron" of the focus picture, or ""
 * @property {Uint8Array | null} focusPicture
 * @property {readonly [number, number] | null} at the place that is looked at
 * @property {Float32Array | null} atValues each output there, then the value of the neuron in focus
 * @property {Float32Array | null} answers four figures of each point: see docs/protocol.md
 * @property {Explanation | null} explanation of a training step, if the page asks for one
 * @property {Surface | null} surface of the loss, if the page asks for one
 * @property {Space | null} space of the layer that is open
 */
/** @typedef {AnyFrame & Own} Frame */

/**
 * @typedef {object} Points
 * @property {number} run
 * @property {Float32Array} train x, y, label, x, y, label, …
 * @property {Float32Array} test
 * @property {Uint8Array} features eight pictures of 50 x 50
 */

/**
 * @param {Message} message
 * @returns {Frame}
 */
export function readFrame(message) {
  const {metadata, tensors} = message;
  return {
    ...readAnyFrame(message),
    parameters: floats(tensors.parameters),
    metrics: halves(floats(tensors.metrics)),
    layers: tensors.layers ? floats(tensors.layers) : null,
    side: (tensors.classes ?? tensors.output)?.shape.at(-1) ?? 0,
    output: tensors.output ? bytes(tensors.output) : null,
    classes: tensors.classes ? readClasses(bytes(tensors.classes)) : null,
    neurons: tensors.neurons ? bytes(tensors.neurons) : null,
    smallSide: tensors.neurons?.shape.at(-1) ?? 0,
    focus: metadata.focus ?? "",
    focusPicture: tensors.focus ? bytes(tensors.focus) : null,
    at: metadata.at ? readPlace(metadata.at) : null,
    atValues: tensors.at ? floats(tensors.at) : null,
    answers: tensors.answers ? floats(tensors.answers) : null,
    explanation: readExplanation(message),
    surface: readSurface(message),
    space: readSpace(message),
  };
}

/**
 * A frame that comes without the neurons' pictures keeps those of the frame before.
 * @param {Frame} newest
 * @param {Frame | null} before of the same run
 * @returns {Frame}
 */
export function completed(newest, before) {
  if (newest.neurons || !before) return newest;
  return {...newest, neurons: before.neurons, smallSide: before.smallSide};
}

/**
 * @param {Message} message
 * @returns {Points}
 */
export function readPoints({metadata, tensors}) {
  return {
    run: Number(metadata.run),
    train: floats(tensors.train),
    test: floats(tensors.test),
    features: bytes(tensors.features),
  };
}

/** @param {string} text "x,y" @returns {[number, number]} */
function readPlace(text) {
  const [x = 0, y = 0] = text.split(",").map(Number);
  return [x, y];
}

/**
 * Whether they look the same, even if they are of different runs.
 * @param {Pick<Points, "train" | "test">} a
 * @param {Pick<Points, "train" | "test">} b
 */
export function samePoints(a, b) {
  return equal(a.train, b.train) && equal(a.test, b.test);
}

/**
 * @param {Float32Array} a
 * @param {Float32Array} b
 */
function equal(a, b) {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/** @param {Uint8Array} values @returns {Classes} */
function readClasses(values) {
  const middle = values.length / 2;
  return {winners: values.subarray(0, middle), confidence: values.subarray(middle)};
}

/** @param {Float32Array} values of the training points, then of the test points */
function halves(values) {
  const middle = values.length / 2;
  return {train: values.subarray(0, middle), test: values.subarray(middle)};
}
