/** What a tab remembers through a reload. In a frame of another site the browser may not allow it. */

/** @param {string} name */
export function recall(name) {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

/**
 * @param {string} name
 * @param {string} value
 */
export function remember(name, value) {
  try {
    sessionStorage.setItem(name, value);
  } catch {
    // A reload then starts from the address, which holds the experiment.
  }
}
