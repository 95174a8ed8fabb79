/** Delays drawings that change little, so that the rest of each frame is never late. */

export class Pace {
  #pause;
  #remind;
  #last = Number.NEGATIVE_INFINITY;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #late;

  /**
   * @param {number} pause ms from one drawing to the next
   * @param {() => void} remind asks for the postponed drawing, if no frame has come since
   * @param {AbortSignal} [signal] ends it: nobody is reminded any more
   */
  constructor(pause, remind, signal) {
    this.#pause = pause;
    this.#remind = remind;
    signal?.addEventListener("abort", () => clearTimeout(this.#late));
  }

  /**
   * Whether to draw now. If not, `remind` is called later.
   * @param {boolean} hurry whether a visitor waits for the change
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
