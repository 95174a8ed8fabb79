/** The dialog of the keys. */

import {byId} from "./elements.js";

export class Help {
  #dialog = byId("help", HTMLDialogElement);

  constructor() {
    byId("show-help", HTMLButtonElement).addEventListener("click", () => this.open());
    byId("close-help", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
  }

  open() {
    this.#dialog.showModal();
  }
}
