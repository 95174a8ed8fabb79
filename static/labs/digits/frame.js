/** A frame and the test digits as the views of the digits lab want them: arrays by name. */

/** @import {Frame as AnyFrame} from "../../session/frame.js" */
/** @import {Message, Tensor} from "../../session/safetensors.js" */
/** @import {Digits, TwinName} from "./page.js" */

import {bytes, floats, readFrame as readAnyFrame} from "../../session/frame.js";

/**
 * Pictures of the filters' values, one after the other; shade 0 stands for `low`, 255 for `high`.
 * @typedef {{side: number, pictures: Uint8Array, low: number, high: number}} Maps
 */
/** A test digit, and what a network, 0 for the plain one, has read instead. @typedef {{twin: number, digit: number, said: number}} Misread */

/**
 * Numbers of one layer for the image on the pad.
 * @typedef {object} Inside
 * @property {string} layer whose they are: “plain,1”
 * @property {Float32Array} source what it sees: (channels, side, side), or of a dense layer in the order of its weights
 * @property {Float32Array} sums before pooling and activation
 * @property {Float32Array} values after them; of the last layer, its sums
 * @property {Float32Array | null} answers (2, 10): the probabilities of both networks, the plain one's first
 */

/**
 * What is of both networks has the plain one first.
 * @typedef {object} Own
 * @property {Float32Array | null} parameters of the convolutional network, layer by layer: weights, then biases
 * @property {Float32Array | null} plainParameters the same of the plain one
 * @property {Float32Array | null} accuracy on the test digits
 * @property {Float32Array | null} confusion (2, 10, 10): how many digits of a class, by row, are taken for which
 * @property {Uint8Array | null} said (2, test digits): the class that each is taken for, 255 where unknown
 * @property {Float32Array | null} answers (2, 10): the probabilities for the image on the pad; null for an empty pad
 * @property {Uint8Array | null} image on the pad, as the networks see it
 * @property {(Maps | null)[]} maps of each convolution for that image
 * @property {Inside | null} inside numbers of the layer that is looked into
 * @property {Float32Array | null} shiftMap (2, 13, 13): the accuracy by pixels down, then to the right
 * @property {Uint8Array | null} shiftMapNew (13, 13): 1 where it was measured less than an epoch ago, and since the last edit
 * @property {number} shiftMapDone the share of it that is of the present networks
 * @property {Misread[] | null} misread at the shift that is looked at
 * @property {string} misreadAt that shift, "right,down"
 * @property {number[] | null} strongest the test digits that excite the unit in focus most, strongest first
 * @property {boolean} isIdle none excites it
 * @property {string} focus that unit, "layer,unit"
 * @property {string} focusTwin the network whose it is
 * @property {Float32Array | null} readouts (2, layers): what a linear read-out of each layer scores; NaN for none
 * @property {Float32Array | null} pixelsReadout (1,): the same of the image itself
 */
/** @typedef {AnyFrame & Own} Frame */

/** What a frame may leave out while it does not change. */
const KEPT = /** @type {const} */ ([
  "parameters",
  "plainParameters",
  "accuracy",
  "confusion",
  "said",
  "shiftMap",
  "shiftMapNew",
  "readouts",
  "pixelsReadout",
]);

/**
 * @param {Message} message
 * @returns {Frame}
 */
export function readFrame(message) {
  const {metadata, tensors} = message;
  const optional = (/** @type {string} */ name) => (tensors[name] ? floats(tensors[name]) : null);
  return {
    ...readAnyFrame(message),
    parameters: optional("parameters_convolutional"),
    plainParameters: optional("parameters_plain"),
    accuracy: optional("accuracy"),
    confusion: optional("confusion"),
    said: tensors.said ? bytes(tensors.said) : null,
    answers: optional("answers"),
    image: tensors.image ? bytes(tensors.image) : null,
    maps: readMaps(message),
    inside: readInside(message),
    shiftMap: optional("shift_map"),
    shiftMapNew: tensors.shift_map_new ? bytes(tensors.shift_map_new) : null,
    shiftMapDone: Number(metadata.shift_map_done || 0),
    misread: tensors.misread ? readMisread(floats(tensors.misread)) : null,
    misreadAt: metadata.cell ?? "",
    strongest: tensors.strongest ? readStrongest(floats(tensors.strongest)) : null,
    isIdle: isIdle(message),
    focus: metadata.focus ?? "",
    focusTwin: metadata.inside ?? "",
    readouts: optional("readouts"),
    pixelsReadout: optional("readout_pixels"),
  };
}

