/** The controls around the network, wired from one table: what each shows and what it sends.
 *
 * A control shows what the server says, except while an answer to it is on its way: a second choice, made before the
 * first was answered, would jump back. A slider sends its newest value whenever the last one has been answered.
 */

/** @import {AnyCommand} from "./connection.js" */
/** @import {Settings, State} from "./protocol.js" */

import {formatCount} from "./format.js";

/** @typedef {HTMLSelectElement | HTMLInputElement} Control */

/** Sends a command and tells its number, 0 if it could not be sent. @typedef {(command: AnyCommand) => number} Send */

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

/**
 * A row for a box that says how the page shows the experiment.
 * @param {string} id
 * @param {"show_test" | "discretize" | "gradients"} name
 * @returns {Row}
 */
function showing(id, name) {
  return {
    id,
    shows: server => String(server.view[name]),
    sends: text => ({type: "show", [name]: text === "true"}),
  };
}

const asIs = (/** @type {string} */ text) => text;

/** @type {Row[]} */
const ROWS = [
  setting("learning-rate", "learning_rate", Number),
  setting("activation", "activation", asIs),
  {...setting("loss", "loss", asIs), shows: server => server.objective},
  setting("regularization", "regularization", asIs),
  setting("regularization-rate", "regularization_rate", Number),
  setting("batch-size", "batch_size", text => (text === "all" ? text : Number(text))),
  setting("noise", "noise", Number),
  setting("train-share", "train_share", Number),
  setting("initialization", "initialization", asIs),
  setting("method", "method", asIs),
  setting("order", "order", asIs),
  setting("schedule", "schedule", asIs),
  setting("schedule-epochs", "schedule_epochs", Number),
  setting("momentum", "momentum", Number),
  setting("weight-decay", "weight_decay", Number),
  setting("clip", "clip", Number),
  setting("connections", "connections", asIs),
  setting("batch-norm", "batch_norm", text => text === "true"),
  setting("dropout", "dropout", Number),
  {...setting("classes", "classes", Number), shows: server => String(server.classes || 2)},
  setting("stop-epochs", "stop_epochs", Number),
  setting("stop-loss", "stop_loss", Number),
  setting("stop-accuracy", "stop_accuracy", Number),
  setting("stop-plateau", "stop_plateau", Number),
  setting("stop-set", "stop_set", asIs),
  showing("show-test", "show_test"),
  showing("discretize", "discretize"),
  showing("gradients", "gradients"),
  {
    id: "speed",
    shows: server => String(server.speed ?? "full"),
    sends: text => ({type: "speed", epochs_per_second: text === "full" ? null : Number(text)}),
  },
];

