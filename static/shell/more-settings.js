/** The panel of training settings that most experiments leave alone; it is closed until a visitor opens it. */

import {recall, remember} from "../session/storage.js";
import {byId} from "./elements.js";

const OPEN = "hyperplane-more";

export class MoreSettings {
  #button = byId("show-more", HTMLButtonElement);
  #panel = byId("more", HTMLElement);

  constructor() {
    this.#button.addEventListener("click", () => this.#show(this.#panel.hidden === true));
    if (recall(OPEN) === "true") this.#show(true);
  }

  /** The button says how many are changed. The panel does not open by itself: in a lesson it would move the picture. */
  update() {
    const changed = [...this.#panel.querySelectorAll("select, input")].filter(isChanged).length;
    this.#button.textContent = changed ? `More (${changed})` : "More";
  }

  /** Close it, if it is open, and say whether it was. */
  close() {
    const wasOpen = !this.#panel.hidden;
    if (wasOpen) {
      if (this.#panel.contains(document.activeElement)) this.#button.focus();
      this.#show(false);
    }
    return wasOpen;
  }

  /** @param {boolean} open */
  #show(open) {
    this.#panel.hidden = !open;
    this.#button.ariaExpanded = String(open);
    remember(OPEN, String(open));
  }
}

/** @param {Element} control */
function isChanged(control) {
  if (control instanceof HTMLInputElement) return control.checked !== control.defaultChecked;
  if (!(control instanceof HTMLSelectElement)) return false;
  const options = [...control.options];
  const standard = options.find(option => option.defaultSelected) ?? options[0];
  return control.value !== standard?.value;
}
