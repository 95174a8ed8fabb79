/** The digits: a convolutional network and a plain one, trained side by side, and what both read on the pad. */

/** @import {Frame as AnyFrame} from "../../session/frame.js" */
/** @import {Message} from "../../session/safetensors.js" */
/** @import {Lab, LabShell, Look, MountedLab} from "../../shell/lab.js" */
/** @import {Frame} from "./frame.js" */
/** @import {Digits, DigitsPage, DigitsShell, Own, Pad} from "./page.js" */

import {onClick} from "../../shell/controls.js";
import {byId, whenResized} from "../../shell/elements.js";
import {AnswersView} from "./answers-view.js";
import {BuilderView} from "./builder-view.js";
import {cell, draw} from "./commands.js";
import {ConfusionView} from "./confusion-view.js";
import {EquationView} from "./equation-view.js";
import {FilterEditor} from "./filter-editor.js";
import {completed, readDigits, readFrame} from "./frame.js";
import {LinkedPad} from "./linked-pad.js";
import {MapView} from "./map-view.js";
import {MisreadView} from "./misread-view.js";
import {PadTools} from "./pad-tools.js";
import {PadView} from "./pad-view.js";
import {ReadoutsView} from "./readouts-view.js";
import {ScoresView} from "./scores-view.js";
import {ShiftView} from "./shift-view.js";
import {digitsState, isEmpty, sameImage} from "./state.js";
import {StrongestView} from "./strongest-view.js";
import {UnitTools} from "./unit-tools.js";
import {UnitsView} from "./units-view.js";
import {VectorsView} from "./vectors-view.js";
import {WeighingView} from "./weighing-view.js";

const EXAMPLE = 3; // the lecture's digit has curves and ends, which filters tell apart

/** Which network a verdict is about. @type {Lab["health"]["causes"]} */
const CAUSES = {
  convolutional: () => "That is the CNN’s.",
  "by-heart-plain": figures => byHeart("plain network", figures),
  "by-heart-convolutional": figures => byHeart("CNN", figures),
};

/** @param {string} network @param {Record<string, number>} figures */
function byHeart(network, {times = 0}) {
  return `The ${network} learns by heart: its test loss is ${times.toFixed(1)} times its training loss.`;
}

/** @type {Lab} */
export const lab = {
  state: digitsState,
  readFrame,
  settings: {},
  spoken: {"new-weights": "New weights, epoch 0"},
  health: {causes: CAUSES, tryName: () => ""},
  unused: () => [],
  mount: (/** @type {LabShell<any>} */ shell) => new DigitsLab(shell),
};

/** @implements {MountedLab} */
class DigitsLab {
  #shell;
  #ended = new AbortController();
  /** @type {Digits | null} */
  #digits = null;
  /** @type {Look["palette"] | null} */
  #palette = null;
  /** What the server was last told: several strokes between two frames of the screen are one message. @type {{pad: Pad | null, cell: Own["cell"]}} */
  #told = {pad: null, cell: null};
  #pad;
  #shifts;
  #map;
  #units;
  #misread;
  #confusion;
  #strongest;
  #vectors;
  #weighing;
  /** Shows what the server says. */
  #builder;
  /** Show what the visitor looks at too. */
  #viewers;
  #texts;
  #isOffered = false;

  /** @param {DigitsShell} shell */
  constructor(shell) {
    const say = (/** @type {string} */ text) => shell.say(text);
    const {signal} = this.#ended;
    this.#shell = shell;
    this.#vectors = new VectorsView(signal);
    this.#pad = new PadView(shell, () => this.#digits, signal);
    this.#shifts = new ShiftView(shell, signal);
    this.#map = new MapView(shell);
    this.#units = new UnitsView(shell, signal);
    this.#misread = new MisreadView(shell, signal);
    this.#strongest = new StrongestView(shell, signal);
    this.#builder = new BuilderView(shell);
    this.#confusion = new ConfusionView(shell, signal);
    this.#weighing = new WeighingView(shell, signal);
    const readers = [
      new EquationView(say, signal),
      new FilterEditor(shell, signal),
      new ReadoutsView(signal),
    ];
    this.#viewers = [
      this.#pad,
      new PadTools(shell),
      new LinkedPad(shell, signal),
      this.#confusion,
      this.#units,
      new UnitTools(shell),
      this.#map,
      this.#weighing,
      this.#shifts,
      this.#misread,
      this.#strongest,
      ...readers,
    ];
    const answers = new AnswersView(say, signal);
    this.#texts = [answers, new ScoresView(signal), this.#confusion, ...readers];
    this.#listen(signal);
  }

  /** @param {AbortSignal} signal ends it */
  #listen(signal) {
    onClick("new-weights", () => this.#shell.send({type: "new-weights"}));
    for (const id of ["pad", "vectors", "shift-plain"])
      whenResized(byId(id, HTMLCanvasElement), () => this.#drawAnew(), signal);
  }

  /** @param {DigitsPage} state @param {DigitsPage | null} before */
  update(state, before) {
    if (state.server !== before?.server) this.#builder.update(state);
    for (const view of this.#viewers) view.update(state, before);
  }

  /** @param {AnyFrame | null} newest @param {Look<DigitsPage>} how */
  draw(newest, how) {
    if (how.palette !== this.#palette) this.#forget();
    this.#palette = how.palette;
    this.#tell(how.state);
    const frame = /** @type {Frame | null} */ (newest);
    const look = {...how, digits: this.#digits};
    this.#pad.draw(frame, look);
    if (!frame) return;
    for (const view of [...this.#pictures, ...this.#texts]) view.draw(frame, look);
  }

  /** @param {Message} message */
  receive(message) {
    this.#digits = readDigits(message);
    this.#offerFirst(this.#digits);
  }

  /** An example, so that there is something to see. @param {Digits} digits */
  #offerFirst({labels}) {
    if (this.#isOffered) return;
    this.#isOffered = true;
    if (!isEmpty(this.#shell.state.own.pad)) return;
    const pad = {digit: labels.indexOf(EXAMPLE), isExample: true};
    this.#shell.dispatch({type: "own", pad});
  }

  /** @param {AnyFrame} before @param {AnyFrame} newest */
  complete(before, newest) {
    return completed(/** @type {Frame} */ (newest), /** @type {Frame} */ (before));
  }

  /** Nothing is remembered of commands. */
  note() {}

  reconnect() {
    this.#told = {pad: null, cell: null};
    this.#shell.redraw();
  }

  get keys() {
    return {};
  }

  get takesBack() {
    return [
      () => this.#pad.leave(),
      () => this.#map.leave(),
      () => this.#strongest.leave(),
      () => this.#shifts.leave(),
    ];
  }

  unmount() {
    this.#ended.abort();
  }

  /** @param {DigitsPage} state */
  #tell({own, connection}) {
    if (connection !== "open") return;
    const {pad, cell: told} = this.#told;
    const isNew = !pad || !sameImage(pad, own.pad);
    if (isNew) this.#shell.tell(draw(own.pad));
    if (String(own.cell) !== String(told)) this.#shell.tell(cell(own.cell));
    this.#told = {pad: own.pad, cell: own.cell};
  }

  /** What is painted has another size or other colours. */
  #forget() {
    for (const view of [this.#pad, this.#confusion, ...this.#pictures]) view.forget();
  }

  get #pictures() {
    return [
      this.#units,
      this.#map,
      this.#weighing,
      this.#shifts,
      this.#misread,
      this.#strongest,
      this.#vectors,
    ];
  }

  #drawAnew() {
    this.#forget();
    this.#shell.redraw();
  }
}
