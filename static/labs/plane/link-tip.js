/** The weight of the link under the pointer, beside it. */

/** @import {Frame} from "./frame.js" */
/** @import {Link} from "./network-layout.js" */
/** @import {PlaneShell} from "./page.js" */

import {formatWeight} from "../../drawing/format.js";
import {byId} from "../../shell/elements.js";
import {isHidden} from "../../shell/hidden-controls.js";
import {valueAt} from "./explain/explanation.js";
import {featureAt, featureOf, unitName} from "./unit-names.js";

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
        ? featureOf(server, featureAt(link.source))
        : unitName(server, {layer: link.sourceLayer, neuron: link.source}).toLowerCase();
    this.#names = `${source} → ${unitName(server, link).toLowerCase()}`;
    this.#element.style.transform = `translate(${x + 12}px, ${y + 10}px)`;
  }

  /** While a point is explained also what the link carries for it. @param {Frame} frame */
  draw({parameters, explanation}) {
    if (!this.#link) return;
    const {index, sourceLayer, source} = this.#link;
    const weight = parameters[index] ?? 0;
    const value =
      explanation && valueAt(explanation, sourceLayer, this.#place(sourceLayer, source));
    const carried =
      value === undefined || value === null
        ? ""
        : ` · ${formatWeight(value)} = ${formatWeight(weight * value)}`;
    const {server} = this.#shell.state;
    const how =
      carried || (server && isHidden(server, "weights")) ? carried : ", drag it up or down";
    this.#element.textContent = `${this.#names}: ${formatWeight(weight)}${how}`;
  }

  /** The source's place among the units of its layer, from 0; of the input features only those that are on count. @param {number} layer @param {number} source */
  #place(layer, source) {
    if (layer > 0) return source - 1;
    const inputs = /** @type {readonly string[]} */ (
      this.#shell.state.server?.settings.inputs ?? []
    );
    return inputs.indexOf(featureAt(source));
  }
}
