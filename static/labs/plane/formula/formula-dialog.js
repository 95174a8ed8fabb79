/** The dialog in which a visitor types a formula that labels points. It stays open, to try another one. */

/** @import {Rejected} from "../../../session/protocol.js" */
/** @import {PlanePage, PlaneShell} from "../page.js" */

import {byId} from "../../../shell/elements.js";
import {learned, rangeIn, refused} from "./words.js";

export class FormulaDialog {
  #dialog = byId("formula", HTMLDialogElement);
  #text = byId("formula-text", HTMLTextAreaElement);
  #count = byId("formula-count", HTMLSelectElement);
  #said = byId("formula-said", HTMLElement);
  #shell;
  /** The last command, and its text. */
  #seq = 0;
  #sent = "";
  /** Why the last formula was not learned; "" if it was. */
  #fault = "";
  /** The formula of the points as the dialog last took it over. */
  #known = "";

  /** @param {PlaneShell} shell */
  constructor(shell) {
    this.#shell = shell;
    byId("show-formula", HTMLButtonElement).addEventListener("click", () => this.#open());
    byId("close-formula", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    byId("formula-form", HTMLFormElement).addEventListener("submit", event => {
      event.preventDefault();
      this.#learn();
    });
    this.#text.addEventListener("keydown", event => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.#learn();
    });
    byId("formula-examples", HTMLElement).addEventListener("click", ({target}) => {
      const example = target instanceof Element && target.closest("button");
      if (example) this.#text.value = example.value;
    });
  }

  /** @param {PlanePage} state */
  update(state) {
    if (this.#dialog.open) this.#show(state);
  }

  /** Says that its own command was refused, and where. @param {Rejected} rejected @returns {boolean} */
  refused(rejected) {
    if (!this.#seq || rejected.seq !== this.#seq) return false;
    this.#fault = refused(rejected);
    this.#show(this.#shell.state);
    if (rejected.place && this.#text.value === this.#sent) {
      this.#text.focus();
      this.#text.setSelectionRange(...rangeIn(this.#sent, rejected.place));
    }
    return this.#dialog.open;
  }

  #open() {
    const own = this.#shell.state.server?.facts.own;
    const formula = own?.formula ?? "";
    if (own && formula && formula !== this.#known) {
      this.#text.value = formula;
      const count = String(own.count);
      if ([...this.#count.options].some(({value}) => value === count)) this.#count.value = count;
    }
    this.#known = formula;
    this.#fault = "";
    this.#show(this.#shell.state);
    this.#dialog.showModal();
  }

  #learn() {
    this.#sent = this.#text.value;
    const count = Number(this.#count.value);
    this.#seq = this.#shell.send({type: "learn-formula", text: this.#sent, count});
    this.#fault = this.#seq ? "" : "Not connected: nothing was learned.";
    this.#show(this.#shell.state);
  }

  /** @param {PlanePage} state */
  #show({server}) {
    const lines = this.#fault ? [this.#fault] : learned(server?.facts.own ?? null);
    const text = lines.join("\n");
    if (this.#said.textContent !== text) this.#said.textContent = text; // screen readers say each change
    this.#said.classList.toggle("fault", this.#fault !== "");
    this.#text.ariaInvalid = String(this.#fault !== "");
  }
}
