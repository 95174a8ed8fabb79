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

const FEATURES = ["x", "y", "xSquared", "ySquared", "xTimesY", "sinX", "sinY"];

/**
 * What a value must be, in words for the visitor. The server judges again, and what depends on other settings it alone.
 * @type {Record<keyof Settings, Rule>}
 */
const RULES = {
  dataset: oneOf("circle", "xor", "gauss", "spiral", "reg-plane", "reg-gauss"),
  noise: numberFrom(0, 50),
  train_share: numberFrom(10, 90),
  seed: {expected: "at most 64 characters", holds: value => String(value).length <= 64},
  draw: numberFrom(0, 1_000_000, true),
  inputs: listOf(oneOf(...FEATURES), FEATURES.length),
  hidden: listOf(numberFrom(1, 32, true), 8),
  activation: oneOf("tanh", "sigmoid", "relu", "linear"),
  loss: oneOf("squared-error", "cross-entropy"),
  learning_rate: numberFrom(0, 1000),
  batch_size: or(numberFrom(1, 500, true), oneOf("all")),
  regularization: oneOf("none", "L1", "L2"),
  regularization_rate: numberFrom(0, 1000),
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
 * The settings that a link names. What cannot be is left out, and said.
 * @param {string} hash
 * @returns {{settings: Changes, complaints: string[]}}
 */
export function readLink(hash) {
  /** @type {Changes} */
  const settings = {};
  /** @type {string[]} */
  const complaints = [];
  for (const part of hash.replace(/^#/, "").split("&")) {
    if (!part) continue;
    const [name = "", text = ""] = part.split(/=(.*)/s, 2);
    if (!isSetting(name)) {
      complaints.push(`“${shorten(name)}” is no setting`);
      continue;
    }
    const value = readValue(name, decode(text));
    const {holds, expected} = RULES[name];
    if (holds(value)) settings[name] = value;
    else complaints.push(`${name}: “${shorten(decode(text))}” came, expected ${expected}`);
  }
  return {settings, complaints};
}

/** @param {string} name @returns {name is keyof Settings} */
function isSetting(name) {
  return Object.hasOwn(DEFAULTS, name);
}

/** @param {string} text */
function shorten(text) {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** @typedef {{expected: string, holds: (value: unknown) => boolean}} Rule */

/** @param {string[]} choices @returns {Rule} */
function oneOf(...choices) {
  return {
    expected: choices.length === 1 ? `“${choices[0]}”` : `one of ${choices.join(", ")}`,
    holds: value => choices.includes(String(value)),
  };
}

/** @param {number} low @param {number} high @param {boolean} whole @returns {Rule} */
function numberFrom(low, high, whole = false) {
  return {
    expected: `a ${whole ? "whole " : ""}number from ${low} to ${high.toLocaleString("en-US")}`,
    holds: value =>
      typeof value === "number" &&
      value >= low &&
      value <= high &&
      (!whole || Number.isInteger(value)),
  };
}

/** @param {Rule} item @param {number} most @returns {Rule} */
function listOf(item, most) {
  return {
    expected: `at most ${most}, each ${item.expected}`,
    holds: value => Array.isArray(value) && value.length <= most && value.every(item.holds),
  };
}

/** @param {Rule} one @param {Rule} other @returns {Rule} */
function or(one, other) {
  return {
    expected: `${one.expected} or ${other.expected}`,
    holds: value => one.holds(value) || other.holds(value),
  };
}

/**
 * @param {string} name
 * @param {string} text
 */
function readValue(name, text) {
  if (!LISTS.has(name)) return readItem(name, text);
  const items = text === "" ? [] : text.split(",").map(item => readItem(name, item));
  return name === "inputs" ? inOrder(items) : items;
}

/** Each once and as the server lists them, however the link was written. @param {unknown[]} items */
function inOrder(items) {
  const place = (/** @type {unknown} */ item) => FEATURES.indexOf(String(item));
  return [...new Set(items)].sort((a, b) => place(a) - place(b));
}

/**
 * A number where one is meant and there is one; otherwise the text, which no rule will take for one.
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
