/** The panel of the loss surface: what it is over, the picture, and the words beside it. */

/** @import {Frame} from "../frame.js" */
/** @import {PlaneLook} from "../look.js" */
/** @import {PlanePage, PlaneShell, PlaneState, Surfacing} from "../page.js" */
/** @import {Point} from "./map-painter.js" */
/** @import {Subject} from "./subject.js" */
/** @import {Kind, Map2, Surface} from "./surface.js" */

import {throttle} from "../../../drawing/throttle.js";
import {byId, whenResized} from "../../../shell/elements.js";
import {Panel} from "../panel.js";
import {weightsOf} from "../parameters.js";
import {Lift} from "../relief/lift.js";
import {shownUnit} from "../state.js";
import {drawCurves} from "./curve-painter.js";
import {MapPainter, placeUnder, raceColor} from "./map-painter.js";
import {MapRelief} from "./map-relief.js";
import {parameterName} from "./parameter-names.js";
import {scaleOf} from "./scale.js";
import {answers, subjectOf, textOf, wishOf, withWeight} from "./subject.js";
import {curvesOf, mapOf} from "./surface.js";
import {SurfaceText} from "./surface-text.js";
import {WeightLists} from "./weight-lists.js";
import {curveWords, mapWords, racers, readWords, reliefWords} from "./words.js";

const MOST_ZOOM = 12;
const FARTHEST = 1e6; // as far from zero as a race may start
const MOVES = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};
const STRIDE = 1 / 20; // of the radius
const LONG = 5; // times with Shift

export class SurfaceView {
  #kind = byId("surface-of", HTMLSelectElement);
  #canvas = byId("surface-map", HTMLCanvasElement);
  #frame = byId("surface-relief", HTMLElement);
  #curves = byId("surface-curves", HTMLCanvasElement);
  #lifter = byId("surface-lift", HTMLButtonElement);
  #closer = byId("surface-closer", HTMLButtonElement);
  #wider = byId("surface-wider", HTMLButtonElement);
  #race = byId("surface-race", HTMLButtonElement);
  #follow = byId("surface-follow", HTMLButtonElement);
  #others = byId("surface-others", HTMLButtonElement);
  #painter = new MapPainter(this.#canvas);
  #text = new SurfaceText();
  #relief;
  #lift;
  #lists;
  /** Opens, closes and asks the engine. @type {Panel} */
  panel;
  #shell;
  #write;
  /** The picture that is drawn. @type {Map2 | null} */
  #map = null;
  #isRacing = false;

