/** The dialog with the report: to read, to copy, to download. */

/** @import {Reported} from "./report.js" */

import {byId} from "../elements.js";
import {save} from "../take-home/saving.js";
import {report} from "./report.js";

export class ReportView {
  #dialog = byId("report", HTMLDialogElement);
  #text = byId("report-text", HTMLTextAreaElement);
  #copy = byId("copy-report", HTMLButtonElement);

  /** @param {() => Reported} reported what is to be said now */
  constructor(reported) {
    byId("show-report", HTMLButtonElement).addEventListener("click", () => {
      this.#text.value = report(reported());
      this.#copy.textContent = "Copy";
      this.#dialog.showModal();
    });
    byId("close-report", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    byId("download-report", HTMLButtonElement).addEventListener("click", () => this.#download());
    this.#copy.addEventListener("click", () => this.#copyText());
  }

  #download() {
    save(new Blob([this.#text.value], {type: "text/markdown"}), "comparison.md");
  }

  /** As in the dialog that shares links: without https browsers keep the clipboard to themselves. */
  async #copyText() {
    try {
      await navigator.clipboard.writeText(this.#text.value);
      this.#copy.textContent = "Copied";
    } catch {
      this.#text.select();
      this.#copy.textContent = document.execCommand("copy") ? "Copied" : "Press Ctrl-C";
    }
  }
}
