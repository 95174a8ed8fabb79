/** Reads the large picture: a mouse over it, a finger that presses and slides, or arrow keys move a place, and the page
 * writes beside it what the network says there. The figures come from the engine, in the frame that is shown.
 */

/** @import {PlaneShell} from "./page.js" */
/** @import {Frame} from "./frame.js" */
/** @import {PlaneLook} from "./look.js" */
/** @import {Domain, Place} from "./plane.js" */

import {byId} from "../../shell/elements.js";
import {pixelsAt, placeAt, pointNear, reading, within} from "./plane.js";
import {shownUnit} from "./state.js";
import {unitName} from "./unit-names.js";

const REACH = {mouse: 10, touch: 18, keys: 10}; // px from a point
const PRESS = 160; // ms: a finger that rests so long reads; one that moves before that scrolls the page
const PATIENCE = 500; // ms that the next place waits for the frame of the last
const SPOKEN_AFTER = 500; // ms without a key
const STEPS = 120; // of an arrow key from one side of the picture to the other
const LARGER = 10; // times as far, with Shift
/** @type {Record<string, Place>} */
const ARROWS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};

export class PlaneReader {
  #picture = byId("picture", HTMLElement);
  #text = byId("reading", HTMLElement);
  #crosshair = byId("crosshair", HTMLElement);
  /** Around the point that is read. */
  #ring = byId("read-point", HTMLElement);
  #shell;
  /** @type {Place | null} */
  #place = null;
  /** @type {keyof typeof REACH} */
  #by = "mouse";
  #sent = "";
  #sentAt = 0;
  #answered = "";
  #pressing = 0;
  #isPressed = false;
  #speaking = 0;
  #lines = "";
  /** The place whose figures are shown. */
  #written = "";
  #isToBeSaid = false;

