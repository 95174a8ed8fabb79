/** The lessons: a dialog of links, and below the bar the text of the one that the experiment belongs to. */

/** @import {PageState} from "../session/state.js" */
/** @import {LabShell} from "./lab.js" */

import {byId} from "./elements.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Lessons {
  #dialog = byId("lessons", HTMLDialogElement);
  #chapters = byId("chapters", HTMLElement);
  #content = byId("chapters-content", HTMLTemplateElement).content;
  #button = byId("show-lessons", HTMLButtonElement);
  #panel = byId("lesson", HTMLElement);
  #title = byId("lesson-title", HTMLElement);
  #before = byId("lesson-before", HTMLAnchorElement);
  #next = byId("lesson-next", HTMLAnchorElement);
  #links = [...this.#content.querySelectorAll("a")];
  #shell;
  /** The lesson of the server's newest state; null before the first. @type {string | null} */
  #lesson = null;
  /** The lesson that the visitor has just chosen, until it opens. */
  #chosen = "";

  /** @param {LabShell} shell */
  constructor(shell) {
    this.#shell = shell;
    this.#button.addEventListener("click", () => this.#open());
    byId("close-lessons", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    byId("close-lesson", HTMLButtonElement).addEventListener("click", () => {
      this.#shell.send({type: "show", lesson: ""});
    });
    this.#dialog.addEventListener("close", () => this.#chapters.replaceChildren());
    for (const anchor of [this.#before, this.#next])
      anchor.addEventListener("click", event => this.#choose(event, anchor));
  }

  /** The text depends on the experiment alone, not on how the visitor opened it. @param {PageState} state */
  update({server}) {
    const lesson = server?.view.lesson ?? "";
    const place = this.#links.findIndex(link => link.dataset.lesson === lesson);
    const isHidden = place < 0 || (server?.view.hide_text ?? false);
    const hadFocus = this.#panel.contains(document.activeElement);
    if (lesson !== this.#lesson) {
      this.#show(place);
      if (place >= 0 && this.#lesson !== null) this.#tell(place);
      this.#lesson = lesson;
    }
    this.#panel.hidden = isHidden;
    document.body.classList.toggle("in-lesson", !isHidden);
    if (isHidden && hadFocus) this.#button.focus();
    if (!isHidden && lesson === this.#chosen) this.#arrive();
  }

  /** The links are made only now: each slows the writing of the address, as its colour depends on visited pages. */
  #open() {
    this.#chapters.append(this.#content.cloneNode(true));
    for (const link of this.#chapters.querySelectorAll("a")) {
      if (link.dataset.lesson === this.#lesson) mark(link);
      link.addEventListener("click", event => this.#choose(event, link));
    }
    this.#dialog.showModal();
  }

  /**
   * The browser follows the link; the address opens the experiment, and the experiment shows the text.
   * @param {MouseEvent} event
   * @param {HTMLAnchorElement} link
   */
  #choose(event, link) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return; // it opens in another tab
    this.#chosen = link.dataset.lesson ?? "";
    const {hash} = link;
    // The browser does not follow a link to the present address, but the lesson must begin anew all the same.
    if (hash === location.hash) this.#shell.send({type: "open-link", link: hash});
    setTimeout(() => this.#dialog.close()); // after the browser has followed the link, which goes with the dialog
  }

  /** @param {number} place */
  #show(place) {
    const link = this.#links[place];
    this.#point(this.#before, link && this.#links[place - 1]);
    this.#point(this.#next, link && this.#links[place + 1]);
    if (!link) return;
    const {chapter, slide} = link.dataset;
    byId("lesson-place", HTMLElement).textContent = [
      chapter,
      `${place + 1} of ${this.#links.length}`,
      ...(slide ? [`Slide “${slide}”`] : []),
    ].join(" · ");
    this.#title.textContent = link.textContent;
    byId("lesson-text", HTMLElement).textContent = textOf(link);
  }

  /** @param {number} place */
  #tell(place) {
    const link = this.#links[place];
    if (link) this.#shell.say(`Lesson: ${link.textContent}. ${textOf(link)}`);
  }

  /** Scroll to the lesson that the visitor has chosen, and move the focus there. */
  #arrive() {
    this.#chosen = "";
    this.#title.focus({preventScroll: true});
    scrollTo({top: 0, behavior: calm.matches ? "instant" : "smooth"});
  }

  /**
   * Points an anchor at a lesson's link, or hides it if there is no lesson.
   * @param {HTMLAnchorElement} anchor
   * @param {HTMLAnchorElement | undefined} link
   */
  #point(anchor, link) {
    anchor.hidden = !link;
    if (!link) {
      anchor.removeAttribute("href");
      return;
    }
    anchor.href = link.getAttribute("href") ?? "";
    anchor.title = link.textContent ?? "";
    anchor.dataset.lesson = link.dataset.lesson ?? "";
  }
}

/** The lesson that the visitor is in. @param {HTMLAnchorElement} link */
function mark(link) {
  link.ariaCurrent = "true";
  link.parentElement?.classList.add("current");
}

/** The lesson's text. @param {HTMLAnchorElement} link */
function textOf(link) {
  return link.nextElementSibling?.textContent ?? "";
}
