/** Digits that change faster than one can read them are only flicker. */

/** ms; all that is written changes in the same frame, so that the browser lays the page out once for all of it. */
export const BEAT = 125;

/**
 * A function that does `act` with the newest value, once in so many beats: at once, or when the next ones begin; the
 * last value always comes. After `hurry` the next one does not wait.
 * @template T
 * @param {(value: T) => void} act
 * @param {number} beats
 * @returns {{soon: (value: T) => void, hurry: () => void}}
 */
export function throttle(act, beats = 1) {
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