/** @param {Message} message @returns {Inside | null} */
function readInside({metadata, tensors}) {
  const {layer_source: source, layer_sums: sums, layer_values: values} = tensors;
  if (!source || !sums || !values) return null;
  return {
    layer: metadata.layer ?? "",
    source: floats(source),
    sums: floats(sums),
    values: floats(values),
    answers: tensors.answers ? floats(tensors.answers) : null,
  };
}

/** The weights of one network. @param {Frame} frame @param {TwinName} twin */
export function parametersIn({parameters, plainParameters}, twin) {
  return twin === "plain" ? plainParameters : parameters;
}

/** @param {Message} message */
function readMaps({metadata, tensors}) {
  const ranges = (metadata.map_ranges ?? "").split(";");
  return Array.from({length: MOST_LAYERS}, (_, i) =>
    mapsOf(tensors[`maps_${i + 1}`], ranges[i] ?? ""),
  );
}

const MOST_LAYERS = 4;

/**
 * @param {Tensor | undefined} tensor (filters, side, side); of a dense layer it has no pictures
 * @param {string} range "low,high"
 * @returns {Maps | null}
 */
function mapsOf(tensor, range) {
  if (!tensor || tensor.shape.length < 3) return null;
  const [low = 0, high = 0] = range.split(",").map(Number);
  return {side: tensor.shape.at(-1) ?? 0, pictures: bytes(tensor), low, high};
}

/** @param {Float32Array} rows */
function readMisread(rows) {
  const misread = [];
  for (let i = 0; i + 2 < rows.length; i += 3)
    misread.push({twin: rows[i] ?? 0, digit: rows[i + 1] ?? 0, said: rows[i + 2] ?? 0});
  return misread;
}

/**
 * Those that were not looked at yet excite it by minus infinity; 0 is what a ReLU makes of sums below it.
 * @param {Float32Array} rows digit and how much
 */
function readStrongest(rows) {
  const digits = [];
  for (let i = 0; i + 1 < rows.length; i += 2)
    if (rows[i + 1] && Number.isFinite(rows[i + 1])) digits.push(rows[i] ?? 0);
  return digits;
}

/** @param {Message} message */
function isIdle({metadata, tensors}) {
  const isDone = metadata.strongest_done && Number(metadata.strongest_done) === 1;
  return Boolean(isDone && tensors.strongest && !readStrongest(floats(tensors.strongest)).length);
}

/**
 * Answers and maps are of an image, and go with it; the rest stays until it comes anew.
 * @param {Frame} newest
 * @param {Frame | null} before of the same run
 * @returns {Frame}
 */
export function completed(newest, before) {
  if (!before) return newest;
  const result = {...newest};
  for (const name of KEPT) Object.assign(result, {[name]: newest[name] ?? before[name]});
  if (newest.image) {
    result.maps = newest.maps.map((maps, i) => maps ?? before.maps[i] ?? null);
    result.inside ??= before.inside;
  }
  if (!newest.misread && newest.misreadAt === before.misreadAt) result.misread = before.misread;
  return result;
}

/**
 * @param {Message} message
 * @returns {Digits}
 */
export function readDigits({metadata, tensors}) {
  return {
    run: Number(metadata.run),
    images: bytes(tensors.test),
    labels: bytes(tensors.labels),
    pixels: floats(tensors.pixels),
  };
}
