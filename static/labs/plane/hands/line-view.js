/** The line of a neuron in the large picture, to shift and to turn by hand: its weights and bias follow.
 *
 * It is there for the pinned neuron of the first layer, and without hidden layers for the output, if the network sees
 * the two coordinates and nothing else.
 */

/** @import {Frame} from "../frame.js" */
/** @import {PlaneLook} from "../look.js" */
/** @import {PlanePage, PlaneShell, Unit} from "../page.js" */
/** @import {Line} from "./line.js" */

import {formatWeight} from "../../../drawing/format.js";
import {byId} from "../../../shell/elements.js";
import {weightsOf} from "../parameters.js";
import {pixelsAt} from "../plane.js";
import {unitName} from "../unit-names.js";
import {placed, shifted, turned} from "./line.js";

const ARM = 0.28; // of the picture's side, from the middle grip to the one that turns
const STEP = 0.1; // of an arrow key, in units of the plane
const TURN = Math.PI / 36; // of an arrow key
/** @type {Record<string, readonly [number, number]>} */
const ARROWS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};
const WAITS = "line"; // the name by which a line waits for its answer

export class LineView {
  #picture = byId("picture", HTMLElement);
  #box = byId("line", HTMLElement);
  #middle = byId("line-middle", HTMLElement);
  #end = byId("line-end", HTMLElement);
  #shell;
  /** As it was drawn last. @type {Line | null} */
  #line = null;
  /** What is dragged to, until the server has it. @type {Line | null} */
  #wanted = null;
  #isDragged = false;

