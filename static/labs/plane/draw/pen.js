/** Draws in the large picture with mouse, pen, finger and keys. One pointer at a time; strokes are sent in bundles. */

/** @import {PlanePage, PlaneShell, PointEdit, Tool} from "../page.js" */
/** @import {Place} from "../plane.js" */
/** @import {Spot} from "./way.js" */

import {byId} from "../../../shell/elements.js";
import {pixelsAt, placeAt} from "../plane.js";
import {applied, dotsOf, nearest} from "./board.js";
import {unsent} from "./drawing.js";
import {scattered, spotsAlong} from "./way.js";
import {FULL, LAST, NO_CROSSHAIR, NOTHING_NEAR, pointWords, TAKEN} from "./words.js";

const BUNDLE = 60; // ms between two commands
const APART = 25; // px between two points of the brush
const SPRAYED = 2; // points of the spray can in each bundle
const REACH = {mouse: 10, touch: 18}; // px from a point that is moved
const PUTS = new Set(["brush", "point", "spray"]);

export class Pen {
  #shell;
  #crosshair;
  #picture = byId("picture", HTMLElement);
  #ring = byId("draw-ring", HTMLElement);
  /** The pointer that is down: where it is, and how far it has gone since the last point. @type {{id: number, spot: Spot, gone: number} | null} */
  #down = null;
  /** Where the point that is being moved is. @type {Place | null} */
  #taken = null;
  /** @type {ReturnType<typeof setTimeout> | 0} */
  #sending = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #spraying;

