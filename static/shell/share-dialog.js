/** The dialog that gives out links, with weights or for a lesson, and opens them. */

/** @import {PageState} from "../session/state.js" */
/** @import {Lab, LabShell} from "./lab.js" */

import {byId} from "./elements.js";
import {takeBackTyping} from "./escape.js";
import {showFault} from "./number-field.js";

export class ShareDialog {
  #dialog = byId("share", HTMLDialogElement);
  #link = byId("share-link", HTMLInputElement);
  #copy = byId("copy-link", HTMLButtonElement);
  #weights = byId("include-weights", HTMLInputElement);
  #hides = byId("hides", HTMLElement);
  #address = byId("link-to-open", HTMLInputElement);
  #shell;
  #unused;
  /** How many links the page has asked for that have not come. */
  #awaited = 0;
  /** Whether “Copy” was pressed while a link was on its way: that link will be copied. */
  #copiesNext = false;

  /**
   * @param {LabShell} shell
   * @param {Lab["unused"]} unused
   */
  constructor(shell, unused) {
    this.#shell = shell;
    this.#unused = unused;
    byId("show-share", HTMLButtonElement).addEventListener("click", () => this.#open());
    byId("close-share", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    this.#dialog.addEventListener("close", () => this.#hides.replaceChildren());
    this.#dialog.addEventListener("change", event => {
      if (event.target !== this.#link && event.target !== this.#address) this.#change(event.target);
    });
    this.#copy.addEventListener("click", () => {
      this.#copiesNext = this.#awaited > 0;
      this.#copyLink();
    });
    takeBackTyping(this.#address);
    this.#link.addEventListener("focus", () => this.#link.select());
    byId("open-link", HTMLFormElement).addEventListener("submit", event => {
      event.preventDefault();
      this.#openLink();
    });
  }

  /** @param {PageState} state @param {PageState} before */
  update({server}, before) {
    if (this.#dialog.open && before.server?.link !== server?.link) this.#ask();
  }

  /** @param {string} link from its # on */
  show(link) {
    this.#awaited = Math.max(this.#awaited - 1, 0);
    const {href} = new URL(link, location.href);
    if (href === this.#link.value) return;
    this.#link.value = href;
    this.#copy.textContent = "Copy"; // this link has not been copied
    if (this.#copiesNext) this.#copyLink();
    this.#copiesNext = this.#copiesNext && this.#awaited > 0;
  }

  #open() {
    const {hide: hidden = [], hide_text: hidesText = false} = this.#shell.state.server?.view ?? {};
    // The boxes are made only now: their names are those of the page's controls, which must stay unique.
    this.#hides.append(byId("hides-content", HTMLTemplateElement).content.cloneNode(true));
    for (const box of this.#controls()) box.checked = hidden.includes(box.value);
    byId("hide-text", HTMLInputElement).checked = hidesText;
    this.#weights.checked = new URLSearchParams(location.hash.slice(1)).has("weights"); // as in the page's own link
    this.#address.value = "";
    this.#copy.textContent = "Copy";
    [this.#awaited, this.#copiesNext] = [0, false];
    this.#dialog.showModal();
    this.#ask();
  }

  /** Without a connection the link cannot change, so the box goes back. @param {EventTarget | null} box */
  #change(box) {
    if (this.#ask() || !(box instanceof HTMLInputElement)) return;
    box.checked = !box.checked;
    showFault(box, "Not connected: the link stays as it is.");
  }

  #ask() {
    const hide = this.#controls()
      .filter(box => box.checked)
      .map(box => box.value);
    const {server} = this.#shell.state;
    const unused = document.getElementById("hide-unused"); // not every lab can have unused controls
    if (unused instanceof HTMLInputElement && unused.checked && server)
      hide.push(...this.#unused(server));
    const seq = this.#shell.send({
      type: "share",
      weights: this.#weights.checked,
      hide,
      hide_text: byId("hide-text", HTMLInputElement).checked,
    });
    if (seq) this.#awaited += 1;
    return seq;
  }

  #openLink() {
    const link = withExperiment(this.#address.value.trim());
    if (this.#shell.openLink(link)) this.#dialog.close();
    else showFault(this.#address, "Not connected: nothing was opened.");
  }

  /** Browsers give the clipboard only to pages of this machine or over https; elsewhere `execCommand` still works. */
  async #copyLink() {
    const {value} = this.#link;
    try {
      await navigator.clipboard.writeText(value);
      if (value === this.#link.value) this.#copy.textContent = "Copied";
    } catch {
      this.#link.focus();
      this.#copy.textContent = document.execCommand("copy") ? "Copied" : "Press Ctrl-C";
    }
  }

  /** @returns {HTMLInputElement[]} */
  #controls() {
    return [...this.#dialog.querySelectorAll("input")].filter(box => box.name === "hide");
  }
}

/** The page's own bare address means the default experiment, whatever the server's name is. @param {string} link */
function withExperiment(link) {
  const bare = (/** @type {string} */ address) => address.replace(/#$/, "").replace(/\/$/, "");
  return bare(link) === bare(location.origin + location.pathname) ? "#v=1" : link;
}
