/** Wires the controls of all settings in one way: what each shows and what it sends.
 *
 * The server writes the control of a setting; `data-setting` names the setting, `data-number` the kind of its numbers.
 * A box with `data-show` says how the page shows the experiment.
 * A control shows the server's value, except while it waits for an answer: a second choice, made before the first
 * was answered, would jump back. A slider sends its newest value whenever the last one has been answered.
 */

/** @import {AnyCommand} from "../session/connection.js" */
/** @import {Typed} from "./number-kinds.js" */
/** @import {PageState, State} from "../session/state.js" */
/** @import {LabShell, Row} from "./lab.js" */

import {byId} from "./elements.js";
import {NumberFields, showNumber} from "./number-field.js";
import {NUMBER_KINDS, SPEED} from "./number-kinds.js";
import {readNumber} from "./numbers.js";
import {TypedChoice} from "./typed-choice.js";

/** @typedef {HTMLSelectElement | HTMLInputElement} Control */

/**
 * A row for the control of a setting.
 * @param {Control} control
 * @param {Readonly<Record<string, Partial<Row>>>} special
 * @returns {Row}
 */
function settingRow(control, special) {
  const {setting: name = ""} = control.dataset;
  const typed = NUMBER_KINDS[control.dataset.number ?? ""];
  return {
    id: control.id,
    shows: server => String(server.settings[name]),
    sends: text => ({type: "change", settings: {[name]: meaningOf(text)}}),
    ...(typed && {typed}),
    ...special[name],
  };
}

/** What a control's text means: a truth, a number or a word. @param {string} text */
function meaningOf(text) {
  if (text === "true" || text === "false") return text === "true";
  return Number.isFinite(Number(text)) ? Number(text) : text;
}

/**
 * A row for a box that says how the page shows the experiment.
 * @param {Control} control
 * @returns {Row}
 */
function showRow({id, dataset}) {
  const {show: name = ""} = dataset;
  return {
    id,
    shows: server => String(server.view[name]),
    sends: text => /** @type {AnyCommand} */ ({type: "show", [name]: text === "true"}),
  };
}

/** @type {Row} */
const SPEED_ROW = {
  id: "speed",
  shows: server => String(server.speed ?? "full"),
  sends: text => ({type: "speed", epochs_per_second: text === "full" ? null : Number(text)}),
  typed: SPEED,
};

export class Controls {
  #rows;
  #shell;
  /** Sliders that have moved since their last command, which is not answered yet. @type {Set<Row>} */
  #moved = new Set();
  /** The lists that take other numbers too, by their ids. @type {Map<string, TypedChoice>} */
  #choices = new Map();

  /**
   * @param {LabShell} shell
   * @param {Readonly<Record<string, Partial<Row>>>} special settings whose control does not simply show and change them
   */
  constructor(shell, special) {
    this.#shell = shell;
    this.#rows = [
      ...controlsWith("data-setting").map(control => settingRow(control, special)),
      ...controlsWith("data-show").map(showRow),
      SPEED_ROW,
    ];
    for (const row of this.#rows) this.#wire(row);
    onClick("reset", () => shell.send({type: "reset"}));
    onClick("step", ({shiftKey}) => shell.send({type: "step", unit: shiftKey ? "batch" : "epoch"}));
    onClick("play", () => shell.send({type: shell.state.server?.playing ? "pause" : "play"}));
  }

  /** Show what the server says. @param {PageState} state */
  update({server}) {
    if (!server) return;
    for (const row of this.#rows) this.#show(row, server);
    showPlay(server.playing);
  }

  /** The server has answered, so sliders that have moved meanwhile send their values. */
  answered() {
    for (const row of this.#moved) if (!this.#shell.waiting.has(row.id)) this.#sendRow(row);
  }

  /** The connection is lost, and its answers with it. */
  forget() {
    this.#moved.clear();
  }

  /** @param {Row} row */
  #sendRow(row) {
    this.#moved.delete(row);
    this.#shell.waiting.sendFor(row.id, row.sends(textOf(findControl(row.id))));
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
        if (this.#shell.waiting.has(row.id)) this.#moved.add(row);
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
    const send = (/** @type {number} */ value) =>
      this.#shell.waiting.sendFor(row.id, row.sends(String(value)));
    const choice = new TypedChoice(select, typed, send);
    this.#choices.set(row.id, choice);
    select.addEventListener("change", () => {
      const {server} = this.#shell.state;
      if (!choice.isWanted) this.#sendRow(row);
      else if (server) choice.open(row.shows(server));
    });
  }

  /**
   * The figure beside a slider takes values beyond the slider's ends.
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
        return this.#shell.waiting.sendFor(row.id, row.sends(String(value)));
      },
    });
  }

  /** @param {Row} row @param {State} server */
  #show({id, shows}, server) {
    if (this.#shell.waiting.has(id)) return;
    const control = findControl(id);
    const value = shows(server);
    if (control instanceof HTMLSelectElement) this.#choices.get(id)?.offer(value);
    if (control.type === "range") reach(control, value);
    if (control.type === "checkbox") check(control, value === "true");
    else if (control.value !== value) control.value = value;
    if (control.type === "range") showValue(control, value);
  }
}

/** @param {boolean} playing */
function showPlay(playing) {
  const button = byId("play", HTMLButtonElement);
  button.ariaLabel = playing ? "Pause" : "Play";
  button.classList.toggle("playing", playing);
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

/** @param {string} attribute @returns {Control[]} */
function controlsWith(attribute) {
  return [...document.querySelectorAll(`[${attribute}]`)].map(({id}) => findControl(id));
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

/** A link may have a value beyond the slider's usual ends. @param {Control} range @param {string} value */
function reach(range, value) {
  if (!(range instanceof HTMLInputElement)) return;
  if (Number(value) < Number(range.min)) range.min = value;
  if (Number(value) > Number(range.max)) range.max = value;
}

/** A value between two of the slider's steps is written as it is. @param {Control} range @param {string} value */
function showValue(range, value = range.value) {
  showNumber(figureOf(range.id), `${value} %`, Number(value));
}

/** @param {string} id of a slider */
function figureOf(id) {
  return byId(`${id}-figure`, HTMLInputElement);
}

/** @param {string} id @param {(event: MouseEvent) => void} act */
export function onClick(id, act) {
  byId(id, HTMLButtonElement).addEventListener("click", act);
}
