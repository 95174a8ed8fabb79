/** Which point is marked in the space of a layer, on the large picture and, if one is open, in the explanation. */

/** @import {Points} from "../frame.js" */
/** @import {PlanePage, PlaneShell} from "../page.js" */

import {byId} from "../../../shell/elements.js";
import {subjectOf} from "../explain/subject.js";
import {pixelsAt} from "../plane.js";

export class ChosenPoint {
  #picture = byId("picture", HTMLElement);
  #mark = byId("space-point", HTMLElement);
  #shell;
  #own = -1;

  /** @param {PlaneShell} shell */
  constructor(shell) {
    this.#shell = shell;
  }

  /** Its number from 0, training points first; −1 for none. An explained training point is chosen. @param {PlanePage} state */
  of({server}) {
    const subject = subjectOf(server?.view.explain ?? "");
    return typeof subject === "number" ? subject - 1 : this.#own;
  }

  /** @param {number} point −1 for none @param {Points} points */
  choose(point, points) {
    this.#own = point;
    const {server} = this.#shell.state;
    if (point >= 0 && server?.view.explain)
      this.#shell.send({type: "show", explain: explained(point, points)});
    this.#shell.redraw();
  }

  /** @param {PlanePage} state @param {Points | null} points @param {boolean} isOpen */
  mark(state, points, isOpen) {
    const isAlone = isOpen && !state.server?.view.explain; // else the probe is there
    const place = isAlone && points ? placeOf(points, this.of(state)) : null;
    this.#mark.hidden = !place;
    if (!place || !state.server) return;
    const {left, top} = pixelsAt(place, this.#picture.clientWidth, state.server.facts.domain);
    this.#mark.style.transform = `translate(${left}px, ${top}px)`;
  }
}

/** Test points have no number: their place is explained. @param {number} point @param {Points} points */
function explained(point, points) {
  if (point < points.train.length / 3) return String(point + 1);
  const [x, y] = placeOf(points, point) ?? [0, 0];
  return [x, y].map(value => String(Math.round(value * 1000) / 1000 || 0)).join();
}

/** @param {Points} points @param {number} point @returns {[number, number] | null} */
function placeOf(points, point) {
  const values = valuesOf(points, point);
  return values ? [values[0] ?? 0, values[1] ?? 0] : null;
}

/** x, y and label of a point, training points first. @param {Points} points @param {number} point */
export function valuesOf({train, test}, point) {
  const first = 3 * point;
  if (point < 0 || first >= train.length + test.length) return null;
  return first < train.length
    ? train.subarray(first, first + 3)
    : test.subarray(first - train.length, first - train.length + 3);
}
