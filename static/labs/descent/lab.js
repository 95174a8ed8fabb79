/** Gradient descent where the whole truth fits on the screen: a curve or a surface, and all who descend on it. */

/** @import {Frame as AnyFrame} from "../../session/frame.js" */
/** @import {Message} from "../../session/safetensors.js" */
/** @import {Lab, LabShell, Look, MountedLab} from "../../shell/lab.js" */
/** @import {Frame} from "./frame.js" */
/** @import {DescentPage, DescentShell, Material, Own} from "./page.js" */

import {byId, whenResized} from "../../shell/elements.js";
import {change, hover} from "./commands.js";
import {readFrame, readMaterial} from "./frame.js";
import {PictureView} from "./picture-view.js";
import {PointsView} from "./points-view.js";
import {ProblemView} from "./problem-view.js";
import {RacersView} from "./racers-view.js";
import {StartView} from "./start-view.js";
import {descentState} from "./state.js";

const WITH_POINTS = new Set(["slope", "line", "neuron"]);

/** How many have arrived. @type {Lab["health"]["causes"]} */
const CAUSES = {
  race: ({racers = 0, arrived = 0, diverged = 0}) => {
    const parts = [`${arrived} of ${racers} arrived`];
    if (diverged) parts.push(`${diverged} diverged`);
    const moving = racers - arrived - diverged;
    if (moving) parts.push(`${moving} on the way`);
    return `${parts.join(", ")}.`;
  },
};

/** @type {Lab} */
export const lab = {
  state: descentState,
  readFrame,
  settings: {
    problem: {sends: text => change(choosing(text))},
    learning_rate: {sends: text => change({learning_rate: Number(text), rates: []})},
  },
  spoken: {reset: "Reset to step 0"},
  health: {causes: CAUSES, tryName: () => ""},
  unused: () => [],
  mount: (/** @type {LabShell<any>} */ shell) => new DescentLab(shell),
};

/** Another error begins at its own start, with a rate that suits it. @param {string} problem */
function choosing(problem) {
  const board = document.querySelector("[data-good-rates]");
  const rates = board instanceof HTMLElement ? JSON.parse(board.dataset.goodRates ?? "{}") : {};
  const race = document.querySelector("#races input:checked");
  const isLost =
    race instanceof HTMLInputElement && race.value === "runners" && !WITH_POINTS.has(problem);
  return {
    problem,
    start: [],
    rates: [],
    learning_rate: rates[problem] ?? 0.1,
    ...(isLost && {race: "one"}),
  };
}

/** @implements {MountedLab} */
class DescentLab {
  #shell;
  #ended = new AbortController();
  /** @type {Material | null} */
  #material = null;
  /** @type {Look["palette"] | null} */
  #palette = null;
  /** What the server was last told. @type {Own["hover"]} */
  #told = null;
  #picture;
  #points = new PointsView();
  #racers;
  #updated;

  /** @param {DescentShell} shell */
  constructor(shell) {
    const {signal} = this.#ended;
    this.#shell = shell;
    this.#picture = new PictureView(signal);
    this.#racers = new RacersView(shell, signal);
    const start = new StartView(shell, () => this.#picture.box, signal);
    this.#updated = [new ProblemView(shell), start, this.#racers];
    for (const id of ["error-picture", "points-picture"])
      whenResized(byId(id, HTMLCanvasElement), () => this.#drawAnew(), signal);
  }

  /** @param {DescentPage} state */
  update(state) {
    for (const view of this.#updated) view.update(state);
  }

  /** @param {AnyFrame | null} newest @param {Look<DescentPage>} how */
  draw(newest, how) {
    if (how.palette !== this.#palette) this.#forget();
    this.#palette = how.palette;
    this.#tell(how.state);
    if (!newest) return;
    const frame = /** @type {Frame} */ (newest);
    const look = {...how, material: this.#material};
    for (const view of [this.#picture, this.#points, this.#racers]) view.draw(frame, look);
  }

  /** @param {Message} message */
  receive(message) {
    this.#material = readMaterial(message);
  }

  /** Frames are whole. @param {AnyFrame} _before @param {AnyFrame} newest */
  complete(_before, newest) {
    return newest;
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
    return [];
  }

  unmount() {
    this.#ended.abort();
  }

  /** @param {DescentPage} state */
  #tell({own, connection}) {
    if (connection !== "open" || String(own.hover) === String(this.#told)) return;
    this.#shell.tell(hover(own.hover));
    this.#told = own.hover;
  }

  /** What is painted has another size or other colours. */
  #forget() {
    for (const view of [this.#picture, this.#points]) view.forget();
  }

  #drawAnew() {
    this.#forget();
    this.#shell.redraw();
  }
}
