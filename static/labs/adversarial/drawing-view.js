/** An own drawing: the pointer leaves centres of real points where it goes. */

/** @import {AdversarialPage, AdversarialShell} from "./page.js" */
/** @import {PictureView} from "./picture-view.js" */

import {onClick} from "../../shell/controls.js";
import {byId} from "../../shell/elements.js";
import {change, draw} from "./commands.js";
import {toPlace} from "./plane.js";

const APART = 0.06; // of two centres, in the plane's units
const MOST = 400;

export class DrawingView {
  #shell;
  #picture;
  #canvas = byId("plane-picture", HTMLCanvasElement);
  #erase = byId("erase-drawing", HTMLButtonElement);
  /** @type {number[] | null} */
  #stroke = null;

  /** @param {AdversarialShell} shell @param {PictureView} picture */
  constructor(shell, picture) {
    this.#shell = shell;
    this.#picture = picture;
    const canvas = this.#canvas;
    canvas.addEventListener("pointerdown", event => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      this.#stroke = [];
      this.#add(event);
    });
    canvas.addEventListener("pointermove", event => {
      if (this.#stroke) this.#add(event);
    });
    canvas.addEventListener("pointerup", () => this.#finish());
    canvas.addEventListener("pointercancel", () => this.#show(null));
    onClick("erase-drawing", () => shell.send(change({dataset: "ring", drawing: []})));
  }

  /** @param {AdversarialPage} state */
  update({server}) {
    this.#erase.disabled = !server?.settings.drawing.length;
  }

  get #drawn() {
    const {server} = this.#shell.state;
    return server?.settings.dataset === "own" ? server.settings.drawing : [];
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

  /** @param {number[] | null} stroke */
  #show(stroke) {
    this.#stroke = stroke;
    this.#picture.stroke = stroke ?? [];
    this.#shell.redraw();
  }
}
