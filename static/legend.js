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
    while (list.children.length < shown) list.append(makeItem(list.children.length));
  }
}

/** @param {number} k */
function makeItem(k) {
  const item = document.createElement("li");
  item.className = "swatch";
  item.style.setProperty("--class", `var(--class-${k})`);
  item.textContent = String(k + 1);
  return item;
}
