/** Not everything need be drawn in each frame: what changes a little may wait, so that the rest is never late. */

export class Pace {
  #pause;
  #remind;
  #last = Number.NEGATIVE_INFINITY;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #late;

  /**
   * @param {number} pause ms from one drawing to the next
   * @param {() => void} remind asks for another drawing, when one has been put off and no frame has come since
   */
  constructor(pause, remind) {
    this.#pause = pause;
    this.#remind = remind;
  }

  /**
   * Whether it is to be drawn now. Who says no is reminded.
   * @param {boolean} hurry something has changed that a visitor waits for
   * @returns {boolean}
   */
  isDue(hurry) {
    const now = performance.now();
    const left = this.#last + this.#pause - now;
    if (left > 0 && !hurry) {
      this.#late ??= setTimeout(() => {
        this.#late = undefined;
        this.#remind();
      }, left);
      return false;
    }
    clearTimeout(this.#late);
    this.#late = undefined;
    this.#last = now;
    return true;
  }
}
