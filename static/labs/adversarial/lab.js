/** A generator and a discriminator in the plane, which learn against each other. */

/** @import {Frame as AnyFrame} from "../../session/frame.js" */
/** @import {Message} from "../../session/safetensors.js" */
/** @import {Lab, LabShell, Look, MountedLab} from "../../shell/lab.js" */
/** @import {Frame} from "./frame.js" */
/** @import {AdversarialPage, AdversarialShell, Asked, Material} from "./page.js" */

import {onClick} from "../../shell/controls.js";
import {byId, whenResized} from "../../shell/elements.js";
import {BestView} from "./best-view.js";
import {newSeed, trySeeds} from "./commands.js";
import {DrawingView} from "./drawing-view.js";
import {completed, readFrame, readMaterial} from "./frame.js";
import {NetworksView} from "./networks-view.js";
import {PictureView} from "./picture-view.js";
import {SeedsView} from "./seeds-view.js";
import {adversarialState} from "./state.js";
import {percent} from "./words.js";

/** @type {Lab["health"]["causes"]} */
const CAUSES = {
  all: ({modes = 0, good = 0}) =>
    `All ${modes} modes are covered; ${percent(good)} of the fakes are good.`,
  blurred: ({modes = 0, good = 0}) =>
    `All ${modes} modes are covered, but only ${percent(good)} of the fakes are good.`,
  some: ({covered = 0, modes = 0, good = 0}) =>
    `${covered} of ${modes} modes are covered; ${percent(good)} of the fakes are good.`,
  curve: ({good = 0}) => `${percent(good)} of the fakes are good.`,
};

/** @type {Lab} */
export const lab = {
  state: adversarialState,
  readFrame,
  settings: {},
  spoken: {"new-weights": "New seed", reset: "Reset to round 0"},
  health: {causes: CAUSES, tryName: () => ""},
  unused: () => [],
  mount: (/** @type {LabShell<any>} */ shell) => new AdversarialLab(shell),
};

/** @implements {MountedLab} */
class AdversarialLab {
  #shell;
  #ended = new AbortController();
  /** @type {Material | null} */
  #material = null;
  /** What the server was last told. @type {Asked | null} */
  #told = null;
  #drawn;
  #drawing;
  #updated;

  /** @param {AdversarialShell} shell */
  constructor(shell) {
    const {signal} = this.#ended;
    this.#shell = shell;
    const [picture, best] = [new PictureView(signal), new BestView(signal)];
    const seeds = new SeedsView(shell, signal);
    this.#drawn = [picture, best, seeds];
    this.#drawing = new DrawingView(shell, picture);
    this.#updated = [new NetworksView(shell), this.#drawing, best, seeds];
    onClick("new-seed", () => shell.send(newSeed()));
    for (const id of ["plane-picture", "best-picture"])
      whenResized(byId(id, HTMLCanvasElement), () => shell.redraw(), signal);
  }

  /** @param {AdversarialPage} state */
  update(state) {
    for (const view of this.#updated) view.update(state);
  }

  /** @param {AnyFrame | null} newest @param {Look<AdversarialPage>} how */
  draw(newest, how) {
    this.#tell(how.state);
    if (!newest) return;
    const look = {...how, material: this.#material};
    for (const view of this.#drawn) view.draw(/** @type {Frame} */ (newest), look);
  }

  /** @param {Message} message */
  receive(message) {
    this.#material = readMaterial(message);
  }

  /** @param {AnyFrame} before @param {AnyFrame} newest */
  complete(before, newest) {
    return completed(/** @type {Frame} */ (before), /** @type {Frame} */ (newest));
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
    return [() => this.#drawing.stop()];
  }

  unmount() {
    this.#ended.abort();
  }

  /** @param {AdversarialPage} state */
  #tell({own: {asked}, connection}) {
    if (connection !== "open" || asked === this.#told) return;
    if (this.#told || asked.rounds !== null) this.#shell.tell(trySeeds(asked));
    this.#told = asked;
  }
}
