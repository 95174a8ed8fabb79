/** The dialog that reads a table, shows what it would give, and learns it. */

/** @import {Palette} from "../../../drawing/colors.js" */
/** @import {LearnPoints, PlanePreview} from "../../../session/protocol.js" */
/** @import {Look} from "../../../shell/lab.js" */
/** @import {PlaneShell} from "../page.js" */
/** @import {Brought} from "./arrivals.js" */
/** @import {Chosen, Role, Roles} from "./roles.js" */

import {onClick} from "../../../shell/controls.js";
import {byId} from "../../../shell/elements.js";
import {save} from "../../../shell/take-home/saving.js";
import {listenForTables} from "./arrivals.js";
import {askAbout, NotTaken, pointsAs} from "./exchange.js";
import {PreviewView} from "./preview-view.js";
import {areWhole, withRole} from "./roles.js";
import {lossWords, pointsWords, refusalWords} from "./words.js";

const TYPING = 400; // ms without a key until typed text is read
/** Of files. @type {Record<string, string>} */
const ENDINGS = {csv: "csv", json: "json", python: "py"};

export class TableDialog {
  #dialog = byId("own-data", HTMLDialogElement);
  #text = byId("table-text", HTMLTextAreaElement);
  #file = byId("table-file", HTMLInputElement);
  #targets = byId("table-targets", HTMLSelectElement);
  #scaling = byId("table-scaling", HTMLSelectElement);
  #loss = byId("table-loss", HTMLInputElement);
  #learn = byId("table-learn", HTMLButtonElement);
  #view = new PreviewView((place, role) => this.#setRole(place, role));
  #shell;
  /** What is shown. @type {Brought | null} */
  #brought = null;
  /** @type {PlanePreview | null} */
  #preview = null;
  /** @type {Chosen | null} */
  #roles = null;
  /** The question that is under way. @type {AbortController | null} */
  #asking = null;
  /** @type {Palette | null} */
  #palette = null;
  /** @type {ReturnType<typeof setTimeout> | 0} */
  #typing = 0;