/** Buttons that send one command. @type {Record<string, AnyCommand>} */
const BUTTONS = {
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
  /** @type {{hidden_layers: number} | null} */
  #limits = null;
  /** The command that each control waits for, by the control's id. @type {Map<string, number>} */
  #waiting = new Map();
  /** Sliders that have moved on since. @type {Set<Row>} */
  #moved = new Set();

  /** @param {Send} send */
  constructor(send) {
    this.#send = send;
    for (const row of ROWS) this.#wire(row);
    for (const [id, command] of Object.entries(BUTTONS)) onClick(id, () => send(command));
    onClick("step", ({shiftKey}) => send({type: "step", unit: shiftKey ? "batch" : "epoch"}));
    onClick("play", () => send({type: this.#server?.playing ? "pause" : "play"}));
    onClick("add-hidden-layer", () => send({type: "add-layer", layer: this.#layers() + 1}));
    onClick("remove-hidden-layer", () => send({type: "remove-layer", layer: this.#layers()}));
    onChoice("dataset", value => this.#choose(value));
    onChoice("problem", value =>
      this.#choose(this.#chosen[/** @type {"classification" | "regression"} */ (value)]),
    );
    for (const box of features()) box.addEventListener("change", () => this.#sendInputs());
  }

  /**
   * Show what the server says.
   * @param {State} server
   * @param {{hidden_layers: number} | null} limits
   */
  update(server, limits) {
    this.#server = server;
    this.#limits = limits;
    this.#chosen[server.problem] = server.settings.dataset ?? "";
    for (const row of ROWS) this.#show(row);
    this.#showPlay(server.playing);
    const {method, schedule, batch_norm, batch_size, order} = server.settings;
    const isNoisy = order === "sequence" || (batch_size !== "all" && batch_size < 30);
    byId("norm-hint", HTMLElement).hidden = !batch_norm || !isNoisy;
    for (const [id, idle] of /** @type {const} */ ([
      ["loss", server.problem === "regression" || server.classes > 2],
      ["momentum", ["sgd", "adagrad", "rmsprop"].includes(method)],
      ["schedule-epochs", schedule === "constant"],
    ]))
      byId(id, HTMLSelectElement).disabled = idle;
    this.#showLayers();
    if (!this.#waiting.has("dataset")) this.#showData(server);
    if (!this.#waiting.has("inputs")) this.#showInputs(server);
  }

  /**
   * The server has answered all commands up to this one.
   * @param {number} seq
   */
  answered(seq) {
    for (const [id, waiting] of this.#waiting) if (waiting <= seq) this.#waiting.delete(id);
    for (const row of this.#moved) if (!this.#waiting.has(row.id)) this.#sendRow(row);
  }

  /** No answers will come any more: the connection they belonged to is gone. */
  forget() {
    this.#waiting.clear();
    this.#moved.clear();
    if (this.#server) this.update(this.#server, this.#limits);
  }

  #layers() {
    return this.#server ? this.#server.shape.length - 2 : 0;
  }

  /**
   * @param {string} id
   * @param {AnyCommand} command
   */
  #sendFor(id, command) {
    const seq = this.#send(command);
    if (seq) this.#waiting.set(id, seq);
  }

  /** @param {string} dataset */
  #choose(dataset) {
    this.#sendFor("dataset", {type: "change", settings: {dataset}});
  }

  #sendInputs() {
    const inputs = features()
      .filter(box => box.checked)
      .map(box => box.value);
    this.#sendFor("inputs", {type: "change", settings: {inputs}});
  }

  /** @param {Row} row */
  #sendRow(row) {
    this.#moved.delete(row);
    this.#sendFor(row.id, row.sends(textOf(findControl(row.id))));
  }

  /** @param {Row} row */
  #wire(row) {
    const control = findControl(row.id);
    if (control.type !== "range") control.addEventListener("change", () => this.#sendRow(row));
    else
      control.addEventListener("input", () => {
        showValue(control);
        if (this.#waiting.has(row.id)) this.#moved.add(row);
        else this.#sendRow(row);
      });
  }

  /** @param {Row} row */
  #show({id, shows}) {
    if (!this.#server || this.#waiting.has(id)) return;
    const control = findControl(id);
    const value = shows(this.#server);
    if (control instanceof HTMLSelectElement) offer(control, value);
    if (control.type === "range") reach(control, value);
    if (control.type === "checkbox") check(control, value === "true");
    else if (control.value !== value) control.value = value;
    if (control.type === "range") showValue(control, value);
  }

  /** @param {boolean} playing */
  #showPlay(playing) {
    const button = byId("play", HTMLButtonElement);
    button.ariaLabel = playing ? "Pause" : "Play";
    button.classList.toggle("playing", playing);
  }

  #showLayers() {
    const hidden = this.#layers();
    byId("layer-count", HTMLElement).textContent =
      `${hidden} hidden layer${hidden === 1 ? "" : "s"}`;
    const count = formatCount(this.#server?.parameter_count ?? 0);
    byId("parameter-count", HTMLElement).textContent = `${count} parameters`;
    byId("remove-hidden-layer", HTMLButtonElement).disabled = hidden === 0;
    byId("add-hidden-layer", HTMLButtonElement).disabled =
      hidden >= (this.#limits?.hidden_layers ?? 99);
  }

  /** @param {State} server */
  #showData(server) {
    checkRadio("dataset", server.settings.dataset ?? "");
    checkRadio("problem", server.problem);
    for (const card of document.querySelectorAll("[data-problem]"))
      if (card instanceof HTMLElement) card.hidden = card.dataset.problem !== server.problem;
    for (const option of byId("classes", HTMLSelectElement).options)
      option.hidden = option.disabled = Number(option.value) > server.most_classes;
    byId("classes", HTMLSelectElement).disabled = server.most_classes <= 2;
  }

  /** @param {State} server */
  #showInputs(server) {
    const inputs = /** @type {string[]} */ (server.settings.inputs ?? []);
    for (const box of features()) box.checked = inputs.includes(box.value);
    byId("no-inputs", HTMLElement).hidden = inputs.length > 0;
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

/** @param {Control} control */
function textOf(control) {
  return control.type === "checkbox" && control instanceof HTMLInputElement
    ? String(control.checked)
    : control.value;
}

/** @param {Control} control @param {boolean} on */
function check(control, on) {
  if (control instanceof HTMLInputElement) control.checked = on;
}

/** A link may go further than the slider usually does. @param {Control} range @param {string} value */
function reach(range, value) {
  if (!(range instanceof HTMLInputElement)) return;
  if (Number(value) < Number(range.min)) range.min = value;
  if (Number(value) > Number(range.max)) range.max = value;
}

/** A value that the list lacks, from a link say, is added to it. @param {HTMLSelectElement} select @param {string} value */
function offer(select, value) {
  if (![...select.options].some(option => option.value === value))
    select.add(new Option(value, value));
}

/** A value between two of the slider's steps is said as it is. @param {Control} range @param {string} value */
function showValue(range, value = range.value) {
  const output = document.querySelector(`output[for="${range.id}"]`);
  if (output) output.textContent = `${value} %`;
}

/** @param {string} id @param {(event: MouseEvent) => void} act */
function onClick(id, act) {
  byId(id, HTMLButtonElement).addEventListener("click", act);
}

/** @param {string} name @param {(value: string) => void} act */
function onChoice(name, act) {
  for (const radio of radios(name)) radio.addEventListener("change", () => act(radio.value));
}

/** @param {string} name @param {string} value */
function checkRadio(name, value) {
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