  /** @param {PlaneShell} shell */
  constructor(shell) {
    this.#shell = shell;
    this.#listen(this.#middle, (line, from, to) =>
      shifted(line, [to[0] - from[0], to[1] - from[1]]),
    );
    this.#listen(this.#end, (line, from, to) => this.#turn(line, from, to));
    this.#middle.addEventListener("keydown", event =>
      this.#key(event, (line, [x, y]) => shifted(line, [x * STEP, y * STEP])),
    );
    this.#end.addEventListener("keydown", event =>
      this.#key(event, (line, [x, y]) => turned(line, this.#centre(line), TURN * -(x + y))),
    );
  }

  /** @param {PlanePage} state */
  update(state) {
    const unit = unitWithLine(state);
    this.#box.hidden = !unit;
    if (!unit || !state.server) return;
    const name = unitName(state.server, unit);
    this.#middle.ariaLabel = `Shift the line of ${name}`;
    this.#end.ariaLabel = `Turn the line of ${name}`;
  }

  /** @param {Frame} frame @param {PlaneLook} look */
  draw({parameters}, {state}) {
    const unit = unitWithLine(state);
    if (!unit || !state.server) return;
    if (this.#wanted && !this.#shell.waiting.has(WAITS)) this.#send();
    const {first, bias} = weightsOf(state.server.facts.layout, unit.layer, unit.neuron);
    const told = /** @type {Line} */ ([
      parameters[first] ?? 0,
      parameters[first + 1] ?? 0,
      parameters[bias] ?? 0,
    ]);
    const line = this.#wanted ?? (this.#isDragged && this.#line ? this.#line : told);
    this.#line = line;
    this.#put(line, state.server.facts.domain);
  }

  /** @param {Line} line @param {readonly [number, number]} domain */
  #put(line, domain) {
    const middle = (domain[0] + domain[1]) / 2;
    const place = placed(line, [middle, middle]);
    this.#box.classList.toggle("nowhere", !place);
    if (!place) return;
    const side = this.#picture.clientWidth;
    const at = within(place, domain);
    const {left, top} = pixelsAt(at, side, domain);
    this.#box.style.setProperty("--arm", `${ARM * side}px`);
    this.#box.style.transform = `translate(${left}px, ${top}px) rotate(${-place.angle}rad)`;
    const text = `weights ${formatWeight(line[0])} and ${formatWeight(line[1])}, bias ${formatWeight(line[2])}`;
    for (const grip of [this.#middle, this.#end]) grip.setAttribute("aria-valuetext", text);
    this.#middle.ariaValueNow = String(Math.round(Math.hypot(place.x - middle, place.y - middle)));
    this.#end.ariaValueNow = String(Math.round((place.angle * 180) / Math.PI));
  }

  /** The place about which it turns: where it is nearest to the middle. @param {Line} line @returns {[number, number]} */
  #centre(line) {
    const [low, high] = this.#shell.state.server?.facts.domain ?? [-6, 6];
    const middle = (low + high) / 2;
    const {x, y} = placed(line, [middle, middle]) ?? {x: middle, y: middle};
    return [x, y];
  }

  /** @param {Line} line @param {readonly [number, number]} from @param {readonly [number, number]} to @returns {Line} */
  #turn(line, from, to) {
    const centre = this.#centre(line);
    const angle = (/** @type {readonly [number, number]} */ [x, y]) =>
      Math.atan2(y - centre[1], x - centre[0]);
    return turned(line, centre, angle(to) - angle(from));
  }

  /**
   * A pointer drags a grip; each move is told of the line as it was when the drag began.
   * @param {HTMLElement} grip
   * @param {(line: Line, from: readonly [number, number], to: readonly [number, number]) => Line} moved
   */
  #listen(grip, moved) {
    /** @type {{line: Line, from: readonly [number, number]} | null} */
    let start = null;
    grip.addEventListener("pointerdown", event => {
      if (event.button !== 0 || !this.#line) return;
      event.stopPropagation(); // it is no press on the picture
      grip.setPointerCapture(event.pointerId);
      start = {line: this.#line, from: this.#placeOf(event)};
      this.#isDragged = true;
    });
    grip.addEventListener("pointermove", event => {
      if (start) this.#want(moved(start.line, start.from, this.#placeOf(event)));
    });
    for (const type of /** @type {const} */ (["pointerup", "pointercancel"]))
      grip.addEventListener(type, () => {
        start = null;
        this.#isDragged = false;
        this.#shell.redraw();
      });
  }

  /** @param {KeyboardEvent} event @param {(line: Line, by: readonly [number, number]) => Line} moved */
  #key(event, moved) {
    const arrow = ARROWS[event.key];
    if (!arrow || !this.#line || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.#want(moved(this.#wanted ?? this.#line, arrow));
  }

  /** @param {Line} line */
  #want(line) {
    this.#wanted = line;
    if (!this.#shell.waiting.has(WAITS)) this.#send();
    this.#shell.redraw();
  }

  /** One at a time: the next goes when the answer to the last has come. */
  #send() {
    const {state} = this.#shell;
    const unit = unitWithLine(state);
    const line = this.#wanted;
    this.#wanted = null;
    if (!unit || !line || !state.server) return;
    this.#line = line;
    const {first, bias} = weightsOf(state.server.facts.layout, unit.layer, unit.neuron);
    /** @type {[[number, number], ...[number, number][]]} */
    const values = [
      [first, line[0]],
      [first + 1, line[1]],
      [bias, line[2]],
    ];
    this.#shell.waiting.sendFor(WAITS, {type: "set-parameters", values});
  }

  /** Not bound to the picture's edges: a hand may leave it. @param {PointerEvent} event @returns {readonly [number, number]} */
  #placeOf({clientX, clientY}) {
    const {left, top, width} = this.#picture.getBoundingClientRect();
    const [low, high] = this.#shell.state.server?.facts.domain ?? [-6, 6];
    const unit = (high - low) / width;
    return [low + (clientX - left) * unit, high - (clientY - top) * unit];
  }
}

/** The neuron whose line is in the picture. @param {PlanePage} state @returns {Unit | null} */
function unitWithLine({server, own: {pinned, draw}}) {
  if (!server || draw.isOpen) return null;
  const {inputs} = server.settings;
  const seesPlane = inputs.join() === "x,y";
  if (!seesPlane || server.view.hide?.includes("weights")) return null;
  const {shape} = server.facts;
  if (shape.length === 2 && shape[1] === 1) return {layer: 1, neuron: 1};
  return pinned?.layer === 1 ? pinned : null;
}

/** The nearest place in the picture, so that a line outside it can be fetched. @param {{x: number, y: number}} place @param {readonly [number, number]} domain @returns {[number, number]} */
function within({x, y}, [low, high]) {
  const margin = (high - low) / 40;
  const bound = (/** @type {number} */ value) =>
    Math.min(Math.max(value, low + margin), high - margin);
  return [bound(x), bound(y)];
}