  /** @param {PlaneShell} shell @param {AbortSignal} signal */
  constructor(shell, signal) {
    this.#shell = shell;
    onClick("show-own-data", () => this.#open());
    onClick("cancel-own-data", () => this.#dialog.close());
    onClick("table-learn", () => this.#learnPoints());
    this.#dialog.addEventListener("close", () => this.#forgetQuestion());
    this.#file.addEventListener("change", () => {
      const [file] = this.#file.files ?? [];
      this.#file.value = ""; // so that the same file can be chosen again once it has been mended
      if (file) this.#receive({name: file.name, table: file});
    });
    this.#text.addEventListener("input", () => {
      clearTimeout(this.#typing);
      this.#typing = setTimeout(() => this.#takeText(), TYPING);
    });
    for (const select of [this.#targets, this.#scaling])
      select.addEventListener("change", () => this.#setOptions());
    for (const button of this.#dialog.querySelectorAll("[data-ready]"))
      if (button instanceof HTMLButtonElement)
        button.addEventListener("click", () => this.#openReady(button));
    for (const button of this.#dialog.querySelectorAll("[data-form]"))
      if (button instanceof HTMLButtonElement)
        button.addEventListener("click", () => this.#save(button.dataset.form ?? ""));
    listenForTables(
      brought => this.#receive(brought),
      words => this.#refuse(words),
      () => this.#isWanted(),
      signal,
    );
  }

  /** @param {unknown} _frame @param {Pick<Look, "palette">} look */
  draw(_frame, {palette}) {
    if (palette === this.#palette) return;
    this.#palette = palette;
    if (this.#dialog.open && this.#preview) this.#view.paint(this.#preview.learned, palette);
  }

  /** A lesson may do without own data, and another dialog comes first. */
  #isWanted() {
    if (byId("show-own-data", HTMLButtonElement).hidden) return false;
    return this.#dialog.open || !document.querySelector("dialog[open]");
  }

  #open() {
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  /** A table that comes with the page. @param {HTMLButtonElement} button */
  async #openReady({dataset: {ready}, textContent: name}) {
    const asking = this.#beginQuestion();
    const {signal} = asking;
    const answer = await fetch(new URL(`${ready}.csv`, import.meta.url), {signal}).catch(
      () => null,
    );
    if (this.#asking !== asking) return;
    if (answer?.ok) this.#take({name, table: await answer.text()}, false);
    else this.#refuse(`Not connected: ${name} did not come.`);
  }

  /** A file may hold an experiment, which replaces this one. @param {Brought} brought */
  async #receive(brought) {
    if (brought.table instanceof File && (await this.#shell.openFile(brought.table)))
      this.#dialog.close();
    else this.#take(brought);
  }

  #takeText() {
    this.#take({name: "Pasted table", table: this.#text.value}, false);
  }

  /** @param {Brought} brought @param {boolean} isShown whether the text field shows a text, to be mended there */
  #take(brought, isShown = true) {
    this.#open();
    this.#brought = brought;
    this.#roles = null;
    this.#forgetQuestion();
    if (isShown) this.#text.value = typeof brought.table === "string" ? brought.table : "";
    const {size} = new Blob([brought.table]);
    const most = Number(this.#dialog.dataset.most);
    if (size <= most) {
      this.#ask();
      return;
    }
    const came = `${size.toLocaleString("en")} bytes`;
    this.#refuse(`${brought.name}: ${came} came, expected at most ${most.toLocaleString("en")}.`);
  }

  async #ask() {
    this.#forgetQuestion();
    const brought = this.#brought;
    if (!brought || (this.#roles && !areWhole(this.#roles))) return;
    const asking = this.#beginQuestion();
    this.#wait(`Reading ${brought.name} …`);
    try {
      const roles = /** @type {Roles | null} */ (this.#roles);
      const preview = await askAbout(brought.table, roles, asking.signal);
      if (this.#asking === asking) this.#show(preview);
    } catch (failure) {
      if (this.#asking === asking && !asking.signal.aborted) this.#refuse(reasonOf(failure));
    }
    if (this.#asking === asking) this.#wait("");
  }

  #beginQuestion() {
    this.#forgetQuestion();
    this.#asking = new AbortController();
    return this.#asking;
  }

  /** Its answer would take back what was chosen since. */
  #forgetQuestion() {
    this.#asking?.abort();
    this.#asking = null;
    this.#wait("");
  }

  /** @param {PlanePreview} preview */
  #show(preview) {
    this.#preview = preview;
    this.#roles = preview.roles;
    byId("table-preview", HTMLElement).hidden = false;
    byId("table-name", HTMLElement).textContent = this.#brought?.name ?? "";
    this.#view.show(preview, preview.roles);
    if (preview.roles) {
      this.#targets.value = preview.roles.targets;
      this.#scaling.value = preview.roles.scaling;
    }
    if (this.#palette) this.#view.paint(preview.learned, this.#palette);
    this.#showLoss(preview);
    this.#sayFault(preview.refused ? refusalWords(preview.refused) : "");
    this.#learn.disabled = !preview.learned;
    if (preview.learned) byId("table-status", HTMLElement).textContent = pointsWords(preview);
  }

  /** @param {PlanePreview} preview */
  #showLoss({learned}) {
    const why = lossWords(learned, this.#shell.state.server?.settings.loss ?? "");
    byId("table-loss-row", HTMLElement).hidden = why === "";
    byId("table-loss-why", HTMLElement).textContent = why;
    this.#loss.checked = true;
    byId("table-softmax", HTMLElement).hidden =
      (learned?.classes.filter(each => each.count > 0).length ?? 0) <= 2;
  }

  /** @param {number} place @param {Role | ""} role */
  #setRole(place, role) {
    if (!this.#preview || !this.#roles) return;
    this.#roles = withRole(this.#roles, place, role, this.#preview.columns);
    this.#ask();
    if (areWhole(this.#roles)) return;
    this.#view.show({...this.#preview, learned: null}, this.#roles);
    this.#learn.disabled = true;
    this.#sayFault("Choose a column for X₁ and one for X₂.");
  }

  #setOptions() {
    if (!this.#roles) return;
    const targets = /** @type {Roles["targets"]} */ (this.#targets.value);
    const scaling = /** @type {Roles["scaling"]} */ (this.#scaling.value);
    this.#roles = {...this.#roles, targets, scaling};
    this.#ask();
  }

  #learnPoints() {
    const learned = this.#preview?.learned;
    if (!learned) return;
    const {targets, points, columns, names} = learned;
    const isLossChosen = !byId("table-loss-row", HTMLElement).hidden && this.#loss.checked;
    if (isLossChosen) this.#shell.send({type: "change", settings: {loss: "cross-entropy"}});
    const command = /** @type {Omit<LearnPoints, "seq">} */ ({
      type: "learn-points",
      targets,
      points,
      columns,
      names,
    });
    if (!this.#shell.send(command)) {
      this.#sayFault("Not connected: nothing was learned.");
      return;
    }
    this.#dialog.close();
    this.#shell.say(`${this.#brought?.name}: ${points.length} points, epoch 0`);
  }

  /** @param {string} form */
  async #save(form) {
    try {
      const link = this.#shell.state.server?.link ?? "";
      save(await pointsAs(link, form), `points.${ENDINGS[form]}`);
    } catch (failure) {
      this.#sayFault(reasonOf(failure));
    }
  }

  /** @param {string} words */
  #refuse(words) {
    this.#open();
    this.#preview = null;
    byId("table-preview", HTMLElement).hidden = true;
    this.#learn.disabled = true;
    this.#sayFault(words);
  }

  /** @param {string} words "" for no more waiting */
  #wait(words) {
    byId("table-progress", HTMLElement).hidden = words === "";
    if (!words) return;
    byId("table-status", HTMLElement).textContent = words;
    this.#learn.disabled = true;
  }

  /** @param {string} words */
  #sayFault(words) {
    const fault = byId("table-fault", HTMLElement);
    fault.textContent = words;
    fault.hidden = words === "";
    if (words) byId("table-status", HTMLElement).textContent = "";
  }
}

/** @param {unknown} failure */
function reasonOf(failure) {
  if (!(failure instanceof NotTaken)) throw failure;
  return failure.refusal ? refusalWords(failure.refusal) : "The server does not answer. Try again.";
}