  /** @param {PlaneShell} shell @param {() => Place | null} crosshair the place that arrow keys have moved to @param {AbortSignal} signal */
  constructor(shell, crosshair, signal) {
    this.#shell = shell;
    this.#crosshair = crosshair;
    const picture = this.#picture;
    picture.addEventListener("pointerdown", event => this.#press(event));
    picture.addEventListener("pointermove", event => this.#move(event));
    for (const type of /** @type {const} */ (["pointerup", "pointercancel"]))
      picture.addEventListener(type, event => this.#release(event));
    picture.addEventListener("pointerleave", () => this.#down || this.#hideRing());
    picture.addEventListener("keydown", event => this.#key(event));
    signal.addEventListener("abort", () => {
      clearTimeout(this.#sending);
      this.#end();
    });
  }

  /** @param {PlanePage} state @param {PlanePage | null} before */
  update({own: {draw}}, before) {
    const was = before?.own.draw;
    if (draw.isOpen === was?.isOpen && draw.tool === was.tool && draw.radius === was.radius) return;
    if (!draw.isOpen || draw.tool !== was?.tool) this.#end();
    if (!draw.isOpen) this.#hideRing();
    this.#ring.style.setProperty("--size", `${2 * this.#radius(draw.tool)}px`);
  }

  get #drawing() {
    return this.#shell.state.own.draw;
  }

  /** @param {PointerEvent} event */
  #press(event) {
    if (!this.#drawing.isOpen || event.button !== 0 || this.#down) return;
    const spot = this.#spotOf(event);
    this.#picture.setPointerCapture(event.pointerId);
    this.#down = {id: event.pointerId, spot, gone: 0};
    this.#showRing(spot);
    const {tool} = this.#drawing;
    if (tool === "eraser") this.#erase([this.#placeOf(spot)]);
    else if (tool === "move")
      this.#take(spot, event.pointerType === "mouse" ? REACH.mouse : REACH.touch);
    else if (tool === "point") this.#put([spot]);
    else this.#scatter([spot]);
    if (tool === "spray") this.#spraying = setInterval(() => this.#spray(), BUNDLE);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (!this.#drawing.isOpen) return;
    const spot = this.#spotOf(event);
    const down = this.#down;
    if (down ? event.pointerId === down.id : event.pointerType !== "touch") this.#showRing(spot);
    if (event.pointerId !== down?.id) return;
    const before = down.spot;
    down.spot = spot;
    const {tool} = this.#drawing;
    if (tool === "brush") {
      const {spots, gone} = spotsAlong(before, spot, APART, down.gone);
      down.gone = gone;
      this.#scatter(spots);
    } else if (tool === "eraser") this.#erase([this.#placeOf(before), this.#placeOf(spot)]);
    else if (tool === "move") this.#drag(this.#placeOf(spot));
  }

  /** @param {PointerEvent} event */
  #release({pointerId, pointerType}) {
    if (pointerId !== this.#down?.id) return;
    this.#end();
    if (pointerType === "touch") this.#hideRing();
  }

  #end() {
    clearInterval(this.#spraying);
    this.#down = null;
    this.#taken = null;
  }

  #spray() {
    const spot = this.#down?.spot;
    if (spot) this.#scatter(Array.from({length: SPRAYED}, () => spot));
  }

  /** @param {Spot[]} spots */
  #scatter(spots) {
    const radius = this.#radius(this.#drawing.tool);
    this.#put(spots.map(spot => scattered(spot, radius)));
  }

  /** Points outside the picture are left out. @param {Spot[]} spots @returns {boolean} whether there was room */
  #put(spots) {
    const size = this.#picture.clientWidth;
    const inside = spots.filter(([x, y]) => x >= 0 && y >= 0 && x <= size && y <= size);
    return inside.length > 0 && this.#add(inside.map(spot => this.#placeOf(spot)));
  }

  /** @param {Place[]} places */
  #add(places) {
    const {server, limits} = this.#shell.state;
    const {label, value, isCleared} = this.#drawing;
    if (!server) return false;
    const said = server.facts.classes ? label : value;
    const room = (limits?.points ?? 0) - this.#dots.length;
    const points = places.slice(0, Math.max(0, room)).map(([x, y]) => threeOf(x, y, said));
    const [first, ...others] = points;
    if (first && isCleared)
      this.#stroke({
        type: "learn-points",
        targets: server.facts.classes ? "classes" : "values",
        points: [first, ...others],
        columns: [],
        names: [],
      });
    else if (first) this.#stroke({type: "add-points", points: [first, ...others]});
    if (points.length < places.length) this.#refuse(FULL(limits?.points ?? 0));
    return points.length > 0;
  }

  /** @param {[Place, ...Place[]]} path @returns {number} how many points it has touched */
  #erase(path) {
    const {facts} = this.#shell.state.server ?? {};
    if (!facts) return 0;
    const span = facts.domain[1] - facts.domain[0];
    const radius = (this.#drawing.radius / 100) * span;
    const [first, ...others] = path;
    /** @type {Extract<PointEdit, {type: "erase-points"}>} */
    const edit = {type: "erase-points", path: [pairOf(first), ...others.map(pairOf)], radius};
    const dots = this.#dots;
    const left = applied(dots, edit).length;
    if (left === dots.length) return 0;
    if (left === 0) this.#refuse(LAST);
    else this.#stroke(edit);
    return left === 0 ? 0 : dots.length - left;
  }

  /** @param {Spot} spot @param {number} reach px */
  #take(spot, reach) {
    const place = this.#placeOf(spot);
    const {domain = [-6, 6]} = this.#shell.state.server?.facts ?? {};
    const far = (reach * (domain[1] - domain[0])) / this.#picture.clientWidth;
    const at = nearest(this.#dots, place)?.at;
    const isNear = at && Math.hypot(at[0] - place[0], at[1] - place[1]) <= far;
    this.#taken = isNear ? at : null;
    if (!isNear) this.#refuse(NOTHING_NEAR);
  }

  /** @param {Place} place */
  #drag(place) {
    if (!this.#taken) return;
    this.#stroke({type: "move-point", start: pairOf(this.#taken), end: pairOf(place)});
    this.#taken = place;
  }

  /** The page shows an edit at once; the server hears of it in bundles. @param {PointEdit} edit */
  #stroke(edit) {
    this.#shell.dispatch({type: "own", edit});
    if (!this.#sending) this.#send();
  }

  #send() {
    this.#sending = 0;
    const strokes = unsent(this.#drawing);
    if (!strokes.length) return;
    const sent = strokes.map(({edit}) => this.#shell.send(edit));
    this.#shell.dispatch({type: "own", sent});
    this.#sending = setTimeout(() => this.#send(), BUNDLE);
  }

  /** Said once, not for each movement. @param {string} said */
  #refuse(said) {
    if (said === this.#drawing.said) return;
    this.#shell.dispatch({type: "own", draw: {said}});
    this.#shell.say(said);
  }

  get #dots() {
    const {server, own} = this.#shell.state;
    return server && own.draw.points ? dotsOf(own.draw.points, server.facts, own.draw) : [];
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!this.#drawing.isOpen || event.ctrlKey || event.metaKey || event.altKey) return;
    const puts = event.key === "Enter" || event.key === " ";
    if (!puts && event.key !== "Delete" && event.key !== "Backspace") return;
    event.preventDefault();
    event.stopPropagation(); // Space would play
    const place = this.#crosshair();
    if (!place) this.#shell.say(NO_CROSSHAIR);
    else if (puts && this.#drawing.tool === "move") this.#moveByKeys(place);
    else if (puts && PUTS.has(this.#drawing.tool)) this.#putByKeys(place);
    else this.#eraseByKeys(place);
  }

  /** @param {Place} place */
  #putByKeys(place) {
    const {server} = this.#shell.state;
    if (server && this.#add([place]))
      this.#shell.say(pointWords(place, this.#drawing, server.facts, this.#dots.length));
  }

  /** @param {Place} place */
  #eraseByKeys(place) {
    const erased = this.#erase([place]);
    if (erased) this.#shell.say(`${erased} erased, ${this.#dots.length} left`);
  }

  /** The first press takes a point, the second lays it down. @param {Place} place */
  #moveByKeys(place) {
    if (this.#taken) {
      this.#drag(place);
      this.#taken = null;
      this.#shell.say("Moved");
      return;
    }
    this.#take(this.#spotAt(place), REACH.touch);
    if (this.#taken) this.#shell.say(TAKEN);
  }

  /** In pixels. @param {Tool} tool */
  #radius(tool) {
    if (tool === "point" || tool === "move") return 5;
    return (this.#drawing.radius / 100) * this.#picture.clientWidth;
  }

  /** @param {Spot} spot */
  #showRing([x, y]) {
    this.#ring.hidden = false;
    this.#ring.style.setProperty("--size", `${2 * this.#radius(this.#drawing.tool)}px`);
    this.#ring.style.translate = `${x}px ${y}px`;
  }

  #hideRing() {
    this.#ring.hidden = true;
  }

  /** @param {PointerEvent} event @returns {Spot} */
  #spotOf({clientX, clientY}) {
    const {left, top} = this.#picture.getBoundingClientRect();
    return [clientX - left - this.#picture.clientLeft, clientY - top - this.#picture.clientTop];
  }

  /** @param {Spot} spot @returns {Place} */
  #placeOf([x, y]) {
    return placeAt(x, y, this.#picture.clientWidth, this.#shell.state.server?.facts.domain);
  }

  /** @param {Place} place @returns {Spot} */
  #spotAt(place) {
    const {clientWidth: size} = this.#picture;
    const {left, top} = pixelsAt(place, size, this.#shell.state.server?.facts.domain);
    return [left, top];
  }
}

/** @param {number} x @param {number} y @param {number} label @returns {[number, number, number]} */
function threeOf(x, y, label) {
  return [x, y, label];
}

/** @param {Place} place @returns {[number, number]} */
function pairOf([x, y]) {
  return [x, y];
}
