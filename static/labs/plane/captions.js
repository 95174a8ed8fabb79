/** Writes what depends on the experiment beside the large picture: the ends of its axes, the neuron shown, the loss. */

/** @import {PlanePage} from "./page.js" */

import {byId} from "../../shell/elements.js";
import {shownUnit, wantedFocus} from "./state.js";
import {unitName} from "./unit-names.js";

export class Captions {
  /** @param {PlanePage} state @param {PlanePage | null} before */
  update(state, before) {
    const {server} = state;
    if (!server) return;
    if (server !== before?.server) {
      showFormula(server.facts.objective);
      showDomain(server.facts.domain);
    }
    const name = byId("field-name", HTMLElement);
    const shown = shownUnit(state);
    name.hidden = wantedFocus(state) === null;
    if (shown) name.textContent = unitName(server, shown);
  }
}

/** @param {string} objective the loss that is trained */
function showFormula(objective) {
  for (const element of document.querySelectorAll("[data-objective]"))
    if (element instanceof HTMLElement) element.hidden = element.dataset.objective !== objective;
}

/** Writes the numbers at the ends of the large picture's axes. @param {readonly number[]} domain */
function showDomain(domain) {
  for (const element of document.querySelectorAll("[data-domain]"))
    if (element instanceof HTMLElement)
      element.textContent = String(domain[Number(element.dataset.domain)]).replace("-", "−");
}
