/** What a tab remembers through a reload; where a browser does not allow it, as in frames of other sites, until then. */

/** @type {Map<string, string>} */
const memory = new Map();

/** Below a path there may be other playgrounds of the same site, which share the storage. */
const PLACE = new URL("../..", import.meta.url).pathname.replace(/^\/$/, "");

/** @param {string} name */
export function recall(name) {
  try {
    return sessionStorage.getItem(name + PLACE);
  } catch {
    return memory.get(name) ?? null;
  }
}

/**
 * @param {string} name
 * @param {string} value
 */
export function remember(name, value) {
  try {
    sessionStorage.setItem(name + PLACE, value);
  } catch {
    memory.set(name, value);
  }
}
