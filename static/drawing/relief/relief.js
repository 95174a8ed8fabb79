/** A surface of heights that pointers, fingers and arrow keys turn. Nothing moves by itself. */

/** @import {Pose} from "./camera.js" */
/** @import {Scene} from "./renderer.js" */

import {pixelRatio} from "../canvas.js";
import {DRAG, seen, TURNS, turned} from "./camera.js";
import {matrixOf} from "./mesh.js";
import {Renderer} from "./renderer.js";

/** @type {Pose} */
const FIRST = {turn: -0.5, tilt: 0.6};
const STILL = 4; // px that a click may move

export class Relief {
  #frame;
  #canvas;
  #changed;
  #vertices;
  #pose = FIRST;
  #moved = 0; // px since the pointer went down
  /** @type {unknown[]} */
  #shown = [];
  /** Made when it is first wanted; null where there is no WebGL2. @type {Renderer | null | undefined} */
  #renderer;

  /**
   * @param {HTMLElement} frame can have the focus
   * @param {HTMLCanvasElement} canvas square, within it
   * @param {() => void} changed it is to be drawn anew
   * @param {number} vertices on each side of the mesh, at most 256
   */
  constructor(frame, canvas, changed, vertices) {
    this.#frame = frame;
    this.#canvas = canvas;
    this.#changed = changed;
    this.#vertices = vertices;
    frame.addEventListener("pointerdown", ({button, pointerId}) => {
      this.#moved = 0;
      if (button === 0) frame.setPointerCapture(pointerId);
    });
    frame.addEventListener("pointermove", event => this.#drag(event));
    frame.addEventListener("keydown", event => this.#key(event));
    canvas.addEventListener("webglcontextlost", event => {
      event.preventDefault();
      this.#renderer = null;
    });
    canvas.addEventListener("webglcontextrestored", () => {
      this.#renderer = undefined;
      changed();
    });
  }

  /** Whether there is something to draw with. */
  get isPossible() {
    if (this.#renderer === undefined) {
      const gl = contextOf(this.#canvas);
      this.#renderer = gl ? new Renderer(gl, this.#vertices) : null;
    }
    return this.#renderer !== null;
  }

  /** Whether the pointer that was down last has turned it, so that its click is none. */
  get isTurned() {
    return this.#moved > STILL;
  }

  /**
   * @param {Scene} scene
   * @param {unknown[]} about changes with its heights and its paint
   * @returns {boolean} whether it could be drawn
   */
  draw(scene, about) {
    const side = this.#canvas.clientWidth;
    if (!side || !this.isPossible || !this.#renderer) return false;
    const pixels = Math.round(side * pixelRatio());
    if (this.#canvas.width !== pixels) this.#canvas.width = this.#canvas.height = pixels;
    if (this.#isNews([...about, this.#renderer])) this.#renderer.take(scene);
    this.#renderer.draw(scene, matrixOf(this.#pose), side);
    return true;
  }

  /** Lay an element over a place of the box. @param {HTMLElement} element @param {readonly number[]} place */
  put(element, place) {
    const [right, down] = this.seenAt(place);
    element.style.transform = `translate(${right}px, ${down}px)`;
  }

  /** Where a place of the box is, in pixels from the left and the top, and how near. @param {readonly number[]} place @returns {[number, number, number]} */
  seenAt(place) {
    const half = this.#canvas.clientWidth / 2;
    const [right, down, near] = seen(place, this.#pose);
    return [half * (1 + right), half * (1 + down), near];
  }

  /** Whether the surface has another picture than before. @param {unknown[]} shown */
  #isNews(shown) {
    const isSame = shown.every((one, i) => one === this.#shown[i]);
    this.#shown = shown;
    return !isSame;
  }

  /** @param {PointerEvent} event */
  #drag({pointerId, movementX, movementY}) {
    if (!this.#frame.hasPointerCapture(pointerId)) return;
    this.#moved += Math.hypot(movementX, movementY);
    if (this.isTurned) this.#turn(DRAG * movementX, DRAG * movementY);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const [right, down] = TURNS[/** @type {keyof typeof TURNS} */ (event.key)] ?? [];
    if (right === undefined || down === undefined || event.ctrlKey || event.metaKey || event.altKey)
      return;
    event.preventDefault();
    this.#turn(right, down);
  }

  /** @param {number} right in radians @param {number} down */
  #turn(right, down) {
    this.#pose = turned(this.#pose, right, down);
    this.#changed();
  }
}

/** With smooth edges, which without a graphics card would halve the speed. @param {HTMLCanvasElement} canvas */
function contextOf(canvas) {
  return (
    canvas.getContext("webgl2", {antialias: true, failIfMajorPerformanceCaveat: true}) ??
    canvas.getContext("webgl2", {antialias: false})
  );
}
