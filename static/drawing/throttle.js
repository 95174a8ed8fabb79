/** Limits how often text changes, because digits that change too fast to read only flicker. */

/** ms; all text changes in the same frame, so that the browser lays the page out only once. */
export const BEAT = 125;

/**
 * `soon` calls `act` with the newest value, at most once per `beats` beats: at once or when the next ones begin, so the
 * last value always arrives. After `hurry` the next value does not wait.
 * @template T
 * @param {(value: T) => void} act
 * @param {number} beats
 * @param {AbortSignal} [signal] ends it: a value that waits for its beat is dropped
 * @returns {{soon: (value: T) => void, hurry: () => void}}
 */
export function throttle(act, beats = 1, signal) {
  const length = beats * BEAT;
  const beatAt = (/** @type {number} */ time) => Math.floor(time / length);
  let last = Number.NEGATIVE_INFINITY;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let late;
  /** @type {T} */
  let newest;
  const now = () => {
    clearTimeout(late);
    late = undefined;
    last = beatAt(performance.now());
    act(newest);
  };
  const catchUp = () => {
    if (late !== undefined) now();
  };
  signal?.addEventListener("abort", () => {
    clearTimeout(late);
    late = undefined;
  });
  return {
    soon: value => {
      newest = value;
      const time = performance.now();
      if (beatAt(time) > last) now();
      else late ||= setTimeout(() => requestAnimationFrame(catchUp), (last + 1) * length - time);
    },
    hurry: () => {
      last = Number.NEGATIVE_INFINITY;
    },
  };
}
