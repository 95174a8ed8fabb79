/** Links that skip the many controls in one step. The address bar holds the experiment, so they do not change it. */

import {byId} from "./elements.js";

export function listenForSkips() {
  for (const link of document.querySelectorAll("[data-skip]"))
    link.addEventListener("click", event => {
      event.preventDefault();
      if (link instanceof HTMLElement) entranceOf(link.dataset.skip ?? "").focus();
    });
}

/** @param {string} id */
function entranceOf(id) {
  const target = byId(id, HTMLElement);
  const entrance = target.querySelector("[data-entrance] [tabindex='0']");
  return entrance instanceof HTMLElement ? entrance : target;
}
