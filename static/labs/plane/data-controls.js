/** Problem, data set and input features: which are chosen, which can be chosen, and which controls have an effect. */

/** @import {PlanePage, PlaneShell, PlaneState} from "./page.js" */

import {onClick} from "../../shell/controls.js";
import {byId} from "../../shell/elements.js";
import {showReasons} from "./reasons.js";

/** Controls without effect on points that are fixed, and why. */
const DRAWN = ["noise", "train-share", "regenerate-data"];
const FIXED = "These four points are fixed: no noise, no test points";
const NOISY = 30; // points in a batch below which their mean and variance say little

export class DataControls {
  #shell;
  /** The data set last chosen for each problem. */
  #chosen = {classification: "circle", regression: "reg-plane"};

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
    if (card instanceof HTMLElement) card.hidden = card.dataset.problem !== server.facts.problem;
  for (const option of byId("classes", HTMLSelectElement).options)
    option.hidden = option.disabled = Number(option.value) > server.facts.most_classes;
  showFixed(server.facts.is_fixed);
}

/** A data set of four points is always the same. @param {boolean} fixed */
function showFixed(fixed) {
  for (const id of DRAWN) {
    const control = document.getElementById(id);
    if (!(control instanceof HTMLInputElement || control instanceof HTMLButtonElement)) continue;
    control.disabled = fixed;
    if (control.parentElement?.classList.contains("slider"))
      control.parentElement.title = fixed ? FIXED : "";
    else control.title = fixed ? FIXED : "";
  }
  byId("fixed-points", HTMLElement).hidden = !fixed;
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
