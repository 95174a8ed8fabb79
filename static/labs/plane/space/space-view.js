/** The panel with the space of a layer: asks the engine for it, paints it, turns it, and takes points that are clicked. */

/** @import {Frame, Points} from "../frame.js" */
/** @import {PlaneLook} from "../look.js" */
/** @import {PlanePage, PlaneShell, PlaneState} from "../page.js" */
/** @import {Spots} from "./picture.js" */
/** @import {Space} from "./told-space.js" */

import {sharpen} from "../../../drawing/canvas.js";
import {pointColor} from "../../../drawing/colors.js";
import {CORNER, DRAG, FRONT, TURNS, turned} from "../../../drawing/relief/camera.js";
import {throttle} from "../../../drawing/throttle.js";
import {byId, whenResized} from "../../../shell/elements.js";
import {Panel} from "../panel.js";
import {sourceNames} from "../unit-names.js";
import {shapesOf} from "./border.js";
import {choiceOf, choiceText, firstChoice} from "./choice.js";
import {ChosenPoint, valuesOf} from "./chosen-point.js";
import {Controls, existing} from "./controls.js";
import {placesAt} from "./morph.js";
import {isWhole, Motion} from "./motion.js";
import {paint, pointAt} from "./picture.js";
import {axisNames, inputNames, pictureWords} from "./words.js";

const REACH = 12; // px from a point
const STILL = 4; // px that a click may move
const STEPS = {ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, PageUp: -1, PageDown: 1};

export class SpaceView {
  #picture = byId("space-picture", HTMLElement);
  #canvas = byId("space-canvas", HTMLCanvasElement);
  #words = byId("space-words", HTMLElement);
  /** Opens, closes and asks the engine. @type {Panel} */
  panel;
  #shell;
  #write;
  #motion;
  #controls;
  #chosen;
  #pose = CORNER;
  /** @type {Space | null} */
  #space = null;
  /** @type {Points | null} */
  #points = null;
  /** @type {Spots} */
  #spots = new Float32Array();
  /** Where the pointer is down. @type {{x: number, y: number, isDrag: boolean} | null} */
  #pressed = null;

