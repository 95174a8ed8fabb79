/** The large picture lifted to a surface that can be turned; without WebGL2 it stays flat. */

/** @import {Frame, Points} from "../frame.js" */
/** @import {PlaneLook} from "../look.js" */
/** @import {PlanePage, PlaneShell} from "../page.js" */

import {pointColor} from "../../../drawing/colors.js";
import {byId, whenResized} from "../../../shell/elements.js";
import {seen, turned} from "../space/camera.js";
import {channels, heightAt, matrixOf, pointBuffer, TALL} from "./mesh.js";
import {Renderer} from "./renderer.js";

const DRAG = 0.01; // radians for a pixel
const KEY = 0.1; // radians for a key
const TURNS = {ArrowLeft: [-KEY, 0], ArrowRight: [KEY, 0], ArrowUp: [0, -KEY], ArrowDown: [0, KEY]};
const FIRST = {turn: -0.5, tilt: 0.6};

export class ReliefView {
  #relief = byId("relief", HTMLElement);
  #canvas = byId("relief-canvas", HTMLCanvasElement);
  #button = byId("lift", HTMLButtonElement);
  #picture = byId("picture", HTMLElement);
  #field = byId("field", HTMLCanvasElement);
  #labels = [byId("relief-x", HTMLElement), byId("relief-y", HTMLElement)];
  #shell;
  #pose = FIRST;
  /** @type {unknown[]} */
  #shown = [];
  /** Made when it is first wanted; null where there is no WebGL2. @type {Renderer | null | undefined} */
  #renderer;

  /** @param {PlaneShell} shell @param {AbortSignal} signal */
  constructor(shell, signal) {
    this.#shell = shell;
    this.#button.addEventListener("click", () => this.toggle());
    this.#relief.addEventListener("pointerdown", event => {
      if (event.button === 0) this.#relief.setPointerCapture(event.pointerId);
    });
    this.#relief.addEventListener("pointermove", event => {
      if (this.#relief.hasPointerCapture(event.pointerId))
        this.#turn(DRAG * event.movementX, DRAG * event.movementY);
    });
    this.#relief.addEventListener("keydown", event => this.#key(event));
    this.#canvas.addEventListener("webglcontextlost", event => {
      event.preventDefault();
      this.#renderer = null;
    });
    this.#canvas.addEventListener("webglcontextrestored", () => {
      this.#renderer = undefined;
      shell.redraw();
    });
    whenResized(this.#canvas, () => shell.redraw(), signal);
  }

  toggle() {
    const {server} = this.#shell.state;
    if (server && this.#begin()) this.#shell.send({type: "show", relief: !server.view.relief});
  }

  /** @param {PlanePage} state */
  update({server}) {
    const isLifted = Boolean(server?.view.relief) && this.#begin();
    this.#relief.hidden = !isLifted;
    this.#picture.classList.toggle("lifted", isLifted);
    this.#button.ariaPressed = String(isLifted);
  }

  /** @param {Frame} frame @param {PlaneLook} look */
  draw(frame, look) {
    const {server} = look.state;
    if (!server?.view.relief || !look.points || !this.#begin() || !this.#renderer) return;
    const isFocus = look.focus !== "" && frame.focus === look.focus;
    const bytes = isFocus ? frame.focusPicture : (frame.output ?? frame.classes?.confidence);
    if (!bytes || !this.#resize()) return;
    const {facts} = server;
    const isOnSurface = isFocus || facts.classes > 2;
    const scene = {
      bytes,
      side: frame.side,
      picture: this.#field,
      matrix: matrixOf(this.#pose),
      points: pointBuffer(
        shownPoints(look.points, look.showTest),
        facts.domain,
        (label, across, down) => (isOnSurface ? heightAt(bytes, frame.side, across, down) : label),
        label => channels(pointColor(look.palette, label, facts.classes)),
      ),
      size: 7 * devicePixelRatio,
      outline: channels(look.palette.outline),
      line: channels(look.palette.neutral),
    };
    if (this.#isNews([bytes, look.palette, look.discretize, this.#renderer]))
      this.#renderer.take(scene);
    this.#renderer.draw(scene);
    this.#placeLabels();
  }

  /** Whether the surface has another picture than before. @param {unknown[]} shown */
  #isNews(shown) {
    const isSame = shown.every((one, i) => one === this.#shown[i]);
    this.#shown = shown;
    return !isSame;
  }

  /** Whether there is something to draw with. */
  #begin() {
    if (this.#renderer === undefined) {
      const gl = contextOf(this.#canvas);
      this.#renderer = gl ? new Renderer(gl) : null;
      if (!gl) {
        this.#button.disabled = true;
        this.#button.title = "This browser has no WebGL2, so the picture stays flat.";
      }
    }
    return this.#renderer !== null;
  }

  /** Whether the canvas has a size. */
  #resize() {
    const side = Math.round(this.#canvas.clientWidth * devicePixelRatio);
    if (side && this.#canvas.width !== side) this.#canvas.width = this.#canvas.height = side;
    return side > 0;
  }

  #placeLabels() {
    const half = this.#canvas.clientWidth / 2;
    for (const [i, label] of this.#labels.entries()) {
      const [right, down] = seen(i ? [1.2, -TALL, 0] : [0, -TALL, 1.2], this.#pose);
      label.style.transform = `translate(${half * (1 + right)}px, ${half * (1 + down)}px)`;
    }
  }

  /** @param {number} right in radians @param {number} down */
  #turn(right, down) {
    this.#pose = turned(this.#pose, right, down);
    this.#shell.redraw();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const [right, down] = TURNS[/** @type {keyof typeof TURNS} */ (event.key)] ?? [];
    if (right === undefined || down === undefined || event.ctrlKey || event.metaKey || event.altKey)
      return;
    event.preventDefault();
    this.#turn(right, down);
  }
}

/** With smooth edges, which without a graphics card would halve the speed. @param {HTMLCanvasElement} canvas */
function contextOf(canvas) {
  return (
    canvas.getContext("webgl2", {antialias: true, failIfMajorPerformanceCaveat: true}) ??
    canvas.getContext("webgl2", {antialias: false})
  );
}

/** @param {Points} points @param {boolean} showTest */
function shownPoints({train, test}, showTest) {
  if (!showTest) return train;
  const all = new Float32Array(train.length + test.length);
  all.set(train);
  all.set(test, train.length);
  return all;
}
