/** Keeps runs at the same epochs: none gets further ahead of the slowest than about a fifth of a second of its training.
 *
 * Each is told to play until an epoch. Before the slowest is there, all are told a later one, so it never waits; the
 * others wait for it.
 */

const SHORT = 150; // ms between two tellings; less costs messages, and a wait where a message takes as long
const LONG = 400; // ms that a pause takes at most: all go on to the epoch that was told last

export class InStep {
  #ahead = 1;
  #told = Number.NEGATIVE_INFINITY;
  /** The epoch at which all arrive unless another is told. */
  limit = 0;

  /** Forget how far the runs were; how fast they are stays known, as it rarely changes. */
  begin() {
    this.limit = 0;
    this.#told = Number.NEGATIVE_INFINITY;
  }

  /**
   * The epoch to play until, if another is to be told.
   * @param {number} slowest epoch of the runs
   * @param {number} now in ms
   * @returns {number | null}
   */
  next(slowest, now) {
    if (slowest + this.#ahead / 2 < this.limit) return null;
    const took = now - this.#told;
    if (took < SHORT) this.#ahead *= 2;
    else if (took > LONG) this.#ahead = Math.max(1, Math.floor(this.#ahead / 2));
    this.#told = now;
    this.limit = Math.max(this.limit, slowest + this.#ahead);
    return this.limit;
  }
}
