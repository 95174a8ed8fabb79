/** Decides when the page is drawn: at most once in a frame of the screen, in the colours of the visitor's theme. */

/** @import {Frame} from "../session/frame.js" */
/** @import {PageState} from "../session/state.js" */
/** @import {Look} from "./lab.js" */

import {Theme} from "./theme.js";

export class Screen {
  #catchUp;
  #draw;
  #scheduled = 0;
  /** What the last drawing depended on, pictures apart: a visitor waits for a change of it. @type {unknown[]} */
  #drawn = [];
  #theme = new Theme(() => this.redraw());

  /**
   * @param {() => void} catchUp tells what has waited for the drawing; it may change the state
   * @param {() => void} draw
   */
  constructor(catchUp, draw) {
    this.#catchUp = catchUp;
    this.#draw = draw;
  }

  redraw() {
    this.#scheduled ||= requestAnimationFrame(() => {
      this.#catchUp();
      this.#scheduled = 0; // only now: what `catchUp` has changed is drawn at once
      this.#draw();
    });
  }

  /** Draw all anew, whatever has been drawn. */
  redrawAll() {
    this.#theme.renew();
    this.redraw();
  }

  /**
   * How to draw a frame; the caller then draws it.
   * @param {PageState} state
   * @param {Frame | null} frame
   * @returns {Look}
   */
  look(state, frame) {
    const {palette} = this.#theme;
    const shown = [state, palette, frame?.applied];
    const hurry = shown.some((one, i) => one !== this.#drawn[i]);
    if (frame) this.#drawn = shown;
    return {state, palette, hurry};
  }
}