  /** @param {PlaneShell} shell @param {AbortSignal} signal */
  constructor(shell, signal) {
    this.#shell = shell;
    this.#write = throttle((/** @type {() => void} */ act) => act(), 1, signal);
    this.panel = new Panel(
      "space",
      shell,
      () => choiceText(firstChoice(shell.state.server?.facts.shape ?? [])),
      state => this.#wish(state),
    );
    this.#motion = new Motion(() => {
      this.panel.ask(shell.state);
      shell.redraw();
    }, signal);
    this.#controls = new Controls(shell, this.#motion);
    this.#chosen = new ChosenPoint(shell);
    this.#listen();
    whenResized(this.#canvas, () => shell.redraw(), signal);
  }

  /** @param {PlanePage} state @param {PlanePage | null} before */
  update(state, before) {
    if (!this.panel.update(state, before)) {
      this.#motion.stop();
      this.#chosen.mark(state, null, false);
    }
    this.#controls.update(state);
    this.#write.hurry();
  }

  /** @param {Frame} frame @param {PlaneLook} look */
  draw({space}, look) {
    const {state, points} = look;
    const {server} = state;
    if (!server?.view.space || !space || !points || !answers(space, server)) return;
    [this.#space, this.#points] = [space, points];
    this.#paint(space, points, look);
    this.#chosen.mark(state, points, true);
    this.#controls.move(space.head, isWhole(space));
    this.#write.soon(() => {
      if (!this.panel.text || this.#shell.state.server?.facts !== server.facts) return;
      const share = this.#share(space);
      this.#controls.write(space.head, server, share);
      const words = pictureWords(space.head, server, this.#spots.length / 2, share);
      if (this.#words.textContent !== words) this.#words.textContent = words;
    });
  }

  /** How far on the way to the layer it is shown. @param {Space} space */
  #share(space) {
    return isWhole(space) ? this.#motion.share : 1;
  }

  /** @param {Space} space @param {Points} points @param {PlaneLook} look */
  #paint(space, points, {state, palette}) {
    const {server} = state;
    const {clientWidth: width, clientHeight: height} = this.#canvas;
    if (!server || !width) return;
    const share = this.#share(space);
    const {head, dimensions, lines, samples} = space;
    const places = placesAt(space, share);
    const {color: ink, accentColor} = getComputedStyle(this.#canvas);
    const isThere = share === 1;
    this.#picture.classList.toggle("turns", dimensions === 3);
    this.#spots = paint(sharpen(this.#canvas, width, height), width, height, {
      places,
      dimensions,
      lines,
      samples,
      pose: dimensions === 3 ? this.#pose : FRONT,
      isEven: head.units.length === 0,
      borders: isThere ? shapesOf(head.borders, places.ranges) : [],
      isExact: head.borders.every(({exact}) => exact),
      names:
        share === 0
          ? inputNames(head, dimensions, sourceNames(server, head.layer))
          : axisNames(head, share),
      trained: points.train.length / 3,
      color: i => pointColor(palette, valuesOf(points, i)?.[2] ?? 0, server.facts.classes),
      chosen: this.#chosen.of(state),
      colors: {
        ink,
        muted: palette.neutral,
        grid: palette.neutral,
        outline: palette.outline,
        border: accentColor,
      },
    });
  }

  /** What the engine is asked for. @param {PlanePage} state */
  #wish({server}) {
    const choice = choiceOf(server?.view.space ?? "");
    return {...choice, phases: this.#motion.isOnTheWay};
  }

  #listen() {
    const picture = this.#picture;
    picture.addEventListener("pointerdown", ({clientX: x, clientY: y, button, pointerId}) => {
      if (button !== 0) return;
      this.#pressed = {x, y, isDrag: false};
      if (this.#isTurning) picture.setPointerCapture(pointerId);
    });
    picture.addEventListener("pointermove", event => this.#move(event));
    picture.addEventListener("pointerup", event => this.#release(event));
    picture.addEventListener("pointercancel", () => {
      this.#pressed = null;
    });
    picture.addEventListener("keydown", event => this.#key(event));
  }

  get #isTurning() {
    return this.#space?.dimensions === 3;
  }

  /** @param {PointerEvent} event */
  #move({clientX, clientY}) {
    const pressed = this.#pressed;
    if (!pressed) return;
    const [right, down] = [clientX - pressed.x, clientY - pressed.y];
    if (!pressed.isDrag && Math.hypot(right, down) <= STILL) return;
    this.#pressed = {x: clientX, y: clientY, isDrag: true};
    if (this.#isTurning) this.#turn(DRAG * right, DRAG * down);
  }

  /** @param {PointerEvent} event */
  #release({clientX, clientY}) {
    const isClick = this.#pressed && !this.#pressed.isDrag;
    this.#pressed = null;
    if (!isClick || !this.#points) return;
    const {left, top} = this.#canvas.getBoundingClientRect();
    this.#choose(pointAt(this.#spots, clientX - left, clientY - top, REACH));
  }

  /** @param {number} right in radians @param {number} down */
  #turn(right, down) {
    this.#pose = turned(this.#pose, right, down);
    this.#shell.redraw();
  }

  /** Arrows turn three axes; on two axes they go from point to point. @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const [right, down] = TURNS[/** @type {keyof typeof TURNS} */ (event.key)] ?? [];
    const by = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
    if (by === undefined) return;
    event.preventDefault();
    if (this.#isTurning && right !== undefined && down !== undefined) this.#turn(right, down);
    else this.#step(by);
  }

  /** @param {number} by */
  #step(by) {
    const count = this.#spots.length / 2;
    const place = this.#chosen.of(this.#shell.state);
    if (count) this.#choose(place < 0 ? (by > 0 ? 0 : count - 1) : (place + by + count) % count);
  }

  /** @param {number} point */
  #choose(point) {
    const {server} = this.#shell.state;
    if (!this.#points || !server) return;
    this.#chosen.choose(point, this.#points);
    const values = valuesOf(this.#points, point);
    if (!values) return;
    const isTrained = point < this.#points.train.length / 3;
    const [x = 0, y = 0] = values;
    const place = [x, y].map(value => value.toFixed(2).replace("-", "−")).join(", ");
    this.#shell.say(
      isTrained ? `Training point ${point + 1} at ${place}` : `Test point at ${place}`,
    );
  }
}

/** Whether it is of the layer and the axes that are open: another one may be on its way. @param {Space} space @param {PlaneState} server */
function answers({head}, server) {
  const choice = choiceOf(server.view.space);
  if (!choice) return false;
  const {layer, units} = existing(choice, server);
  return head.layer === layer && head.units.join() === units.join();
}
