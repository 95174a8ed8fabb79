/** What the colours of the large picture mean: a scale from −1 to 1, or a colour for each class. */

export class Legend {
  #classes;
  #scale;

  /**
   * @param {HTMLElement} classes a list
   * @param {HTMLElement} scale
   */
  constructor(classes, scale) {
    this.#classes = classes;
    this.#scale = scale;
  }

  /** @param {number} count of classes */
  update(count) {
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
