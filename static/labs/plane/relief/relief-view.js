/** The large picture lifted to a surface that can be turned; without WebGL2 it stays flat. */

/** @import {Frame, Points} from "../frame.js" */
/** @import {PlaneLook} from "../look.js" */
/** @import {PlanePage, PlaneShell} from "../page.js" */

import {pixelRatio} from "../../../drawing/canvas.js";
import {pointColor} from "../../../drawing/colors.js";
import {channels, TALL} from "../../../drawing/relief/mesh.js";
import {Relief} from "../../../drawing/relief/relief.js";
import {byId, whenResized} from "../../../shell/elements.js";
import {FLAT} from "../draw/words.js";
import {Lift} from "./lift.js";
import {heightAt, pointBuffer} from "./points.js";

const VERTICES = 100; // on each side of the mesh

export class ReliefView {
  #frame = byId("relief", HTMLElement);
  #canvas = byId("relief-canvas", HTMLCanvasElement);
  #picture = byId("picture", HTMLElement);
  #field = byId("field", HTMLCanvasElement);
  #labels = [byId("relief-x", HTMLElement), byId("relief-y", HTMLElement)];
  #relief;
  #lift;

  /** @param {PlaneShell} shell @param {AbortSignal} signal */
  constructor(shell, signal) {
    this.#relief = new Relief(this.#frame, this.#canvas, () => shell.redraw(), VERTICES);
    const rests = (/** @type {PlanePage} */ {own}) => (own.draw.isOpen ? FLAT : "");
    this.#lift = new Lift(shell, "relief", byId("lift", HTMLButtonElement), this.#relief, rests);
    whenResized(this.#canvas, () => shell.redraw(), signal);
  }

  toggle() {
    this.#lift.toggle();
  }

  /** @param {PlanePage} state */
  update(state) {
    const isLifted = this.#lift.isLifted(state);
    this.#lift.show(isLifted, state);
    this.#frame.hidden = !isLifted;
    this.#picture.classList.toggle("lifted", isLifted);
  }

  /** @param {Frame} frame @param {PlaneLook} look */
  draw(frame, look) {
    const {server} = look.state;
    if (!server || !look.points || !this.#lift.isLifted(look.state)) return;
    const isFocus = look.focus !== "" && frame.focus === look.focus;
    const bytes = isFocus ? frame.focusPicture : (frame.output ?? frame.classes?.confidence);
    if (!bytes) return;
    const {facts} = server;
    const isOnSurface = isFocus || facts.classes > 2;
    const scene = {
      heights: bytes,
      side: frame.side,
      isToRim: false,
      picture: this.#field,
      points: pointBuffer(
        shownPoints(look.points, look.showTest),
        facts.domain,
        (label, across, down) => (isOnSurface ? heightAt(bytes, frame.side, across, down) : label),
        label => channels(pointColor(look.palette, label, facts.classes)),
      ),
      size: 7 * pixelRatio(),
      outline: channels(look.palette.outline),
      line: channels(look.palette.neutral),
    };
    if (!this.#relief.draw(scene, [bytes, look.palette, look.discretize])) return;
    for (const [i, label] of this.#labels.entries())
      this.#relief.put(label, i ? [1.2, -TALL, 0] : [0, -TALL, 1.2]);
  }
}

/** @param {Points} points @param {boolean} showTest */
function shownPoints({train, test}, showTest) {
  if (!showTest) return train;
  const all = new Float32Array(train.length + test.length);
  all.set(train);
  all.set(test, train.length);
  return all;
}
