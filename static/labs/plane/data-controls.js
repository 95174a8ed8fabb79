/** Problem, data set and input features: which are chosen, which can be chosen, and which controls have an effect. */

/** @import {PlanePage, PlaneShell, PlaneState} from "./page.js" */

import {onClick} from "../../shell/controls.js";
import {byId} from "../../shell/elements.js";
import {learnAgain, problemOfOwn} from "./draw/own-sets.js";
import {showReasons} from "./reasons.js";

/** Controls that only some sets have a use for, and why another has none: four points, and own ones. */
const DRAWN = ["noise", "train-share", "regenerate-data"];
const FIXED = "These four points are fixed: no noise, no test points";
const OWN = "Own points have no noise: they are where they were put";
/** The sets that each problem begins with. */
const FIRST = {classification: "circle", regression: "reg-plane"};
const NOISY = 30; // points in a batch below which their mean and variance say little

export class DataControls {
  #shell;
  /** The data set last chosen for each problem. */
  #chosen = {...FIRST};

  /** @param {PlaneShell} shell */
  constructor(shell) {
    this.#shell = shell;
    onClick("new-weights", () => shell.send({type: "new-weights"}));
    onClick("regenerate-data", () => shell.send({type: "regenerate-data"}));
    onChoice("dataset", value => this.#choose(value));
    onChoice("problem", value =>
      this.#choose(this.#chosen[/** @type {PlaneState["facts"]["problem"]} */ (value)]),
    );
    for (const box of featureBoxes()) box.addEventListener("change", () => this.#sendInputs());
  }

  /** @param {PlanePage} state */
  update({server}) {
    if (!server) return;
    this.#chosen[server.facts.problem] = server.settings.dataset;
    const {batch_norm, batch_size, order} = server.settings;
    const isNoisy = order === "sequence" || (batch_size !== "all" && batch_size < NOISY);
    byId("norm-hint", HTMLElement).hidden = !batch_norm || !isNoisy;
    showReasons(server);
    if (!this.#shell.waiting.has("dataset")) showData(server);
    if (!this.#shell.waiting.has("inputs")) showInputs(server.settings.inputs);
  }

  /** @param {string} dataset */
  #choose(dataset) {
    const own = problemOfOwn(dataset);
    const set = own && this.#shell.state.own.draw.kept[own];
    if (set) {
      this.#shell.waiting.sendFor("dataset", learnAgain(set));
      return;
    }
    if (own) dataset = FIRST[own];
    this.#shell.waiting.sendFor("dataset", {type: "change", settings: {dataset}});
  }

  #sendInputs() {
    const inputs = featureBoxes()
      .filter(box => box.checked)
      .map(box => box.value);
    this.#shell.waiting.sendFor("inputs", {type: "change", settings: {inputs}});
  }
}

/** The features that are off, by the names of their controls. @param {PlaneState} server */
export function unusedInputs({settings}) {
  const used = /** @type {readonly string[]} */ (settings.inputs);
  return featureBoxes()
    .map(box => box.value)
    .filter(name => !used.includes(name));
}

/** @param {PlaneState} server */
function showData(server) {
  checkRadio("dataset", server.settings.dataset);
  checkRadio("problem", server.facts.problem);
  for (const card of document.querySelectorAll("[data-problem]"))
    if (card instanceof HTMLElement && !("own" in card.dataset))
      card.hidden = card.dataset.problem !== server.facts.problem;
  for (const option of byId("classes", HTMLSelectElement).options)
    option.hidden = option.disabled = Number(option.value) > server.facts.most_classes;
  showUses(server.facts);
}

/** A data set of four points is always the same, and own points are not drawn. @param {PlaneState["facts"]} facts */
function showUses({is_fixed: isFixed, own}) {
  for (const id of DRAWN) {
    const why = isFixed ? FIXED : own && id === "noise" ? OWN : "";
    const control = document.getElementById(id);
    if (!(control instanceof HTMLInputElement || control instanceof HTMLButtonElement)) continue;
    control.disabled = why !== "";
    if (control.parentElement?.classList.contains("slider")) control.parentElement.title = why;
    else control.title = why;
  }
  byId("fixed-points", HTMLElement).hidden = !isFixed;
  byId("own-points", HTMLElement).hidden = !own;
  byId("regenerate-data", HTMLElement).textContent = own ? "Split anew" : "Regenerate data";
}

/** @param {readonly string[]} inputs */
function showInputs(inputs) {
  for (const box of featureBoxes()) box.checked = inputs.includes(box.value);
  byId("no-inputs", HTMLElement).hidden = inputs.length > 0;
}

/** @param {string} name @param {(value: string) => void} act */
function onChoice(name, act) {
  for (const radio of inputsNamed(name)) radio.addEventListener("change", () => act(radio.value));
}

/** @param {string} name @param {string} value */
function checkRadio(name, value) {
  for (const radio of inputsNamed(name)) radio.checked = radio.value === value;
}

/** @param {string} name @returns {HTMLInputElement[]} */
function inputsNamed(name) {
  return [...document.querySelectorAll("input")].filter(input => input.name === name);
}

function featureBoxes() {
  return inputsNamed("feature");
}
