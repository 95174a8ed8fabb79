/** The probe on the large picture: a click takes the training point there or the place, a drag moves it. */

/** @import {Frame, Points} from "../frame.js" */
/** @import {PlaneLook} from "../look.js" */
/** @import {PlaneShell} from "../page.js" */
/** @import {Place} from "../plane.js" */

import {byId} from "../../../shell/elements.js";
import {pixelsAt, placeAt, pointNear} from "../plane.js";
import {placeOfPoint} from "./subject.js";

const REACH = 10; // px from a point
const STILL = 4; // px that a click may move

export class ProbeView {
  #picture = byId("picture", HTMLElement);
  #mark = byId("probe", HTMLElement);
  #shell;
  #cursor;
  /** @type {Points | null} */
  #points = null;
  /** Where the pointer went down. @type {{x: number, y: number, isDrag: boolean} | null} */
  #pressed = null;

  /** @param {PlaneShell} shell @param {() => Place | null} cursor the place of the crosshair that arrow keys move */
  constructor(shell, cursor) {
    this.#shell = shell;
    this.#cursor = cursor;
    const picture = this.#picture;
    picture.addEventListener("pointerdown", event => this.#press(event));
    picture.addEventListener("pointermove", event => this.#move(event));
    picture.addEventListener("pointerup", event => this.#release(event));
    picture.addEventListener("pointercancel", () => {
      this.#pressed = null;
      this.#drag(null);
    });
    picture.addEventListener("keydown", event => this.#key(event));
  }

  update() {
    const isOpen = this.#isOpen;
    this.#picture.classList.toggle("probed", isOpen);
    if (!isOpen) this.#mark.hidden = true;
  }

  /** @param {Frame} frame @param {PlaneLook} look */
  draw({explanation}, {state, points}) {
    this.#points = points;
    const {server, own} = state;
    if (!server || !this.#isOpen) return;
    const place = own.explain.place ?? (explanation && placeOfPoint(explanation.head, points));
    this.#mark.hidden = !place;
    if (!place) return;
    const {left, top} = pixelsAt(place, 100, server.facts.domain); // in per cent: a size in pixels costs a layout
    this.#mark.style.left = `${left}%`;
    this.#mark.style.top = `${top}%`;
  }

  /** It rests while the visitor draws. */
  get #isOpen() {
    const {server, own} = this.#shell.state;
    return Boolean(server?.view.explain) && !own.draw.isOpen;
  }

  /** @param {PointerEvent} event */
  #press({clientX, clientY, button, target, pointerId}) {
    if (!this.#isOpen || button !== 0) return;
    this.#pressed = {x: clientX, y: clientY, isDrag: target === this.#mark};
    if (target === this.#mark) this.#mark.setPointerCapture(pointerId);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const pressed = this.#pressed;
    if (!pressed || (event.pointerType === "touch" && !pressed.isDrag)) return; // a finger scrolls the page
    const isFar = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > STILL;
    if (isFar) pressed.isDrag = true;
    if (isFar || this.#shell.state.own.explain.place) this.#drag(this.#placeOf(event));
  }

  /** @param {PointerEvent} event */
  #release(event) {
    const pressed = this.#pressed;
    this.#pressed = null;
    if (!pressed) return;
    const isStill = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) <= STILL;
    if (isStill || this.#shell.state.own.explain.place) this.#take(this.#placeOf(event), isStill);
  }

  /** @param {Place | null} place */
  #drag(place) {
    if (place || this.#shell.state.own.explain.place)
      this.#shell.dispatch({type: "own", explain: {place}});
  }

  /** @param {Place} place @param {boolean} isClick a click takes the training point that is near */
  #take(place, isClick) {
    const {domain} = this.#shell.state.server?.facts ?? {domain: /** @type {const} */ ([-6, 6])};
    const reach = (REACH * (domain[1] - domain[0])) / this.#picture.clientWidth;
    const point = isClick && this.#points ? pointNear(this.#points, false, place, reach) : null;
    const explain = point ? String(point.index + 1) : `${place[0]},${place[1]}`;
    this.#shell.send({type: "show", explain});
  }

  /** Enter takes the place of the crosshair. @param {KeyboardEvent} event */
  #key(event) {
    const place = this.#cursor();
    if (event.key !== "Enter" || !this.#isOpen || !place) return;
    event.preventDefault();
    this.#take(place, true);
  }

  /** @param {PointerEvent} event @returns {Place} */
  #placeOf({clientX, clientY}) {
    const {left, top, width} = this.#picture.getBoundingClientRect();
    return placeAt(clientX - left, clientY - top, width, this.#shell.state.server?.facts.domain);
  }
}
