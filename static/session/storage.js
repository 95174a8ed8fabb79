/** A tab's storage, which survives a reload; if the browser forbids that, as in frames of other sites, it does not. */

import {HOME} from "./home.js";

/** @type {Map<string, string>} */
const memory = new Map();

/** Keeps this playground's names apart from those of others on the same site, which share the storage. */
const PLACE = HOME.pathname.replace(/^\/$/, "");

/**
 * The key of what a tab keeps, and each lab keeps for itself.
 * @param {string} name
 * @param {string} path of the lab's page behind the server's own: "" for the first lab, or for what all labs share
 */
function keyOf(name, path) {
  return (path ? `${name}-${path}` : name) + PLACE;
}

/** @param {string} name @param {string} path of a lab */
export function recall(name, path = "") {
  const key = keyOf(name, path);
  try {
    return sessionStorage.getItem(key);
  } catch {
    return memory.get(key) ?? null;
  }
}

/**
 * @param {string} name
 * @param {string} value
 * @param {string} path of a lab
 */
export function remember(name, value, path = "") {
  const key = keyOf(name, path);
  try {
    sessionStorage.setItem(key, value);
  } catch {
    memory.set(key, value);
  }
}

/** @param {string} name @param {string} path of a lab */
export function forget(name, path = "") {
  const key = keyOf(name, path);
  try {
    sessionStorage.removeItem(key);
  } catch {
    memory.delete(key);
  }
}
