/** The weight of the link under the pointer, beside it. */

/** @import {Frame} from "../../session/frame.js" */
/** @import {Link} from "./network-layout.js" */
/** @import {State} from "../../session/plane-state.js" */

import {formatWeight} from "../../drawing/format.js";
import {featureName, unitName} from "./inspector.js";

export class LinkTip {
  #element;
  /** @type {Link | null} */
  #link = null;
  #names = "";

  /** @param {HTMLElement} element */
  constructor(element) {
    this.#element = element;
  }

  /**
   * @param {Link | null} link
   * @param {number} x
   * @param {number} y
   * @param {State | null} server
   */
  point(link, x, y, server) {
    this.#link = link;
    this.#element.hidden = !link;
    if (!link || !server) return;
    const source =
      link.sourceLayer === 0
        ? featureName(link.source)
        : unitName(server, {layer: link.sourceLayer, neuron: link.source}).toLowerCase();
    this.#names = `${source} → ${unitName(server, link).toLowerCase()}`;
    this.#element.style.transform = `translate(${x + 12}px, ${y + 10}px)`;
  }

  /** @param {Frame} frame */
  draw(frame) {
    if (!this.#link) return;
    const weight = formatWeight(frame.parameters[this.#link.index] ?? 0);
    this.#element.textContent = `${this.#names}: ${weight}`;
  }
}
