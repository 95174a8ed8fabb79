/** The lessons: a dialog of links, and the one that was followed in place of the notes. */

import {byId} from "./controls.js";

export class Lessons {
  #dialog = byId("lessons", HTMLDialogElement);
  #chapters = byId("chapters", HTMLElement);
  #content = byId("chapters-content", HTMLTemplateElement).content;
  #panel = byId("lesson", HTMLElement);
  #before = byId("lesson-before", HTMLAnchorElement);
  #next = byId("lesson-next", HTMLAnchorElement);
  #links = [...this.#content.querySelectorAll("a")];
  #place = 0;

  constructor() {
    byId("show-lessons", HTMLButtonElement).addEventListener("click", () => this.#open());
    byId("close-lessons", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    byId("close-lesson", HTMLButtonElement).addEventListener("click", () => this.#close());
    this.#dialog.addEventListener("close", () => this.#chapters.replaceChildren());
    this.#before.addEventListener("click", () => this.#show(this.#place - 1));
    this.#next.addEventListener("click", () => this.#show(this.#place + 1));
  }

  /** Made only now: each link in the page makes writing the address slower, as its colour depends on where one has been. */
  #open() {
    this.#chapters.append(this.#content.cloneNode(true));
    for (const [place, link] of this.#chapters.querySelectorAll("a").entries())
      link.addEventListener("click", () => this.#show(place));
    this.#dialog.showModal();
  }

  /** The address leads to the experiment, as every link does; here is only what is said of it. @param {number} place */
  #show(place) {
    const link = this.#links[place];
    if (!link) return;
    this.#place = place;
    byId("lesson-chapter", HTMLElement).textContent =
      `${link.dataset.chapter} · ${place + 1} of ${this.#links.length}`;
    byId("lesson-title", HTMLElement).textContent = link.textContent;
    byId("lesson-text", HTMLElement).textContent = link.nextElementSibling?.textContent ?? "";
    this.#panel.hidden = false;
    document.body.classList.add("in-lesson");
    // The browser follows an anchor after this, to where it then leads: what it belongs to changes when it has.
    setTimeout(() => {
      this.#dialog.close();
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
    anchor.href = link.getAttribute("href") ?? "";
    anchor.title = link.textContent ?? "";
  }

  #close() {
    this.#panel.hidden = true;
    document.body.classList.remove("in-lesson");
    byId("show-lessons", HTMLButtonElement).focus();
  }
}
