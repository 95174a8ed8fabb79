/** The input that a visitor makes: the dialog for its formula, and the words on its tile. */

/** @import {Rejected} from "../../../session/protocol.js" */
/** @import {PlanePage, PlaneShell, PlaneState} from "../page.js" */

import {byId} from "../../../shell/elements.js";
import {rangeIn, refused} from "./words.js";

export class InputDialog {
  #dialog = byId("own-input", HTMLDialogElement);
  #text = byId("own-input-text", HTMLInputElement);
  #said = byId("own-input-said", HTMLElement);
  #tile = byId("own-input-tile", HTMLElement);
  #shell;
  /** The last command, and its formula until it is in use. */
  #seq = 0;
  #wanted = "";

  /** @param {PlaneShell} shell */
  constructor(shell) {
    this.#shell = shell;
    byId("show-own-input", HTMLButtonElement).addEventListener("click", () => this.#open());
    byId("close-own-input", HTMLButtonElement).addEventListener("click", () =>
      this.#dialog.close(),
    );
    byId("own-input-form", HTMLFormElement).addEventListener("submit", event => {
      event.preventDefault();
      this.#use();
    });
    byId("own-input-examples", HTMLElement).addEventListener("click", ({target}) => {
      const example = target instanceof Element && target.closest("button");
      if (example) this.#text.value = example.value;
    });
  }

  /** @param {PlanePage} state */
  update({server}) {
    if (!server) return;
    const {own_input: formula} = server.settings;
    const [box, symbol] = this.#tile.children;
    if (box) box.ariaLabel = `Own input: ${formula}`;
    if (symbol) symbol.textContent = formula;
    this.#tile.title = formula;
    if (this.#wanted === formula && server.settings.inputs.includes("own")) {
      this.#wanted = "";
      this.#dialog.close();
    }
  }

  /** Says that its own command was refused, and where. @param {Rejected} rejected @returns {boolean} */
  refused(rejected) {
    if (!this.#seq || rejected.seq !== this.#seq) return false;
    this.#wanted = "";
    this.#fault(refused(rejected));
    this.#text.focus();
    if (rejected.place) this.#text.setSelectionRange(...rangeIn(this.#text.value, rejected.place));
    return this.#dialog.open;
  }

  #open() {
    this.#text.value = this.#shell.state.server?.settings.own_input ?? "";
    this.#wanted = "";
    this.#fault("");
    this.#dialog.showModal();
    this.#text.select();
  }

  #use() {
    const {server} = this.#shell.state;
    if (!server) return;
    const {inputs} = server.settings;
    this.#wanted = this.#text.value.trim();
    const settings = {
      own_input: this.#wanted,
      inputs: inputs.includes("own") ? inputs : /** @type {typeof inputs} */ ([...inputs, "own"]),
    };
    this.#seq = this.#shell.send({type: "change", settings});
    this.#fault(this.#seq ? "" : "Not connected: the formula is not used.");
  }

  /** @param {string} words */
  #fault(words) {
    this.#said.textContent = words;
    this.#text.ariaInvalid = String(words !== "");
  }
}

/** Whether there is nothing of it to see: it was never chosen. @param {PlaneState} server */
export function isUnmade({settings}) {
  const {standard} = byId("own-input-tile", HTMLElement).dataset;
  return settings.own_input === standard && !settings.inputs.includes("own");
}
