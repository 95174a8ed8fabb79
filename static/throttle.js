/** Digits that change faster than one can read them are only flicker. */

/**
 * A function that does `act` with the newest value, at once or when the pause since the last time is over; the last
 * value always comes. After `hurry` the next one does not wait.
 * @template T
 * @param {number} pause in ms
 * @param {(value: T) => void} act
 * @returns {{soon: (value: T) => void, hurry: () => void}}
 */
export function throttle(pause, act) {
  let last = Number.NEGATIVE_INFINITY;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let late;
  /** @type {T} */
  let newest;
  const now = () => {
    clearTimeout(late);
    late = undefined;
    last = performance.now();
    act(newest);
  };
  return {
    soon: value => {
      newest = value;
      const left = last + pause - performance.now();
      if (left <= 0) now();
      else late ||= setTimeout(now, left);
    },
    hurry: () => {
      last = Number.NEGATIVE_INFINITY;
    },
  };
}
