/** The autoencoder: examples are put into few numbers and made of these again, beside what PCA does with as many. */

/** @import {Frame as AnyFrame} from "../../session/frame.js" */
/** @import {Message} from "../../session/safetensors.js" */
/** @import {Lab, LabShell, Look, MountedLab} from "../../shell/lab.js" */
/** @import {Frame} from "./frame.js" */
/** @import {AutoencoderPage, AutoencoderShell, Material, Own} from "./page.js" */

import {onClick} from "../../shell/controls.js";
import {byId, whenResized} from "../../shell/elements.js";
import {BarsView} from "./bars-view.js";
import {change, decode, example} from "./commands.js";
import {completed, readFrame, readMaterial} from "./frame.js";
import {NumbersView} from "./numbers-view.js";
import {PicturesView} from "./pictures-view.js";
import {PlanesView} from "./planes-view.js";
import {StackView} from "./stack-view.js";
import {asksTheSame, autoencoderState} from "./state.js";

/** How the test error compares with PCA's. @type {Lab["health"]["causes"]} */
const CAUSES = {
  below: ({share = 0}) => `On new examples ${(share * 100).toFixed(0)} % below PCA.`,
  above: ({share = 0}) =>
    share < 0.005
      ? "On new examples as good as PCA."
      : share < 2
        ? `On new examples ${(share * 100).toFixed(0)} % above PCA.`
        : "On new examples far above PCA.",
};

/** @type {Lab} */
export const lab = {
  state: autoencoderState,
  readFrame,
  settings: {examples: {sends: text => change(choosing(text))}},
  spoken: {"new-weights": "New weights, epoch 0"},
  health: {causes: CAUSES, tryName: () => ""},
  unused: () => [],
  mount: (/** @type {LabShell<any>} */ shell) => new AutoencoderLab(shell),
};

const POINTS = new Set(["ring", "arc", "spiral", "line"]);

/** Points and images need other stacks: from the one to the other begins one that suits. @param {string} examples */
function choosing(examples) {
  const board = document.querySelector("[data-starts]");
  const starts = board instanceof HTMLElement ? JSON.parse(board.dataset.starts ?? "{}") : {};
  const wasPoints = document.body.classList.contains("of-points");
  if (POINTS.has(examples))
    return wasPoints ? {examples} : {examples, hidden: [8, 8], code: 1, ...starts.points};
  return wasPoints ? {examples, hidden: [256, 64], code: 2, ...starts.images} : {examples};
}

/** @implements {MountedLab} */
class AutoencoderLab {
  #shell;
  #ended = new AbortController();
  /** @type {Material | null} */
  #material = null;
  /** @type {Look["palette"] | null} */
  #palette = null;
  /** What the server was last told. @type {Own | null} */
  #told = null;
  #planes;
  #pictures = new PicturesView();
  #bars = new BarsView();
  #numbers;
  #stack;

  /** @param {AutoencoderShell} shell */
  constructor(shell) {
    const {signal} = this.#ended;
    this.#shell = shell;
    this.#planes = new PlanesView(shell);
    this.#numbers = new NumbersView(shell);
    this.#stack = new StackView(shell);
    onClick("new-weights", () => shell.send({type: "new-weights"}));
    for (const id of ["code-plane", "pca-plane"])
      whenResized(byId(id, HTMLCanvasElement), () => this.#drawAnew(), signal);
  }

  /** @param {AutoencoderPage} state @param {AutoencoderPage | null} before */
  update(state, before) {
    if (state.server !== before?.server) this.#stack.update(state);
  }

  /** @param {AnyFrame | null} newest @param {Look<AutoencoderPage>} how */
  draw(newest, how) {
    if (how.palette !== this.#palette) this.#forget();
    this.#palette = how.palette;
    this.#tell(how.state);
    if (!newest) return;
    const frame = /** @type {Frame} */ (newest);
    const look = {...how, material: this.#material};
    for (const view of [this.#planes, this.#pictures, this.#bars, this.#numbers])
      view.draw(frame, look);
  }

  /** @param {Message} message */
  receive(message) {
    this.#material = readMaterial(message);
  }

  /** @param {AnyFrame} before @param {AnyFrame} newest */
  complete(before, newest) {
    return completed(/** @type {Frame} */ (newest), /** @type {Frame} */ (before));
  }

  /** Nothing is remembered of commands. */
  note() {}

  reconnect() {
    this.#told = null;
    this.#shell.redraw();
  }

  get keys() {
    return {};
  }

  get takesBack() {
    return [() => this.#planes.leave()];
  }

  unmount() {
    this.#ended.abort();
  }

  /** @param {AutoencoderPage} state */
  #tell({own, connection}) {
    if (connection !== "open" || asksTheSame(this.#told, own)) return;
    if (this.#told?.example !== own.example) this.#shell.tell(example(own.example));
    this.#shell.tell(decode(own));
    this.#told = own;
  }

  /** What is painted has another size or other colours. */
  #forget() {
    this.#planes.forget();
    this.#pictures.forget();
  }

  #drawAnew() {
    this.#forget();
    this.#shell.redraw();
  }
}
