/** The weight of the link under the pointer, beside it. */

/** @import {Frame} from "./frame.js" */
/** @import {Link} from "./network-layout.js" */
/** @import {PlaneShell} from "./page.js" */

import {formatWeight} from "../../drawing/format.js";
import {byId} from "../../shell/elements.js";
import {featureName, unitName} from "./unit-names.js";

export class LinkTip {
  #element = byId("link-tip", HTMLElement);
  #shell;
  /** @type {Link | null} */
  #link = null;
  #names = "";

  /** @param {PlaneShell} shell */
  constructor(shell) {
    this.#shell = shell;
  }

  /**
   * @param {Link | null} link
   * @param {number} x
   * @param {number} y
   */
  point(link, x, y) {
    const {server} = this.#shell.state;
    this.#link = link;
    this.#element.hidden = !link;
    this.#shell.redraw();
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
