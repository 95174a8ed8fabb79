/**
 * If layers are too close together for all buttons, the page shows those of one layer: the one that the visitor points
 * at, taps, or reaches by keyboard. The others stay in their columns unseen, so that Tab and scripts find them.
 */

import {listenForPointing} from "../../shell/resting.js";

export class LayerAtHand {
  #heads;
  #layer = 0;
  #wasShut = false;

  /** @param {HTMLElement} heads one element for each hidden layer, in their order */
  constructor(heads) {
    this.#heads = heads;
    listenForPointing(heads, ({target, pointerType}) => {
      if (pointerType === "mouse") this.take(this.#layerOf(target));
    });
    heads.addEventListener("focusin", event => this.take(this.#layerOf(event.target)));
    heads.addEventListener("pointerdown", event => this.#open(event));
    heads.addEventListener("click", event => this.#spare(event), {capture: true});
  }

  /** @param {number} layer from 1; a number that is no hidden layer changes nothing */
  take(layer) {
    const head = this.#heads.children[layer - 1];
    if (!this.#isNarrow || !head || head.classList.contains("at-hand")) return;
    for (const other of this.#heads.children) other.classList.toggle("at-hand", other === head);
    this.#layer = layer;
  }

  get #isNarrow() {
    return this.#heads.classList.contains("narrow");
  }

  /** A mouse opens the head before it clicks. A finger's first tap opens it. @param {PointerEvent} event */
  #open({target, pointerType}) {
    const layer = this.#layerOf(target);
    this.#wasShut = this.#isNarrow && pointerType !== "mouse" && layer !== this.#layer;
    this.take(layer);
  }

  /** A tap that opened the head does not press its unseen buttons. @param {MouseEvent} event */
  #spare(event) {
    const isKeyboard = event.detail === 0;
    if (this.#wasShut && !isKeyboard) {
      event.preventDefault();
      event.stopPropagation();
    }
    this.#wasShut = false;
  }

  /** @param {EventTarget | null} target */
  #layerOf(target) {
    const head = target instanceof Element ? target.closest(".head") : null;
    return head ? [...this.#heads.children].indexOf(head) + 1 : 0;
  }
}