  /**
   * @param {PlaneShell} shell
   * @param {AbortSignal} signal
   */
  constructor(shell, signal) {
    this.#shell = shell;
    const picture = this.#picture;
    picture.addEventListener("pointermove", event => this.#moved(event));
    picture.addEventListener("pointerdown", event => this.#pressed(event));
    for (const type of /** @type {const} */ (["pointerup", "pointercancel"]))
      picture.addEventListener(type, () => this.#released());
    picture.addEventListener("pointerleave", event => {
      if (event.pointerType === "mouse" && this.#by === "mouse") this.#read(null);
    });
    picture.addEventListener("touchmove", event => this.#isPressed && event.preventDefault(), {
      passive: false,
    });
    picture.addEventListener("keydown", event => this.#key(event));
    picture.addEventListener("blur", () => this.#by === "keys" && this.#read(null));
    document.addEventListener(
      "pointerdown",
      ({target}) => {
        if (!(target instanceof Node && picture.contains(target))) this.#read(null);
      },
      {signal},
    );
    signal.addEventListener("abort", () => {
      clearTimeout(this.#pressing);
      clearTimeout(this.#speaking);
    });
  }

  /** A new connection does not know the place yet. */
  reconnect() {
    this.#sent = "";
    if (this.#place) this.#ask();
  }

  /** What arrow keys, the pointer or a finger read; null while nothing is read. @type {Place | null} */
  get place() {
    return this.#place;
  }

  /** @type {Domain} */
  get #domain() {
    return this.#shell.state.server?.facts.domain ?? [-6, 6];
  }

  /** @param {Frame} frame @param {PlaneLook} look */
  draw(frame, {state, points, showTest, focus}) {
    const {server} = state;
    const answered = frame.at?.join() ?? "";
    this.#answered = answered;
    const place = this.#place;
    if (answered === this.#sent && this.#sent !== (place?.join() ?? "")) this.#ask();
    if (!place || !frame.at || !server) return;
    const reach = (REACH[this.#by] * this.#span) / this.#picture.clientWidth;
    const isSame = points?.run === frame.run;
    const point = isSame ? pointNear(points, showTest, frame.at, reach) : null;
    const shown = shownUnit(state);
    const unit = shown && {key: focus, name: unitName(server, shown)};
    const lines = reading(frame, server.facts, point, unit);
    if (!lines.length) return;
    this.#write(lines);
    this.#put(place, frame.at, point);
    this.#written = answered;
    this.#speak();
  }

  /** @param {string[]} lines */
  #write(lines) {
    const text = lines.join("\n");
    if (text === this.#lines) return;
    this.#lines = text;
    const element = this.#text;
    while (element.children.length > lines.length) element.lastElementChild?.remove();
    while (element.children.length < lines.length) element.append(document.createElement("span"));
    for (const [i, child] of [...element.children].entries())
      if (child.textContent !== lines[i]) child.textContent = lines[i] ?? "";
  }

  /**
   * Put the text on the side with more room, above a finger, and the ring around the point.
   * @param {Place} place of the pointer
   * @param {Place} at of the figures
   * @param {{x: number, y: number} | null} point
   */
  #put(place, at, point) {
    const [text, crosshair, ring] = [this.#text, this.#crosshair, this.#ring];
    const size = this.#picture.clientWidth;
    const {left, top} = pixelsAt(place, size, this.#domain);
    const read = pixelsAt(at, size, this.#domain);
    text.hidden = false;
    const {offsetWidth: width, offsetHeight: height} = text;
    const away = this.#by === "touch" ? 28 : 14;
    const across = left > size / 2 ? left - width - away : left + away;
    const down = this.#by === "touch" && top > height + away ? top - height - away : top + away;
    text.style.transform = `translate(${bound(across, size - width)}px, ${bound(
      down > size - height ? top - height - away : down,
      size - height,
    )}px)`;
    crosshair.hidden = this.#by === "mouse";
    crosshair.style.setProperty("--left", `${read.left}px`);
    crosshair.style.setProperty("--top", `${read.top}px`);
    ring.hidden = !point;
    if (!point) return;
    const around = pixelsAt([point.x, point.y], size, this.#domain);
    ring.style.transform = `translate(${around.left}px, ${around.top}px)`;
  }

  /** @param {PointerEvent} event */
  #moved(event) {
    if (this.#shell.state.own.draw.isOpen) return;
    if (event.pointerType === "mouse" || this.#isPressed) this.#readPointer(event);
  }

  /** @param {PointerEvent} event */
  #pressed(event) {
    if (this.#shell.state.own.draw.isOpen) return;
    this.#readPointer(event);
    if (event.pointerType === "mouse") return;
    this.#pressing = setTimeout(() => {
      this.#isPressed = true;
    }, PRESS);
  }

  #released() {
    clearTimeout(this.#pressing);
    this.#isPressed = false;
  }

  /** @param {PointerEvent} event */
  #readPointer({clientX, clientY, pointerType}) {
    const {left, top, width} = this.#picture.getBoundingClientRect();
    this.#by = pointerType === "mouse" ? "mouse" : "touch";
    this.#read(placeAt(clientX - left, clientY - top, width, this.#domain));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const arrow = ARROWS[event.key];
    if (event.key === "Escape" && this.#place) {
      event.stopPropagation(); // Escape takes back the innermost thing first
      this.#read(null);
    }
    if (!arrow || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const step = (this.#span / STEPS) * (event.shiftKey ? LARGER : 1);
    const middle = (this.#domain[0] + this.#domain[1]) / 2;
    const [x, y] = this.#place ?? [middle, middle];
    this.#by = "keys";
    this.#read(within(x + step * arrow[0], y + step * arrow[1], this.#domain));
    clearTimeout(this.#speaking);
    this.#speaking = setTimeout(() => {
      this.#isToBeSaid = true;
      this.#speak();
    }, SPOKEN_AFTER);
  }

  get #span() {
    return this.#domain[1] - this.#domain[0];
  }

  /** Speak as soon as the figures of this place are there. */
  #speak() {
    if (!this.#isToBeSaid || this.#written !== this.#place?.join()) return;
    this.#isToBeSaid = false;
    if (this.#by === "keys")
      this.#shell.say(this.#lines.replaceAll("\n", ". ").replaceAll(/[✗✓] /g, ""));
  }

  /** @param {Place | null} place */
  #read(place) {
    if (place?.join() === this.#place?.join()) return;
    this.#place = place;
    if (!place) {
      for (const part of [this.#text, this.#crosshair, this.#ring]) part.hidden = true;
      this.#lines = "";
    }
    if (!place || !this.#isWaiting) this.#ask();
  }

  /** The page asks for one place at a time, and for the next when the frame of the last has come. */
  get #isWaiting() {
    const isOpen = this.#sent !== "" && this.#sent !== this.#answered;
    return isOpen && performance.now() - this.#sentAt < PATIENCE;
  }

  #ask() {
    const text = this.#place?.join() ?? "";
    if (text === this.#sent) return;
    this.#sent = text;
    this.#sentAt = performance.now();
    this.#shell.tell({type: "look", at: this.#place && [...this.#place]});
    this.#shell.redraw();
  }
}

/** Moved into the picture, with a little space to its edge. @param {number} value @param {number} most */
function bound(value, most) {
  return Math.round(Math.max(4, Math.min(value, most - 4)));
}
