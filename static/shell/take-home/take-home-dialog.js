/** The dialog that gives the experiment out in every form, and opens one that comes back. */

/** @import {PageState} from "../../session/state.js" */
/** @import {LabShell} from "../lab.js" */
/** @import {MomentFiles} from "./moment-files.js" */

import {onClick} from "../controls.js";
import {byId} from "../elements.js";
import {filmOf, formOf, NotTaken} from "./exchange.js";
import {filmEstimate, secondsLeft} from "./film-estimate.js";
import {picturedParts, pictureOf} from "./page-pictures.js";
import {copy, save} from "./saving.js";

const REST = "Files are made by this server, which keeps none of them.";

/** What makes a file, until it is cancelled. @typedef {(signal: AbortSignal) => Promise<Blob>} Maker */

export class TakeHomeDialog {
  #dialog = byId("take-home", HTMLDialogElement);
  #part = byId("take-part", HTMLSelectElement);
  #text = byId("take-text", HTMLTextAreaElement);
  #file = byId("take-file", HTMLInputElement);
  #shell;
  #files;
  #redrawAll;
  /** What is being made. @type {AbortController | null} */
  #making = null;

  /**
   * @param {LabShell} shell
   * @param {MomentFiles} files
   * @param {() => void} redrawAll
   */
  constructor(shell, files, redrawAll) {
    this.#shell = shell;
    this.#files = files;
    this.#redrawAll = redrawAll;
    onClick("show-take-home", () => this.open());
    onClick("close-take-home", () => this.#dialog.close());
    onClick("cancel-take", () => this.#making?.abort());
    onClick("take-picture", () => this.#takePicture());
    this.#dialog.addEventListener("close", () => this.#making?.abort());
    this.#dialog.addEventListener("click", ({target}) => {
      if (target instanceof HTMLButtonElement) this.#press(target);
    });
    this.#dialog.addEventListener("change", () => this.#estimate());
    this.#text.addEventListener("focus", () => this.#text.select());
    this.#file.addEventListener("change", () => {
      const [file] = this.#file.files ?? [];
      this.#file.value = ""; // so that the same file can be chosen again
      if (file) this.openFile(file);
    });
  }

  open() {
    const {server} = this.#shell.state;
    if (!this.#dialog.dataset.opened)
      for (const theme of this.#dialog.querySelectorAll("[data-choice=theme]"))
        if (theme instanceof HTMLSelectElement)
          theme.value = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    this.#dialog.dataset.opened = "true";
    this.#estimate();
    this.#offerUnit(server?.focus ?? null);
    this.#part.replaceChildren(...picturedParts().map(part => new Option(part.dataset.picture)));
    byId("take-page", HTMLElement).hidden = this.#part.length === 0;
    this.#say(REST);
    this.#text.hidden = true;
    this.#dialog.showModal();
  }

  /** @param {File} file that holds an experiment */
  async openFile(file) {
    const name = file.name;
    const isOpen = await this.#during(`Opening ${name} …`, () => this.#opened(file));
    if (!isOpen) return;
    this.#dialog.close();
    this.#shell.say(`${name} is open`);
  }

  /** @param {File} file */
  async #opened(file) {
    try {
      await this.#files.open(file);
    } catch (failure) {
      if (!(failure instanceof NotTaken)) throw failure;
      throw new NotTaken(`${file.name}: ${failure.message}`);
    }
  }

  /** The neuron that is looked at can be a picture of its own. @param {readonly [number, number] | null} unit */
  #offerUnit(unit) {
    const list = this.#dialog.querySelector("[data-choice=of]");
    if (!(list instanceof HTMLSelectElement)) return;
    list.length = 1;
    if (!unit) return;
    const [layer, neuron] = unit;
    list.add(new Option(`Layer ${layer} neuron ${neuron}`, `${layer}-${neuron}`, false, true));
  }

  /** @param {HTMLButtonElement} button */
  #press({dataset: {take, copy: copied, file = "", title = "", film}}) {
    if (take && film !== undefined)
      this.#download(title, file, signal => this.#filmed(take, signal));
    else if (take) this.#download(title, file, signal => this.#made(take, signal));
    else if (copied) this.#copy(title, copied);
  }

  /** @param {string} title @param {string} name @param {Maker} make */
  async #download(title, name, make) {
    await this.#during(`Writing ${title} …`, async signal => {
      const file = await make(signal);
      if (!signal.aborted) save(file, name);
      return `${name}: ${file.size.toLocaleString("en")} bytes`;
    });
  }

  /** @param {string} title @param {string} form */
  async #copy(title, form) {
    await this.#during(`Writing ${title} …`, async signal => {
      const text = this.#made(form, signal).then(file => file.text());
      if (await copy(text)) return `${title}: copied`;
      this.#text.value = await text;
      this.#text.hidden = false;
      this.#text.focus();
      return document.execCommand("copy") ? `${title}: copied` : `${title}: press Ctrl-C`;
    });
  }

  #takePicture() {
    const part = picturedParts()[this.#part.selectedIndex];
    if (!part) return;
    const {theme, scale = "1"} = this.#choices();
    const how = {redrawAll: this.#redrawAll, isTransparent: theme === "transparent"};
    const title = part.dataset.picture ?? "";
    const name = `${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.png`;
    this.#download(title, name, () => pictureOf(part, Number(scale), how));
  }

  /** @param {string} form @param {AbortSignal} signal */
  async #made(form, signal) {
    const moment = await this.#files.take();
    signal.throwIfAborted();
    if (form === "safetensors") return new Blob([moment], {type: "application/octet-stream"});
    return formOf(moment, form, this.#choices(form), signal);
  }

  /** @param {string} form @param {AbortSignal} signal */
  async #filmed(form, signal) {
    const moment = await this.#files.take(true);
    signal.throwIfAborted();
    const begun = performance.now();
    return filmOf(moment, form, this.#choices(form), signal, progress => {
      if (signal.aborted) return;
      if (!progress) return this.#say("Waiting for the films of others …", true);
      const {share, bytes} = progress;
      const left = secondsLeft(share, (performance.now() - begun) / 1000);
      this.#sayHowFar(`${Math.round(100 * share)} %, ${(bytes / 1e6).toFixed(1)} MB${left}`, share);
    });
  }

  /** What the films would be that can be chosen now. */
  #estimate() {
    const line = document.getElementById("film-estimate");
    if (!line) return;
    const {seconds = "", size = "", show = ""} = this.#choices("gif");
    const first = this.#shell.state.server?.timeline?.first ?? 0;
    line.textContent = filmEstimate({seconds: Number(seconds), size: Number(size), show, first});
  }

  /** What is chosen: of one form, or of pictures. @param {string} [form] @returns {Record<string, string>} */
  #choices(form) {
    const among = form ? "" : "[aria-labelledby=take-as-picture] ";
    const controls = [...this.#dialog.querySelectorAll(`${among}[data-choice]`)].filter(
      each =>
        !form || (each instanceof HTMLElement && each.dataset.forms?.split(" ").includes(form)),
    );
    return Object.fromEntries(
      controls.map(each => {
        const {choice = ""} = /** @type {HTMLElement} */ (each).dataset;
        const isBox = each instanceof HTMLInputElement;
        return [choice, isBox ? (each.checked ? "yes" : "no") : chosenIn(each)];
      }),
    );
  }

  /**
   * Show that something is under way, and what became of it.
   * @param {string} words
   * @param {(signal: AbortSignal) => Promise<string | void>} act
   * @returns {Promise<boolean>} whether it came to its end
   */
  async #during(words, act) {
    this.#making?.abort();
    const making = new AbortController();
    this.#making = making;
    this.#say(words, true);
    this.#text.hidden = true;
    try {
      const done = await act(making.signal);
      if (this.#making === making) this.#say(making.signal.aborted ? "Cancelled" : (done ?? ""));
      return !making.signal.aborted;
    } catch (failure) {
      if (this.#making !== making) return false;
      if (making.signal.aborted) this.#say("Cancelled");
      else this.#sayFault(failure);
      return false;
    }
  }

  /** @param {string} words @param {boolean} isUnderWay */
  #say(words, isUnderWay = false) {
    byId("take-status", HTMLElement).textContent = words;
    const bar = byId("take-progress", HTMLProgressElement);
    bar.hidden = !isUnderWay;
    bar.removeAttribute("value");
    byId("take-how-far", HTMLElement).textContent = "";
    byId("cancel-take", HTMLElement).hidden = !isUnderWay;
    byId("take-fault", HTMLElement).hidden = true;
  }

  /** Beside what is said to screen readers, which would read every number. @param {string} words @param {number} share */
  #sayHowFar(words, share) {
    byId("take-progress", HTMLProgressElement).value = share;
    byId("take-how-far", HTMLElement).textContent = words;
  }

  /** @param {unknown} failure */
  #sayFault(failure) {
    if (!this.#dialog.open) this.open(); // what was dropped on the page is refused here
    this.#say("");
    const fault = byId("take-fault", HTMLElement);
    fault.textContent =
      failure instanceof NotTaken ? failure.message : "That did not work. Try again.";
    fault.hidden = false;
    if (!(failure instanceof NotTaken)) throw failure;
  }
}

/** @param {Element} control */
function chosenIn(control) {
  return control instanceof HTMLSelectElement ? control.value : "";
}
