/** Finds elements of the page by their names, and watches their size. */

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function byId(id, kind) {
  const element = document.getElementById(id);
  if (!(element instanceof kind))
    throw new Error(`the page has no #${id} of the kind ${kind.name}`);
  return element;
}

/**
 * Calls `act` whenever an element has another size, and once at the beginning.
 * @param {Element} element
 * @param {(entry: ResizeObserverEntry | undefined) => void} act
 * @param {AbortSignal} signal ends it
 */
export function whenResized(element, act, signal) {
  const observer = new ResizeObserver(([entry]) => act(entry));
  observer.observe(element);
  signal.addEventListener("abort", () => observer.disconnect());
}
