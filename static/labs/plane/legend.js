/** Explains the colours of the large picture: a scale from −1 to 1, or a colour for each class. */

/** @import {PlanePage} from "./page.js" */

import {byId} from "../../shell/elements.js";

export class Legend {
  #classes = byId("class-legend", HTMLElement);
  #scale = byId("scale", HTMLElement);

  /** @param {PlanePage} state */
  update({server}) {
    const count = server?.facts.classes ?? 2;
    const several = count > 2;
    this.#scale.hidden = several;
    this.#classes.hidden = !several;
    const shown = several ? count : 0;
    const list = this.#classes;
    while (list.children.length > shown) list.lastElementChild?.remove();
    while (list.children.length < shown) list.append(makeSwatch("li", list.children.length));
  }
}

/**
 * The colour and the number of a class.
 * @param {"li" | "span"} tag
 * @param {number} k
 */
export function makeSwatch(tag, k) {
  const swatch = document.createElement(tag);
  swatch.className = "swatch";
  swatch.style.setProperty("--class", `var(--class-${k})`);
  swatch.textContent = String(k + 1);
  return swatch;
}
