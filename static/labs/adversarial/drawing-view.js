/** An own drawing: while its button is pressed, the pointer leaves real points where it goes, and Enter at the pen. */

/** @import {AdversarialPage, AdversarialShell} from "./page.js" */
/** @import {PictureView} from "./picture-view.js" */

import {onClick} from "../../shell/controls.js";
import {byId} from "../../shell/elements.js";
import {change, draw} from "./commands.js";
import {toPlace} from "./plane.js";

const APART = 0.06; // of two centres, in the plane's units
const MOST = 400;
const STEP = 0.05; // of an arrow key
const LARGE = 5; // steps with Shift
/** @type {Record<string, readonly [number, number]>} */
const WAYS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};

export class DrawingView {
  #shell;
  #picture;
  #canvas = byId("plane-picture", HTMLCanvasElement);
  #button = byId("draw-points", HTMLButtonElement);
  #erase = byId("erase-drawing", HTMLButtonElement);
  #draws = false;
  /** @type {number[] | null} */
  #stroke = null;
  /** Of the keyboard. @type {[number, number]} */
  #pen = [0, 0];

  /** @param {AdversarialShell} shell @param {PictureView} picture */
  constructor(shell, picture) {
    this.#shell = shell;
    this.#picture = picture;
    const canvas = this.#canvas;
    canvas.addEventListener("pointerdown", event => this.#begin(event));
    canvas.addEventListener("pointermove", event => {
      if (this.#stroke) this.#add(event);
    });
    canvas.addEventListener("pointerup", () => this.#finish());
    canvas.addEventListener("pointercancel", () => this.#show(null));
    canvas.addEventListener("keydown", event => this.#key(event));
    onClick("draw-points", () => this.#switch(!this.#draws));
    onClick("erase-drawing", () => shell.send(change({dataset: "ring", drawing: []})));
  }

  /** @param {AdversarialPage} state */
  update({server}) {
    const isEmpty = !server?.settings.drawing.length;
    if (isEmpty && document.activeElement === this.#erase) this.#button.focus();
    this.#erase.hidden = isEmpty;
  }

  /** Puts the pen away; whether it was out. */
  stop() {
    const was = this.#draws;
    if (was) this.#switch(false);
    return was;
  }

  get #drawn() {
    const {server} = this.#shell.state;
    return server?.settings.dataset === "own" ? server.settings.drawing : [];
  }

  /** @param {boolean} draws */
  #switch(draws) {
    this.#draws = draws;
    this.#button.ariaPressed = String(draws);
    this.#canvas.classList.toggle("draws", draws);
    this.#canvas.tabIndex = draws ? 0 : -1;
    this.#canvas.setAttribute("role", draws ? "application" : "img");
    this.#canvas.setAttribute(
      "aria-describedby",
      draws ? "picture-words drawing-keys" : "picture-words",
    );
    this.#show(null);
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    if (!this.#draws || event.button !== 0) return;
    this.#canvas.setPointerCapture(event.pointerId);
    this.#stroke = [];
    this.#add(event);
  }

  /** @param {PointerEvent} event */
  #add({offsetX, offsetY}) {
    const farthest = this.#shell.state.server?.facts.farthest;
    if (!farthest || !this.#stroke) return;
    const [x, y] = toPlace(this.#picture.box, farthest, offsetX, offsetY);
    const [before, below] = this.#stroke.slice(-2);
    const isNear =
      before !== undefined && below !== undefined && Math.hypot(x - before, y - below) < APART;
    if (isNear || this.#drawn.length + this.#stroke.length >= 2 * MOST) return;
    this.#show([...this.#stroke, x, y]);
  }

  #finish() {
    const stroke = this.#stroke;
    this.#show(null);
    if (stroke?.length) this.#shell.send(draw([...this.#drawn, ...stroke]));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const farthest = this.#shell.state.server?.facts.farthest;
    if (!this.#draws || !farthest || event.ctrlKey || event.altKey || event.metaKey) return;
    const way = WAYS[event.key];
    if (event.key === "Enter") {
      event.preventDefault();
      if (this.#drawn.length < 2 * MOST) this.#shell.send(draw([...this.#drawn, ...this.#pen]));
      this.#shell.say(`Point at ${this.#pen.join(", ")}`);
    } else if (way) {
      event.preventDefault();
      const by = STEP * (event.shiftKey ? LARGE : 1);
      const moved = (/** @type {number} */ at, /** @type {number} */ step) =>
        Math.round(Math.min(Math.max(at + step * by, -farthest), farthest) * 100) / 100 + 0;
      this.#pen = [moved(this.#pen[0], way[0]), moved(this.#pen[1], way[1])];
      this.#show(null);
    }
  }

  /** @param {number[] | null} stroke */
  #show(stroke) {
    this.#stroke = stroke;
    const isKeyed = this.#draws && document.activeElement === this.#canvas;
    this.#picture.stroke = stroke ?? (isKeyed ? this.#pen : []);
    this.#shell.redraw();
  }
}
