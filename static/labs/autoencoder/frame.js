/** A frame and the material as the views of the autoencoder lab want them: arrays by name. */

/** @import {Frame as AnyFrame} from "../../session/frame.js" */
/** @import {Message, Tensor} from "../../session/safetensors.js" */
/** @import {Material} from "./page.js" */

import {bytes, floats, readFrame as readAnyFrame} from "../../session/frame.js";

/** What a frame has of an example: the bytes of an image, or x and y. @typedef {Uint8Array | Float32Array} Picture */
/** Both reconstructions of a test example. @typedef {{number: number, own: Picture, pca: Picture, errors: number[], code: Float32Array}} Rebuilt */
/**
 * @typedef {object} Own
 * @property {Float32Array | null} codes of all test examples
 * @property {{factor: number, correlation: number}[]} followed of each number of the code, of faces
 * @property {number | null} angle between the space of a linear decoder and PCA's, in degrees
 * @property {Rebuilt | null} rebuilt
 * @property {Picture | null} decoded
 * @property {Float32Array | null} rebuiltAll of points: what is made of each
 * @property {Float32Array | null} curve of points: all that a code of one number can say
 */
/** @typedef {AnyFrame & Own} Frame */

/** What a frame may leave out while training runs. */
const KEPT = /** @type {const} */ (["codes", "rebuiltAll", "curve"]);

/** @param {Message} message @returns {Frame} */
export function readFrame(message) {
  const {metadata, tensors} = message;
  const optional = (/** @type {string} */ name) => (tensors[name] ? floats(tensors[name]) : null);
  return {
    ...readAnyFrame(message),
    codes: optional("codes"),
    followed: readFollowed(optional("followed")),
    angle: metadata.angle ? Number(metadata.angle) : null,
    rebuilt: readRebuilt(message),
    decoded: tensors.decoded ? pictureOf(tensors.decoded) : null,
    rebuiltAll: optional("rebuilt_all"),
    curve: optional("curve"),
  };
}

/** @param {Tensor} tensor @returns {Picture} */
function pictureOf(tensor) {
  return tensor.values instanceof Uint8Array ? bytes(tensor) : floats(tensor);
}

/** @param {Message} message @returns {Rebuilt | null} */
function readRebuilt({metadata, tensors: {rebuilt, example_code: code}}) {
  if (!rebuilt || !code) return null;
  const both = pictureOf(rebuilt);
  const half = both.length / 2;
  return {
    number: Number(metadata.example),
    own: both.subarray(0, half),
    pca: both.subarray(half),
    errors: (metadata.example_errors ?? "").split(",").map(Number),
    code: floats(code),
  };
}

/** @param {Float32Array | null} rows factor and correlation */
function readFollowed(rows) {
  return Array.from({length: (rows?.length ?? 0) / 2}, (_, i) => ({
    factor: rows?.[2 * i] ?? 0,
    correlation: rows?.[2 * i + 1] ?? 0,
  }));
}

/** @param {Frame} newest @param {Frame} before of the same run @returns {Frame} */
export function completed(newest, before) {
  const result = {...newest};
  for (const name of KEPT) Object.assign(result, {[name]: newest[name] ?? before[name]});
  if (newest.followed.length === 0) result.followed = before.followed;
  return result;
}

/** @param {Message} message @returns {Material} */
export function readMaterial({metadata, tensors}) {
  const optional = (/** @type {string} */ name) => (tensors[name] ? floats(tensors[name]) : null);
  const isImages = tensors.test?.values instanceof Uint8Array;
  return {
    run: Number(metadata.run),
    images: isImages ? bytes(tensors.test) : null,
    points: isImages ? null : floats(tensors.test),
    labels: bytes(tensors.labels),
    factors: optional("factors"),
    pcaCodes: floats(tensors.pca_codes),
    pcaNumbers: tensors.pca_codes?.shape[1] ?? 1,
    pcaMean: optional("pca_mean"),
    pcaComponents: optional("pca_components"),
  };
}
