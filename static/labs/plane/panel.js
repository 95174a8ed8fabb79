/** A panel below the network: the view says what is open in it, and the engine is asked for what it shows. */

/** @import {PlanePage, PlaneShell} from "./page.js" */

import {byId} from "../../shell/elements.js";

/** @typedef {"explain" | "surface" | "space"} Name */

/** What the network's column is called while it is open, what is closed when it opens, and the question of a closed one. */
const PANELS = {
  explain: {column: "explaining", closes: {surface: ""}, none: {of: null}},
  surface: {column: "surveying", closes: {explain: "", space: ""}, none: {of: null}},
  space: {column: "spacing", closes: {surface: ""}, none: {layer: null}},
};

export class Panel {
  #name;
  #shell;
  #first;
  #wish;
  #opener;
  /** What the engine was asked for, as text; "" for nothing. */
  #asked = "";
  /** Whether the visitor has just opened it here: one that a link brings leaves the page at the lesson above it. */
  #isWanted = false;

  /**
   * @param {Name} name of it in the view and the protocol
   * @param {PlaneShell} shell
   * @param {() => string} first what opens first
   * @param {(state: PlanePage) => object} wish what the engine is asked for while it is open
   */
  constructor(name, shell, first, wish) {
    this.#name = name;
    this.#shell = shell;
    this.#first = first;
    this.#wish = wish;
    this.element = byId(name, HTMLElement);
    this.#opener = byId(`show-${name}`, HTMLButtonElement);
    this.#opener.addEventListener("click", () => this.toggle());
    byId(`close-${name}`, HTMLElement).addEventListener("click", () => this.close());
  }

  /** What is open, as links have it; "" for nothing. */
  get text() {
    return textOf(this.#shell.state, this.#name);
  }

  toggle() {
    if (!this.close() && this.#shell.state.server) this.show(this.#first());
  }

  /** @returns {boolean} whether there was anything to close */
  close() {
    const isOpen = this.text !== "";
    if (isOpen) this.#shell.send({type: "show", [this.#name]: ""});
    return isOpen;
  }

  /** @param {string} text */
  show(text) {
    this.#isWanted = true;
    this.#shell.send({type: "show", ...PANELS[this.#name].closes, [this.#name]: text});
  }

  /** @param {PlanePage} state @param {PlanePage | null} before @returns {boolean} whether it is open */
  update(state, before) {
    const isOpen = textOf(state, this.#name) !== "";
    const wasOpen = before !== null && textOf(before, this.#name) !== "";
    this.element.hidden = !isOpen;
    this.element.closest(".net")?.classList.toggle(PANELS[this.#name].column, isOpen);
    this.#opener.ariaExpanded = String(isOpen);
    if (wasOpen && !isOpen && this.element.contains(document.activeElement)) this.#opener.focus();
    if (isOpen && !wasOpen && this.#isWanted) this.element.scrollIntoView({block: "nearest"});
    if (isOpen) this.#isWanted = false;
    this.ask(state);
    return isOpen;
  }

  /** Tell the engine what is looked at. @param {PlanePage} state */
  ask(state) {
    const wish = textOf(state, this.#name) && this.#wish(state);
    const asked = wish ? JSON.stringify(wish) : "";
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#shell.tell(
      /** @type {Parameters<PlaneShell["tell"]>[0]} */ ({
        type: this.#name,
        ...(wish || PANELS[this.#name].none),
      }),
    );
    this.#shell.redraw();
  }

  /** A new connection does not know what is looked at. */
  reconnect() {
    this.#asked = "";
    this.ask(this.#shell.state);
  }
}

/** @param {PlanePage} state @param {Name} name */
function textOf({server}, name) {
  return server?.view[name] ?? "";
}
