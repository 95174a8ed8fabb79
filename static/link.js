/** The experiment in the address bar: `#dataset=xor&hidden=4,2`, only what differs from the defaults. */

/** @import {Settings} from "./protocol.js" */

/** @typedef {Partial<Record<keyof Settings, unknown>>} Changes */

/** @type {Required<Settings>} */
export const DEFAULTS = {
  dataset: "circle",
  noise: 0,
  train_share: 50,
  seed: "0.12345",
  draw: 0,
  inputs: ["x", "y"],
  hidden: [4, 2],
  activation: "tanh",
  loss: "squared-error",
  learning_rate: 0.03,
  batch_size: 10,
  regularization: "none",
  regularization_rate: 0,
};

const LISTS = new Set(["inputs", "hidden"]);
const NUMBERS = new Set([
  "noise",
  "train_share",
  "draw",
  "learning_rate",
  "regularization_rate",
  "batch_size",
  "hidden",
]);

/**
 * @param {Settings} settings
 * @returns {string} with its #, or "" for the defaults
 */
export function writeLink(settings) {
  const parts = Object.entries(DEFAULTS)
    .map(([name, standard]) => [name, settings[/** @type {keyof Settings} */ (name)] ?? standard])
    .filter(
      ([name, value]) => String(value) !== String(DEFAULTS[/** @type {keyof Settings} */ (name)]),
    )
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value)).replaceAll("%2C", ",")}`);
  return parts.length ? `#${parts.join("&")}` : "";
}

/**
 * The settings that a link names; the server judges their values.
 * @param {string} hash
 * @returns {{settings: Changes, unknown: string[]}}
 */
export function readLink(hash) {
  /** @type {Changes} */
  const settings = {};
  /** @type {string[]} */
  const unknown = [];
  for (const part of hash.replace(/^#/, "").split("&")) {
    if (!part) continue;
    const [name = "", text = ""] = part.split(/=(.*)/s, 2);
    if (name in DEFAULTS)
      settings[/** @type {keyof Settings} */ (name)] = readValue(name, decode(text));
    else unknown.push(name);
  }
  return {settings, unknown};
}

/**
 * @param {string} name
 * @param {string} text
 */
function readValue(name, text) {
  if (!LISTS.has(name)) return readItem(name, text);
  return text === "" ? [] : text.split(",").map(item => readItem(name, item));
}

/**
 * A number where one is meant and there is one; otherwise the text, which the server will explain.
 * @param {string} name
 * @param {string} text
 */
function readItem(name, text) {
  const value = Number(text);
  return NUMBERS.has(name) && text !== "" && Number.isFinite(value) ? value : text;
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
