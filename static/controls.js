/** The controls around the network, wired from one table: what each shows and what it sends. */

/** @import {AnyCommand} from "./connection.js" */
/** @import {Settings, State} from "./protocol.js" */

/** @typedef {HTMLSelectElement | HTMLInputElement} Control */

/**
 * @typedef {object} Row
 * @property {string} id of the element
 * @property {(server: State) => string} shows
 * @property {(text: string) => AnyCommand} sends
 */

/**
 * A row for a setting of the experiment.
 * @param {string} id
 * @param {keyof Settings} name
 * @param {(text: string) => unknown} read
 * @returns {Row}
 */
function setting(id, name, read) {
  return {
    id,
    shows: server => String(server.settings[name]),
    sends: text => ({type: "change", settings: {[name]: read(text)}}),
  };
}

const asIs = (/** @type {string} */ text) => text;

/** @type {Row[]} */
const ROWS = [
  setting("learning-rate", "learning_rate", Number),
  setting("activation", "activation", asIs),
  setting("loss", "loss", asIs),
  setting("regularization", "regularization", asIs),
  setting("regularization-rate", "regularization_rate", Number),
  setting("batch-size", "batch_size", text => (text === "all" ? text : Number(text))),
  setting("noise", "noise", Number),
  setting("train-share", "train_share", Number),
  {
    id: "speed",
    shows: server => String(server.speed ?? "full"),
    sends: text => ({type: "speed", epochs_per_second: text === "full" ? null : Number(text)}),
  },
];

/** Buttons that send one command. @type {Record<string, AnyCommand>} */
const BUTTONS = {
  step: {type: "step"},
  reset: {type: "reset"},
  "new-weights": {type: "new-weights"},
  "regenerate-data": {type: "regenerate-data"},
};

export class Controls {
  #send;
  /** The data set last chosen for each problem. */
  #chosen = {classification: "circle", regression: "reg-plane"};
  /** @type {State | null} */
  #server = null;

  /** @param {(command: AnyCommand) => void} send */
  constructor(send) {
    this.#send = send;
    for (const row of ROWS) this.#wire(row);
    for (const [id, command] of Object.entries(BUTTONS)) onClick(id, () => send(command));
    onClick("play", () => send({type: this.#server?.playing ? "pause" : "play"}));
    onClick("add-hidden-layer", () => send({type: "add-layer", layer: this.#layers() + 1}));
    onClick("remove-hidden-layer", () => send({type: "remove-layer", layer: this.#layers()}));
    onChoice("dataset", value => send({type: "change", settings: {dataset: value}}));
    onChoice("problem", value => {
      const problem = /** @type {"classification" | "regression"} */ (value);
      send({type: "change", settings: {dataset: this.#chosen[problem]}});
    });
    for (const box of features()) box.addEventListener("change", () => this.#sendInputs());
  }

  /**
   * Show what the server says.
   * @param {State} server
   * @param {{hidden_layers: number} | null} limits
   */
  update(server, limits) {
    this.#server = server;
    this.#chosen[server.problem] = server.settings.dataset ?? "";
    for (const row of ROWS) this.#show(row);
    this.#showPlay(server.playing);
    byId("loss", HTMLSelectElement).disabled = server.problem === "regression";
    const hidden = this.#layers();
    byId("layer-count", HTMLElement).textContent = String(hidden);
    byId("remove-hidden-layer", HTMLButtonElement).disabled = hidden === 0;
    byId("add-hidden-layer", HTMLButtonElement).disabled = hidden >= (limits?.hidden_layers ?? 99);
    check("dataset", server.settings.dataset ?? "");
    check("problem", server.problem);
    for (const card of document.querySelectorAll("[data-problem]"))
      if (card instanceof HTMLElement) card.hidden = card.dataset.problem !== server.problem;
    const inputs = /** @type {string[]} */ (server.settings.inputs ?? []);
    for (const box of features()) box.checked = inputs.includes(box.value);
  }

  #layers() {
    return this.#server ? this.#server.shape.length - 2 : 0;
  }

  #sendInputs() {
    const inputs = features()
      .filter(box => box.checked)
      .map(box => box.value);
    this.#send({type: "change", settings: {inputs}});
  }

  /** @param {Row} row */
  #wire({id, sends}) {
    const control = findControl(id);
    control.addEventListener("change", () => this.#send(sends(control.value)));
    if (control.type === "range") control.addEventListener("input", () => showValue(control));
  }

  /** @param {Row} row */
  #show({id, shows}) {
    if (!this.#server) return;
    const control = findControl(id);
    const value = shows(this.#server);
    if (control instanceof HTMLSelectElement) offer(control, value);
    if (control.value !== value) control.value = value;
    if (control.type === "range") showValue(control);
  }

  /** @param {boolean} playing */
  #showPlay(playing) {
    const button = byId("play", HTMLButtonElement);
    button.ariaLabel = button.title = playing ? "Pause" : "Play";
    button.classList.toggle("playing", playing);
  }
}

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function byId(id, kind) {
  const element = document.getElementById(id);
  if (!(element instanceof kind))
    throw new Error(`the page has no #${id} of the kind ${kind.name}`);
  return element;
}

/**
 * @param {string} id
 * @returns {Control}
 */
function findControl(id) {
  const element = document.getElementById(id);
  if (element instanceof HTMLSelectElement || element instanceof HTMLInputElement) return element;
  throw new Error(`the page has no control #${id}`);
}

/** A value that the list lacks, from a link say, is added to it. @param {HTMLSelectElement} select @param {string} value */
function offer(select, value) {
  if (![...select.options].some(option => option.value === value))
    select.add(new Option(value, value));
}

/** @param {Control} range */
function showValue(range) {
  const output = document.querySelector(`output[for="${range.id}"]`);
  if (output) output.textContent = `${range.value} %`;
}

/** @param {string} id @param {() => void} act */
function onClick(id, act) {
  byId(id, HTMLButtonElement).addEventListener("click", act);
}

/** @param {string} name @param {(value: string) => void} act */
function onChoice(name, act) {
  for (const radio of radios(name)) radio.addEventListener("change", () => act(radio.value));
}

/** @param {string} name @param {string} value */
function check(name, value) {
  for (const radio of radios(name)) radio.checked = radio.value === value;
}

/** @param {string} name @returns {HTMLInputElement[]} */
function radios(name) {
  return [...document.querySelectorAll("input")].filter(input => input.name === name);
}

/** @returns {HTMLInputElement[]} */
function features() {
  return radios("feature");
}
