/** Plays the way from a layer's input to the layer. Who wants no motion goes from phase to phase. */

/** @import {Space} from "./told-space.js" */

const PACE = 1200; // ms from phase to phase
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Motion {
  #moved;
  /** @type {number | undefined} */
  #frame;
  /** 0 at the layer's input, 1 at the layer. */
  share = 1;

  /** @param {() => void} moved @param {AbortSignal} signal */
  constructor(moved, signal) {
    this.#moved = moved;
    signal.addEventListener("abort", () => this.stop());
  }

  get isPlaying() {
    return this.#frame !== undefined;
  }

  /** Whether all phases are needed. */
  get isOnTheWay() {
    return this.share < 1 || this.isPlaying;
  }

  /** @param {number} share */
  go(share) {
    this.stop();
    this.share = Math.min(Math.max(share, 0), 1);
    this.#moved();
  }

  stop() {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
  }

  /** From the beginning, if it has arrived. @param {number} phases */
  play(phases) {
    const from = this.share >= 1 ? 0 : this.share;
    if (calm.matches) {
      this.go(this.share >= 1 ? 0 : nextPhase(this.share, phases));
      return;
    }
    this.share = from;
    /** @type {number | null} */
    let last = null;
    const step = (/** @type {number} */ time) => {
      const passed = last === null ? 0 : Math.min(time - last, 100);
      last = time;
      this.share = Math.min(1, this.share + passed / (PACE * Math.max(1, phases - 1)));
      this.#frame = this.share < 1 ? requestAnimationFrame(step) : undefined;
      this.#moved();
    };
    this.#frame = requestAnimationFrame(step);
    this.#moved();
  }
}

/** Where the next phase is. @param {number} share @param {number} phases */
export function nextPhase(share, phases) {
  const last = Math.max(1, phases - 1);
  return Math.min(1, (Math.floor(share * last + 1e-6) + 1) / last);
}

/** Whether a frame has all phases. @param {Space} space */
export function isWhole({head, phases}) {
  return phases.length === head.phases.length;
}
