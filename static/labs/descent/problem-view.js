/** The error and the race: its formula, what theory says, which controls count, and who races. */

/** @import {DescentPage, DescentShell, Race} from "./page.js" */

import {byId} from "../../shell/elements.js";
import {change} from "./commands.js";
import {theoryWords} from "./words.js";

const CURVED = new Set(["bowl", "valley"]); // those with a curvature to choose
const NEEDS_POINTS = "This needs an error over points: a slope, a line or a neuron.";

export class ProblemView {
  #theory = byId("theory", HTMLElement);
  #singles = byId("singles-label", HTMLElement);
  #newPoints = byId("new-points", HTMLButtonElement);
  #hint = byId("drop-hint", HTMLElement);
  #races = [...document.querySelectorAll("#races input")].filter(isInput);

  /** @param {DescentShell} shell */
  constructor(shell) {
    for (const radio of this.#races)
      radio.addEventListener("change", () =>
        shell.send(change({race: /** @type {Race} */ (radio.value), rates: []})),
      );
    this.#newPoints.addEventListener("click", () =>
      shell.send(
        /** @type {import("../../session/connection.js").AnyCommand} */ ({type: "new-points"}),
      ),
    );
  }

  /** @param {DescentPage} state */
  update({server}) {
    if (!server) return;
    const {settings, facts} = server;
    for (const formula of document.querySelectorAll("[data-problem]"))
      if (formula instanceof HTMLElement)
        formula.hidden = formula.dataset.problem !== settings.problem;
    const text = theoryWords(facts);
    if (this.#theory.textContent !== text) this.#theory.textContent = text;
    unused("curvature", !CURVED.has(settings.problem));
    for (const name of ["points", "noise"]) unused(name, !facts.has_points);
    unused("runner", !facts.has_points || settings.race === "runners");
    this.#newPoints.classList.toggle("unused", !facts.has_points);
    this.#singles.classList.toggle("unused", !facts.has_points || facts.weights.length > 1);
    unused("method", settings.race === "methods");
    this.#showRace(settings.race, facts.has_points);
    this.#hint.classList.toggle("unused", settings.start.length > 0);
  }

  /** @param {Race} race @param {boolean} hasPoints */
  #showRace(race, hasPoints) {
    for (const radio of this.#races) {
      radio.checked = radio.value === race;
      if (radio.value !== "runners") continue;
      radio.disabled = !hasPoints;
      const label = radio.closest("label");
      if (label) label.title = hasPoints ? "" : NEEDS_POINTS;
    }
  }
}

/** A control that does nothing here is not shown. @param {string} control @param {boolean} isUnused */
function unused(control, isUnused) {
  document.querySelector(`.field[data-control="${control}"]`)?.classList.toggle("unused", isUnused);
}

/** @param {Element} element @returns {element is HTMLInputElement} */
function isInput(element) {
  return element instanceof HTMLInputElement;
}
