/** The plane's lab: networks learn points in two dimensions, and the page shows their outputs over the plane. */

/** @import {AnyCommand} from "../../session/connection.js" */
/** @import {Frame as AnyFrame} from "../../session/frame.js" */
/** @import {Rejected} from "../../session/protocol.js" */
/** @import {Message} from "../../session/safetensors.js" */
/** @import {Lab, Look, MountedLab} from "../../shell/lab.js" */
/** @import {Frame} from "./frame.js" */
/** @import {Link} from "./network-layout.js" */
/** @import {PlanePage, PlaneShell, Unit} from "./page.js" */
/** @import {PlaneEvent} from "./state.js" */

import {byId, whenResized} from "../../shell/elements.js";
import {Captions} from "./captions.js";
import {DataControls, unusedInputs} from "./data-controls.js";
import {DrawView} from "./draw/draw-view.js";
import {OwnTiles} from "./draw/own-tiles.js";
import {Pen} from "./draw/pen.js";
import {ExplainView} from "./explain/explain-view.js";
import {ProbeView} from "./explain/probe-view.js";
import {UnitValues} from "./explain/unit-values.js";
import {FieldView} from "./field-view.js";
import {FormulaDialog} from "./formula/formula-dialog.js";
import {InputDialog} from "./formula/input-dialog.js";
import {completed, readFrame, readPoints} from "./frame.js";
import {LineView} from "./hands/line-view.js";
import {healthWords} from "./health-words.js";
import {Inspector} from "./inspector.js";
import {hiddenOf, LayerCount} from "./layer-count.js";
import {LayerSettings} from "./layer-settings.js";
import {LayerWidths} from "./layer-widths.js";
import {Legend} from "./legend.js";
import {LinkTip} from "./link-tip.js";
import {planeLook} from "./look.js";
import {NetworkView} from "./network-view.js";
import {PlaneReader} from "./plane-reader.js";
import {PointsView} from "./points-view.js";
import {ReliefView} from "./relief/relief-view.js";
import {ScoresView} from "./scores-view.js";
import {SETTING_ROWS} from "./setting-rows.js";
import {SpaceView} from "./space/space-view.js";
import {planeState, sameUnit, wantedFocus} from "./state.js";
import {SurfaceView} from "./surface/surface-view.js";
import {TableDialog} from "./table/table-dialog.js";
import {WrongView} from "./wrong-view.js";

/** @type {Lab} */
export const lab = {
  state: planeState,
  readFrame,
  settings: SETTING_ROWS,
  spoken: {"new-weights": "New weights, epoch 0", "regenerate-data": "New data, epoch 0"},
  health: healthWords,
  unused: unusedInputs,
  mount: (/** @type {PlaneShell} */ shell) => new Plane(shell),
};

/** @implements {MountedLab} */
class Plane {
  #shell;
  #ended = new AbortController();
  /** @type {Look["palette"] | null} */
  #palette = null;
  #widths = new LayerWidths();
  #dots = new PointsView();
  #field = new FieldView();
  #wrong = new WrongView(this.#ended.signal);
  #scores = new ScoresView(this.#ended.signal);
  #inspector;
  #tip;
  #network;
  #reader;
  #explain;
  #surface;
  #values;
  #probe;
  #line;
  #space;
  #relief;
  #draws;
  #tables;
  #formula;
  #input;
  /** Views of what the server says. */
  #tellers;
  /** Views of that and of the neuron that is looked at. */
  #viewers;

