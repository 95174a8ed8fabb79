/** The lessons: a dialog of links, and the one that was followed in place of the notes. */

import {byId} from "./controls.js";

export class Lessons {
  #dialog = byId("lessons", HTMLDialogElement);
  #panel = byId("lesson", HTMLElement);
  #before = byId("lesson-before", HTMLAnchorElement);
  #next = byId("lesson-next", HTMLAnchorElement);
  #links = [...this.#dialog.querySelectorAll("a")];

  constructor() {
    byId("show-lessons", HTMLButtonElement).addEventListener("click", () =>
      this.#dialog.showModal(),
    );
    byId("close-lessons", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    byId("close-lesson", HTMLButtonElement).addEventListener("click", () => this.#close());
    for (const [place, link] of this.#links.entries())
      link.addEventListener("click", () => this.#show(place));
    this.#before.addEventListener("click", () => this.#show(this.#place - 1));
    this.#next.addEventListener("click", () => this.#show(this.#place + 1));
  }

  /** Of the lesson that is shown. */
  get #place() {
    return Number(this.#panel.dataset.place);
  }

  /** The address leads to the experiment, as every link does; here is only what is said of it. @param {number} place */
  #show(place) {
    const link = this.#links[place];
    if (!link) return;
    this.#dialog.close();
    this.#panel.dataset.place = String(place);
    this.#panel.hidden = false;
    byId("lesson-chapter", HTMLElement).textContent =
      `${link.dataset.chapter} · ${place + 1} of ${this.#links.length}`;
    byId("lesson-title", HTMLElement).textContent = link.textContent;
    byId("lesson-text", HTMLElement).textContent = link.nextElementSibling?.textContent ?? "";
    // The browser follows an anchor after this, to where it then leads: its neighbours change when it has.
    setTimeout(() => {
      this.#point(this.#before, place - 1);
      this.#point(this.#next, place + 1);
    });
  }

  /**
   * @param {HTMLAnchorElement} anchor
   * @param {number} place
   */
  #point(anchor, place) {
    const link = this.#links[place];
    anchor.hidden = !link;
    if (!link) return;
    anchor.href = link.hash;
    anchor.title = link.textContent ?? "";
  }

  #close() {
    this.#panel.hidden = true;
    byId("show-lessons", HTMLButtonElement).focus();
  }
}
