/** The buttons and keys for undo and redo; each says what it would take back. */

/** @import {PageState} from "../session/state.js" */
/** @import {LabShell} from "./lab.js" */

import {byId} from "./elements.js";
import {isTyping} from "./keyboard.js";

/** @typedef {"undo" | "redo"} Way */

/** Commands whose names do not say what they did. @type {Record<string, string>} */
const WORDS = {
  play: "training",
  step: "a step of training",
  reset: "the reset",
  "open-link": "opening another experiment",
  "open-moment": "opening a file",
  "go-to-best": "going back to the best epoch",
  recover: "going on after the divergence",
};

export class UndoView {
  #shell;
  #buttons = {undo: byId("undo", HTMLButtonElement), redo: byId("redo", HTMLButtonElement)};
  /** What is on its way, and by which command. @type {{seq: number, text: string}[]} */
  #asked = [];

  /** @param {LabShell} shell */
  constructor(shell) {
    this.#shell = shell;
    for (const way of /** @type {const} */ (["undo", "redo"]))
      this.#buttons[way].addEventListener("click", () => this.#go(way));
    addEventListener("keydown", event => {
      const way = wayOf(event);
      if (!way || isTyping(event) || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      this.#go(way);
    });
  }

  /** @param {PageState} state */
  update({server}) {
    if (!server) return;
    this.#show("undo", server.undo, "Ctrl+Z");
    this.#show("redo", server.redo, "Ctrl+Shift+Z");
    const done = this.#asked.filter(({seq}) => seq <= server.seq).at(-1);
    this.#asked = this.#asked.filter(({seq}) => seq > server.seq);
    if (done) this.#shell.say(done.text);
  }

  /** @param {Way} way @param {string} kind @param {string} keys */
  #show(way, kind, keys) {
    const button = this.#buttons[way];
    button.disabled = kind === "";
    button.title = kind ? `${way === "undo" ? "Undo" : "Redo"}: ${wordsFor(kind)} (${keys})` : "";
  }

  /** @param {Way} way */
  #go(way) {
    const {server} = this.#shell.state;
    if (!server?.[way] || this.#buttons[way].closest("[hidden]")) return;
    const seq = this.#shell.send({type: way});
    const text = `${way === "undo" ? "Undone" : "Done again"}: ${wordsFor(server[way])}`;
    if (seq) this.#asked.push({seq, text});
  }
}

/**
 * What a step changed.
 * @param {string} kind the type of a command, and of a change the names of the settings
 */
export function wordsFor(kind) {
  const [type = "", names = ""] = kind.split(" ");
  if (type === "change") return `the change of ${names.replaceAll("_", " ").replaceAll(",", ", ")}`;
  return WORDS[type] ?? type.replaceAll("-", " ");
}

/** @param {KeyboardEvent} event @returns {Way | null} */
function wayOf({key, ctrlKey, metaKey, altKey, shiftKey}) {
  if (!(ctrlKey || metaKey) || altKey) return null;
  if (key.toLowerCase() === "z") return shiftKey ? "redo" : "undo";
  return key.toLowerCase() === "y" && !shiftKey ? "redo" : null;
}