  /** @param {PlaneShell} shell */
  constructor(shell) {
    const {signal} = this.#ended;
    this.#shell = shell;
    this.#inspector = new Inspector(shell, signal);
    this.#tip = new LinkTip(shell);
    this.#network = this.#makeNetwork();
    this.#reader = new PlaneReader(shell, signal);
    this.#explain = new ExplainView(shell, signal);
    this.#surface = new SurfaceView(shell, signal);
    this.#values = new UnitValues(signal);
    this.#probe = new ProbeView(shell, () => this.#reader.place);
    this.#line = new LineView(shell);
    this.#space = new SpaceView(shell, signal);
    this.#relief = new ReliefView(shell, signal);
    this.#draws = new DrawView(shell);
    this.#tables = new TableDialog(shell, signal);
    this.#formula = new FormulaDialog(shell);
    this.#input = new InputDialog(shell);
    this.#tellers = this.#makeTellers();
    this.#viewers = [
      this.#network,
      this.#inspector,
      new Captions(),
      this.#explain,
      this.#surface,
      this.#values,
      this.#probe,
      this.#line,
      this.#space,
      this.#relief,
      this.#draws,
      new Pen(shell, () => this.#reader.place, signal),
      new OwnTiles(),
    ];
    whenResized(byId("dots", HTMLCanvasElement), () => this.#drawAnew(), signal);
  }

  #makeTellers() {
    const shell = this.#shell;
    return [
      new DataControls(shell),
      this.#formula,
      this.#input,
      new LayerCount(shell, this.#widths),
      this.#scores,
      this.#wrong,
      new Legend(),
      new LayerSettings(shell, this.#ended.signal),
    ];
  }

  /** @param {PlanePage} state @param {PlanePage | null} before */
  update(state, before) {
    if (state.server !== before?.server) for (const view of this.#tellers) view.update(state);
    if (before && String(wantedFocus(state)) !== String(wantedFocus(before))) this.#focus();
    for (const view of this.#viewers) view.update(state, before);
  }

  /** @param {AnyFrame | null} newest @param {Look<PlanePage>} how */
  draw(newest, how) {
    if (how.palette !== this.#palette) this.#forget();
    this.#palette = how.palette;
    const frame = /** @type {Frame | null} */ (newest);
    const look = planeLook(how);
    this.#dots.draw(frame, look);
    this.#draws.draw(frame, look);
    if (frame) this.#field.draw(frame, look);
    this.#network.draw(frame, look);
    this.#tables.draw(frame, look);
    if (!frame) return;
    const texts = [this.#inspector, this.#tip, this.#scores, this.#wrong, this.#reader];
    const panels = [this.#explain, this.#surface, this.#space, this.#relief];
    for (const view of [...texts, ...panels, this.#values, this.#probe, this.#line])
      view.draw(frame, look);
  }

  /** @param {Message} message */
  receive(message) {
    this.#dispatch({type: "own", points: readPoints(message)});
  }

  /** @param {AnyFrame} before @param {AnyFrame} newest */
  complete(before, newest) {
    return completed(/** @type {Frame} */ (newest), /** @type {Frame} */ (before));
  }

  /** @param {AnyCommand} command */
  note(command) {
    this.#draws.note(command);
    this.#widths.note(command, hiddenOf(this.#shell.state.server));
  }

  /** @param {Rejected} rejected */
  refused(rejected) {
    return this.#formula.refused(rejected) || this.#input.refused(rejected);
  }

  reconnect() {
    if (wantedFocus(this.#shell.state)) this.#focus();
    this.#reader.reconnect();
    for (const panel of this.#panels) panel.reconnect();
  }

  get keys() {
    return {
      x: () => this.#inspector.toggle(),
      d: () => this.#draws.toggle(),
      e: () => (this.#draws.isOpen ? this.#draws.toggleEraser() : this.#explain.panel.toggle()),
      u: () => this.#surface.panel.toggle(),
      p: () => this.#space.panel.toggle(),
      "[": () => this.#draws.resize(-1),
      "]": () => this.#draws.resize(1),
      ...Object.fromEntries([..."1234567890"].map((key, k) => [key, () => this.#digit(key, k)])),
    };
  }

  get takesBack() {
    return [
      () => this.#draws.close(),
      () => this.#unpin(),
      ...this.#panels.map(panel => () => panel.close()),
    ];
  }

  get #panels() {
    return [this.#explain, this.#surface, this.#space].map(({panel}) => panel);
  }

  unmount() {
    this.#ended.abort();
  }

  /** While drawing, digits choose a class. @param {string} key @param {number} k the class, from 0 */
  #digit(key, k) {
    if (this.#draws.isOpen) this.#draws.label(k);
    else if (key === "3") this.#relief.toggle();
  }

  #focus() {
    this.#shell.mention({type: "focus", unit: wantedFocus(this.#shell.state)});
  }

  /** The canvases have another size or other colours, so all is painted anew. */
  #forget() {
    for (const view of [this.#dots, this.#wrong, this.#network]) view.forget();
  }

  #drawAnew() {
    this.#forget();
    this.#shell.redraw();
  }

  /** @param {PlaneEvent} event */
  #dispatch(event) {
    this.#shell.dispatch(event);
  }

  #makeNetwork() {
    const listener = {
      hover: (/** @type {Unit | null} */ unit) => this.#dispatch({type: "own", hover: unit}),
      pin: (/** @type {Unit} */ unit) => this.#dispatch({type: "own", pin: unit}),
      edit: (/** @type {Link} */ link) => this.#edit(link),
      link: (/** @type {Link | null} */ link, /** @type {number} */ x, /** @type {number} */ y) =>
        this.#tip.point(link, x, y),
    };
    return new NetworkView(this.#shell, listener, this.#ended.signal);
  }

  /** @param {Link} link whose weight gets the focus */
  #edit({layer, neuron, index}) {
    if (this.#surface.take(index)) return;
    const unit = {layer, neuron};
    if (!sameUnit(this.#shell.state.own.pinned, unit)) this.#dispatch({type: "own", pin: unit});
    this.#inspector.edit(index);
  }

  #unpin() {
    const isThere = this.#shell.state.own.pinned !== null;
    if (isThere) this.#dispatch({type: "own", pin: null});
    return isThere;
  }
}
