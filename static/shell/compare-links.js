/** Leads to the page that compares runs, with two copies of the present one. */

/** @import {PageState} from "../session/state.js" */
/** @import {LabShell} from "./lab.js" */

import {FROM_PAGE, writeComparison} from "./compare/comparison-link.js";

export class CompareLinks {
  #shell;
  #links = [...document.querySelectorAll("[data-compare]")].filter(
    each => each instanceof HTMLAnchorElement,
  );
  /** The visitor waits for the pause: copies are to be of one moment. */
  #leaves = false;

  /** @param {LabShell} shell */
  constructor(shell) {
    this.#shell = shell;
    for (const link of this.#links)
      link.addEventListener("click", event => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab has the link alone
        event.preventDefault();
        this.#leave();
      });
  }

  /** @param {PageState} state */
  update({server}) {
    if (!server) return;
    const columns = /** @type {["A" | "B", string][]} */ ([
      ["A", server.link],
      ["B", server.link],
    ]);
    for (const link of this.#links) link.hash = writeComparison({columns, seeds: 0, epochs: 0});
    if (this.#leaves && !server.playing) this.#go();
  }

  #leave() {
    this.#leaves = Boolean(this.#shell.state.server?.playing);
    if (this.#leaves) this.#leaves = this.#shell.send({type: "pause"}) > 0;
    else this.#go();
  }

  #go() {
    this.#leaves = false;
    const [link] = this.#links;
    if (link) location.assign(link.href.replace(/#.*/, FROM_PAGE));
  }
}
