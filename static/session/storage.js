/** A tab's storage, which survives a reload; if the browser forbids that, as in frames of other sites, it does not. */

/** @type {Map<string, string>} */
const memory = new Map();

/** Keeps this playground's names apart from those of others on the same site, which share the storage. */
const PLACE = new URL("../..", import.meta.url).pathname.replace(/^\/$/, "");

/**
 * The name of what each lab has for itself.
 * @param {string} name
 * @param {string} path of the lab's page behind the server's own: "" for the first lab
 */
export function nameFor(name, path) {
  return path ? `${name}-${path}` : name;
}

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
