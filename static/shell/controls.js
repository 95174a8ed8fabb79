/** The controls around the network, wired in one way: what each shows and what it sends.
 *
 * The server writes the control of a setting; `data-setting` names the setting, `data-number` the kind of its numbers.
 * A control shows what the server says, except while an answer to it is on its way: a second choice, made before the
 * first was answered, would jump back. A slider sends its newest value whenever the last one has been answered.
 */

/** @import {AnyCommand} from "../session/connection.js" */
/** @import {LayerWidths} from "../labs/plane/layer-widths.js" */
/** @import {Typed} from "./number-kinds.js" */
/** @import {Settings, State} from "../session/plane-state.js" */

import {formatCount} from "../drawing/format.js";
import {byId} from "./elements.js";
import {isHidden} from "./hidden-controls.js";
import {fix, NumberFields, showNumber} from "./number-field.js";
import {NUMBER_KINDS, SPEED} from "./number-kinds.js";
import {readNumber} from "./numbers.js";
import {showReasons} from "./reasons.js";
import {TypedChoice} from "./typed-choice.js";

/** @typedef {HTMLSelectElement | HTMLInputElement} Control */

/** Sends a command and tells its number, 0 if it could not be sent. @typedef {(command: AnyCommand) => number} Send */

/**
 * @typedef {object} Row
 * @property {string} id of the element
 * @property {(server: State) => string} shows
 * @property {(text: string) => AnyCommand} sends
 * @property {Typed} [typed] how other numbers than those of the list are typed
 */

/**
 * Where the control of a setting does not simply show and change it.
 * @type {Record<string, Partial<Row>>}
 */
const SPECIAL = {
  activation: {
    shows: ({settings: {activation, activations}}) => {
      const all = new Set(activations.map(own => (own === "same" ? activation : own)));
      return all.size > 1 ? "mixed" : ([...all][0] ?? activation);
    },
    sends: activation => ({type: "change", settings: {activation, activations: []}}),
  },
  loss: {shows: server => server.objective},
  classes: {shows: server => String(server.classes || 2)},
};

/**
 * A row for the control of a setting.
 * @param {Control} control
 * @returns {Row}
 */
function settingRow(control) {
  const name = /** @type {keyof Settings} */ (control.dataset.setting);
  const typed = NUMBER_KINDS[control.dataset.number ?? ""];
  return {
    id: control.id,
    shows: server => String(server.settings[name]),
    sends: text => ({type: "change", settings: {[name]: meaningOf(text)}}),
    ...(typed && {typed}),
    ...SPECIAL[name],
  };
}

/** What a control's text means: a truth, a number or a word. @param {string} text */
function meaningOf(text) {
  if (text === "true" || text === "false") return text === "true";
  return Number.isFinite(Number(text)) ? Number(text) : text;
}

/**
 * A row for a box that says how the page shows the experiment.
 * @param {string} id
 * @param {"show_test" | "discretize" | "gradients" | "errors" | "log_epoch" | "log_loss"} name
 * @returns {Row}
 */
function showing(id, name) {
  return {
    id,
    shows: server => String(server.view[name]),
    sends: text => ({type: "show", [name]: text === "true"}),
  };
}

/** The rows of what is no setting. @type {Row[]} */
const OTHERS = [
  showing("show-test", "show_test"),
  showing("discretize", "discretize"),
  showing("gradients", "gradients"),
  showing("errors", "errors"),
  showing("log-epoch", "log_epoch"),
  showing("log-loss", "log_loss"),
  {
    id: "speed",
    shows: server => String(server.speed ?? "full"),
    sends: text => ({type: "speed", epochs_per_second: text === "full" ? null : Number(text)}),
    typed: SPEED,
  },
];

/** Buttons that send one command. @type {Record<string, AnyCommand>} */
const BUTTONS = {
  reset: {type: "reset"},
  "new-weights": {type: "new-weights"},
  "regenerate-data": {type: "regenerate-data"},
};

/** How many weights and biases a network has, as exercises ask for them. @param {State | null} server */
function countText(server) {
  const [weights, biases] = [server?.weight_count ?? 0, server?.bias_count ?? 0];
  const plural = (
    /** @type {number} */ count,
    /** @type {string} */ one,
    /** @type {string} */ many,
  ) => `${formatCount(count)} ${count === 1 ? one : many}`;
  return `${plural(weights, "weight", "weights")}, ${plural(biases, "bias", "biases")}`;
}

/** What has no meaning for points that are fixed, and why. */
const DRAWN = ["noise", "train-share", "regenerate-data"];
const FIXED = "These four points are fixed: no noise, no test points";

export class Controls {
  #rows = [...settingControls().map(settingRow), ...OTHERS];
  #send;
  #widths;
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
  /** The lists that take other numbers too, by their ids. @type {Map<string, TypedChoice>} */
  #choices = new Map();