  /** @param {PlaneShell} shell @param {AbortSignal} signal */
  constructor(shell, signal) {
    this.#shell = shell;
    this.panel = new Panel(
      "surface",
      shell,
      () => textOf({of: "weights", weights: firstWeights(shell.state)}),
      ({own}) => wishOf(this.#subject, own.surface),
    );
    this.#relief = new MapRelief(this.#frame, () => shell.redraw());
    this.#lift = new Lift(shell, "surface_relief", this.#lifter, this.#relief.relief);
    whenResized(this.#frame, () => shell.redraw(), signal);
    this.#lists = new WeightLists(weights => this.#choose(weights));
    this.#write = throttle((/** @type {() => void} */ act) => act(), 2, signal);
    this.#listen();
  }

  /** Take the weight of a link that was clicked. @param {number} index @returns {boolean} whether it is for the surface */
  take(index) {
    const subject = this.#subject;
    if (subject?.of !== "weights" && subject?.of !== "weight") return false;
    this.#open(withWeight(subject, index));
    return true;
  }

  /** @returns {Subject | null} */
  get #subject() {
    return subjectOf(this.#shell.state.server?.view.surface ?? "");
  }

  /** @param {PlanePage} state @param {PlanePage | null} before */
  update(state, before) {
    if (explainedSince(state, before)) {
      this.panel.close(); // only one panel is open below the network
      return;
    }
    const subject = this.#subject;
    if (!this.panel.update(state, before) || !subject || !state.server) return;
    this.#write.hurry();
    this.#showPictures(subject, state);
    this.#showControls(subject, state.own.surface);
    this.#lists.update(state.server, subject);
    if (state.own.surface.read !== before?.own.surface.read) this.#shell.redraw();
  }

  /** @param {Frame} frame @param {PlaneLook} look */
  draw({surface}, look) {
    const {server} = look.state;
    if (!server || !surface || !answers(surface.head, look.state)) return;
    if (surface.head.refused) {
      this.#write.soon(() => this.#text.say([`Not shown: ${surface.head.refused}.`]));
      return;
    }
    if (surface.head.of === "weight") this.#drawCurves(surface, server);
    else this.#drawMap(surface, look);
  }

  /** @param {Surface} surface @param {PlaneLook} look */
  #drawMap(surface, {palette, state}) {
    const map = mapOf(surface);
    if (!map) return;
    this.#map = map;
    const scale = scaleOf(map.heights);
    const {read} = state.own.surface;
    const isLifted = this.#lift.isLifted(state);
    (isLifted ? this.#relief : this.#painter).draw(map, scale, palette, read);
    this.#announce(surface, map);
    this.#write.soon(() => {
      const sentences = mapWords(surface.head, map, scale);
      if (isLifted) sentences.push(...reliefWords(map));
      this.#text.say(sentences);
      this.#text.showScale(scale, map.radius);
      this.#text.showRead(read ? readWords(map, read) : "");
      this.#text.showRace(
        racers(surface.head, map).map((racer, i) => ({...racer, color: raceColor(palette, i)})),
      );
      this.#canvas.ariaLabel = `Map of the training loss. ${sentences.join(" ")}`;
      this.#frame.ariaLabel = `The training loss as a surface. ${sentences.join(" ")}`;
    });
  }

  /** @param {Surface} surface @param {PlaneState} server */
  #drawCurves(surface, server) {
    const curves = curvesOf(surface);
    if (!curves) return;
    const style = getComputedStyle(this.panel.element);
    const ink = (/** @type {string} */ name) => style.getPropertyValue(name);
    drawCurves(this.#curves, curves, {
      text: ink("--text"),
      muted: ink("--edge"),
      line: ink("--line"),
      whole: ink("--accent"),
      batch: ink("--test"),
      step: ink("--warning"),
      ground: ink("--ground"),
    });
    this.#write.soon(() => {
      const sentences = curveWords(curves, parameterName(server, surface.head.weights[0]));
      this.#text.say(sentences);
      this.#curves.ariaLabel = `The loss along one weight. ${sentences.join(" ")}`;
    });
  }

  /** A screen reader hears how the race ended. @param {Surface} surface @param {Map2} map */
  #announce({head}, map) {
    const isRacing = head.steps !== undefined && head.steps !== head.of_steps;
    if (this.#isRacing && !isRacing && head.steps !== undefined)
      this.#shell.say(
        `Race over. ${racers(head, map)
          .map(({name, loss}) => `${name} ${loss}`)
          .join(", ")}`,
      );
    this.#isRacing = isRacing;
  }

  /** @param {Subject} subject @param {PlanePage} state */
  #showPictures({of}, state) {
    const isCurve = of === "weight";
    const isLifted = !isCurve && this.#lift.isLifted(state);
    this.#lift.show(isLifted, state);
    this.#canvas.parentElement?.classList.toggle("flat", isCurve);
    this.#curves.hidden = !isCurve;
    this.#lifter.hidden = isCurve;
    this.#frame.hidden = !isLifted;
    this.#canvas.hidden = isCurve || isLifted;
  }

  /** @param {Subject} subject @param {Surfacing} surfacing */
  #showControls({of}, {zoom, start}) {
    this.#kind.value = of;
    this.#text.showKind(of, of === "weights" && start !== null);
    this.#closer.disabled = zoom >= MOST_ZOOM;
    this.#wider.disabled = zoom <= -MOST_ZOOM;
    this.#race.hidden = of !== "weights";
    this.#race.textContent = start ? "Race again" : "Start of the race here";
    this.#follow.hidden = of !== "weights" || !start;
    this.#others.hidden = of !== "random" && of !== "gradient";
  }

  /** @param {Subject} subject */
  #open(subject) {
    this.#change({start: null, read: null});
    this.panel.show(textOf(subject));
  }

  /** @param {[number, number]} weights */
  #choose(weights) {
    const subject = this.#subject;
    if (subject) this.#open({of: subject.of, weights});
  }

  /** @param {Partial<Surfacing>} surface */
  #change(surface) {
    this.#shell.dispatch({type: "own", surface});
  }

  #listen() {
    this.#kind.addEventListener("change", () => this.#openKind());
    this.#closer.addEventListener("click", () => this.#zoom(1));
    this.#wider.addEventListener("click", () => this.#zoom(-1));
    this.#race.addEventListener("click", () => this.#startRace(null));
    this.#follow.addEventListener("click", () => this.#change({start: null}));
    this.#others.addEventListener("click", () =>
      this.#change({seed: this.#shell.state.own.surface.seed + 1}),
    );
    const [canvas, frame] = [this.#canvas, this.#frame];
    for (const picture of [canvas, frame]) {
      picture.addEventListener("pointermove", event => this.#change({read: this.#placeOf(event)}));
      picture.addEventListener("pointerleave", () => this.#change({read: null}));
      picture.addEventListener("keydown", event => this.#key(event));
    }
    canvas.addEventListener("blur", () => this.#change({read: null}));
    canvas.addEventListener("click", event => this.#startRace(this.#placeOf(event)));
    frame.addEventListener("click", event => this.#startRaceOnHill(event));
  }

  #openKind() {
    const weights = this.#subject?.weights ?? [0, 1];
    const isChosen = this.#subject?.of === "weights" || this.#subject?.of === "weight";
    this.#open({
      of: /** @type {Kind} */ (this.#kind.value),
      weights: isChosen ? weights : firstWeights(this.#shell.state),
    });
  }

  /** @param {number} by */
  #zoom(by) {
    this.#change({zoom: this.#shell.state.own.surface.zoom + by});
  }

  /** From a place of the map, else from where the last race began or the crosshair is, else from the run's place. @param {Point | null} place */
  #startRace(place) {
    const map = this.#map;
    if (!map || this.#subject?.of !== "weights") return;
    const {start, races, read} = this.#shell.state.own.surface;
    const [a, b] = place ?? read ?? start ?? map.here;
    if (Math.max(Math.abs(a), Math.abs(b)) <= FARTHEST)
      this.#change({start: [a, b], races: races + 1});
  }

  /** Where the surface is clicked, if that was no turn and no miss. @param {MouseEvent} event */
  #startRaceOnHill(event) {
    const place = this.#relief.relief.isTurned ? null : this.#placeOf(event);
    if (place) this.#startRace(place);
  }

  /** @param {MouseEvent} event @returns {[number, number] | null} */
  #placeOf({offsetX, offsetY}) {
    if (!this.#frame.hidden) return this.#relief.placeUnder([offsetX, offsetY]);
    const size = this.#canvas.clientWidth;
    return this.#map && size ? placeUnder(this.#map, size, [offsetX, offsetY]) : null;
  }

  /** Arrows move a crosshair or turn the surface, Enter starts the race there, plus and minus zoom. @param {KeyboardEvent} event */
  #key(event) {
    const {key, shiftKey} = event;
    const map = this.#map;
    if (!map || event.ctrlKey || event.metaKey || event.altKey) return;
    const move = MOVES[/** @type {keyof typeof MOVES} */ (key)];
    if (move && !this.#frame.hidden) return; // it turns
    if (move) {
      const [a, b] = this.#shell.state.own.surface.read ?? map.here;
      const way = map.radius * STRIDE * (shiftKey ? LONG : 1);
      this.#change({read: [a + (move[0] ?? 0) * way, b + (move[1] ?? 0) * way]});
      this.#write.hurry();
    } else if (key === "Enter") this.#startRace(null);
    else if (key === "+" || key === "-") this.#zoom(key === "+" ? 1 : -1);
    else return;
    event.preventDefault();
  }
}

/** Whether a visitor has just opened an explanation. @param {PlanePage} state @param {PlanePage | null} before */
function explainedSince({server}, before) {
  const {explain, surface} = server?.view ?? {};
  return Boolean(explain && surface && before?.server && !before.server.view.explain);
}

/** The first two of the neuron that is looked at, or of the output. @param {PlanePage} state @returns {[number, number]} */
function firstWeights(state) {
  const {server} = state;
  if (!server) return [0, 1];
  const unit = shownUnit(state) ?? {layer: server.facts.shape.length - 1, neuron: 1};
  const {first, count} = weightsOf(server.facts.layout, unit.layer, unit.neuron);
  return count ? [first, first + 1] : [0, Math.min(1, server.facts.parameter_count - 1)];
}