  /**
   * @param {Send} send
   * @param {LayerWidths} widths
   */
  constructor(send, widths) {
    this.#send = send;
    this.#widths = widths;
    for (const row of this.#rows) this.#wire(row);
    for (const [id, command] of Object.entries(BUTTONS)) onClick(id, () => send(command));
    onClick("step", ({shiftKey}) => send({type: "step", unit: shiftKey ? "batch" : "epoch"}));
    onClick("play", () => send({type: this.#server?.playing ? "pause" : "play"}));
    onClick("add-hidden-layer", () => this.#addLayer());
    onClick("remove-hidden-layer", () => send({type: "remove-layer", layer: this.#layers()}));
    onChoice("dataset", value => this.#choose(value));
    onChoice("problem", value =>
      this.#choose(this.#chosen[/** @type {"classification" | "regression"} */ (value)]),
    );
    for (const box of features()) box.addEventListener("change", () => this.#sendInputs());
    new NumberFields(byId("hidden-layers", HTMLInputElement), {
      read: text => readNumber(text, {whole: true, min: 0, max: this.#mostLayers}),
      show: String,
      step: (value, steps) => Math.min(Math.max(value + steps, 0), this.#mostLayers),
      commit: layers => this.#setLayers(layers),
    });
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
    for (const row of this.#rows) this.#show(row);
    this.#showPlay(server.playing);
    const {batch_norm, batch_size, order} = server.settings;
    const isNoisy = order === "sequence" || (batch_size !== "all" && batch_size < 30);
    byId("norm-hint", HTMLElement).hidden = !batch_norm || !isNoisy;
    showReasons(server);
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

  get #mostLayers() {
    return this.#limits?.hidden_layers ?? 99;
  }

  #addLayer() {
    const [neurons = null] = this.#widths.after(this.#hidden, this.#layers() + 1);
    this.#send({type: "add-layer", layer: this.#layers() + 1, neurons});
  }

  /** @param {number} layers */
  #setLayers(layers) {
    return this.#send({
      type: "set-layers",
      layers,
      neurons: this.#widths.after(this.#hidden, layers),
    });
  }

  /** Neurons of each hidden layer. */
  get #hidden() {
    return this.#server?.shape.slice(1, -1) ?? [];
  }

  /**
   * @param {string} id
   * @param {AnyCommand} command
   */
  #sendFor(id, command) {
    const seq = this.#send(command);
    if (seq) this.#waiting.set(id, seq);
    return seq;
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
    if (control instanceof HTMLSelectElement && row.typed)
      this.#wireChoice(row, control, row.typed);
    else if (control.type !== "range") control.addEventListener("change", () => this.#sendRow(row));
    else {
      control.addEventListener("input", () => {
        showValue(control);
        if (this.#waiting.has(row.id)) this.#moved.add(row);
        else this.#sendRow(row);
      });
      if (row.typed) this.#wireFigure(row, row.typed);
    }
  }

  /**
   * @param {Row} row
   * @param {HTMLSelectElement} select
   * @param {Typed} typed
   */
  #wireChoice(row, select, typed) {
    const send = (/** @type {number} */ value) => this.#sendFor(row.id, row.sends(String(value)));
    const choice = new TypedChoice(select, typed, send);
    this.#choices.set(row.id, choice);
    select.addEventListener("change", () => {
      if (!choice.isWanted) this.#sendRow(row);
      else if (this.#server) choice.open(row.shows(this.#server));
    });
  }

  /**
   * The figure beside a slider, which reaches further.
   * @param {Row} row
   * @param {Typed} typed
   */
  #wireFigure(row, {show, step}) {
    const figure = figureOf(row.id);
    const [min, max] = [Number(figure.dataset.min), Number(figure.dataset.max)];
    new NumberFields(figure, {
      read: text => readNumber(text, {min, max, unit: "%"}),
      show,
      step: (value, steps) => Math.min(Math.max(step(value, steps), min), max),
      commit: value => {
        this.#moved.delete(row);
        return this.#sendFor(row.id, row.sends(String(value)));
      },
    });
  }

  /** @param {Row} row */
  #show({id, shows}) {
    if (!this.#server || this.#waiting.has(id)) return;
    const control = findControl(id);
    const value = shows(this.#server);
    if (control instanceof HTMLSelectElement) this.#choices.get(id)?.offer(value);
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
    const field = byId("hidden-layers", HTMLInputElement);
    showNumber(field, String(hidden), hidden);
    fix(field, this.#server !== null && isHidden(this.#server, "hidden"));
    byId("layer-count", HTMLElement).textContent = `hidden layer${hidden === 1 ? "" : "s"}`;
    const counts = byId("parameter-count", HTMLElement);
    counts.textContent = countText(this.#server);
    counts.title = `${formatCount(this.#server?.parameter_count ?? 0)} parameters in all`;
    byId("remove-hidden-layer", HTMLButtonElement).disabled = hidden === 0;
    byId("add-hidden-layer", HTMLButtonElement).disabled = hidden >= this.#mostLayers;
  }

  /** @param {State} server */
  #showData(server) {
    checkRadio("dataset", server.settings.dataset ?? "");
    checkRadio("problem", server.problem);
    for (const card of document.querySelectorAll("[data-problem]"))
      if (card instanceof HTMLElement) card.hidden = card.dataset.problem !== server.problem;
    for (const option of byId("classes", HTMLSelectElement).options)
      option.hidden = option.disabled = Number(option.value) > server.most_classes;
    this.#showFixed(server.is_fixed);
  }

  /** Four points are always the same ones. @param {boolean} fixed */
  #showFixed(fixed) {
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

  /** @param {State} server */
  #showInputs(server) {
    const inputs = /** @type {string[]} */ (server.settings.inputs ?? []);
    for (const box of features()) box.checked = inputs.includes(box.value);
    byId("no-inputs", HTMLElement).hidden = inputs.length > 0;
  }
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

/** Those that the server has made for the settings. @returns {Control[]} */
function settingControls() {
  return [...document.querySelectorAll("[data-setting]")].map(({id}) => findControl(id));
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

/** A value between two of the slider's steps is said as it is. @param {Control} range @param {string} value */
function showValue(range, value = range.value) {
  showNumber(figureOf(range.id), `${value} %`, Number(value));
}

/** @param {string} id of a slider */
function figureOf(id) {
  return byId(`${id}-figure`, HTMLInputElement);
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
