/** The loss over a plane as a surface to turn, with the run's path and the race at their true losses. */

/** @import {Palette} from "../../../drawing/colors.js" */
/** @import {Point} from "./map-painter.js" */
/** @import {Spot} from "./map-mesh.js" */
/** @import {Scale} from "./scale.js" */
/** @import {Map2, Place} from "./surface.js" */

import {context2d} from "../../../drawing/canvas.js";
import {channels, TALL} from "../../../drawing/relief/mesh.js";
import {Relief} from "../../../drawing/relief/relief.js";
import {Ground} from "./ground.js";
import {placeUnderPixel, sharesOf, spotOf, trailOf} from "./map-mesh.js";
import {raceColor} from "./map-painter.js";
import {colorAt, shareOf} from "./scale.js";
import {heightAt} from "./surface.js";
import {isOutside, seatOf} from "./window.js";

const VERTICES = 41; // on each side: one for each height, or two where there are 21
const PAINT = 320; // pixels of the paint's side
const REACH = 0.03; // of the picture's width from the pointer to a height
/** Where the names of the axes and of the height stand. @type {Spot[]} */
const NAMES = [
  [0, -TALL, 1.2],
  [1.2, -TALL, 0],
  [-1, 1.15 * TALL, -1],
];

export class MapRelief {
  #canvas;
  #marks;
  #names;
  /** @type {Relief} */
  relief;
  #ground = new Ground();
  #paint = context2d(document.createElement("canvas"));
  #shares = new Float32Array();
  /** What the paint is of. @type {Float32Array | null} */
  #heights = null;
  /** What is drawn. @type {{map: Map2, scale: Scale} | null} */
  #drawn = null;

  /** @param {HTMLElement} frame @param {() => void} changed it is to be drawn anew */
  constructor(frame, changed) {
    this.#canvas = /** @type {HTMLCanvasElement} */ (frame.querySelector("canvas"));
    this.#marks = /** @type {HTMLElement} */ (frame.querySelector(".surface-marks"));
    this.#names = /** @type {HTMLElement[]} */ ([...frame.querySelectorAll(":scope > span")]);
    this.relief = new Relief(frame, this.#canvas, changed, VERTICES);
    this.#paint.canvas.width = this.#paint.canvas.height = PAINT;
  }

  /**
   * @param {Map2} map
   * @param {Scale} scale
   * @param {Palette} palette
   * @param {Point | null} read the place under the pointer
   */
  draw(map, scale, palette, read) {
    this.#drawn = {map, scale};
    if (map.heights !== this.#heights) this.#take(map, scale);
    const scene = {
      heights: this.#shares,
      side: map.side,
      isToRim: true,
      picture: this.#paint.canvas,
      trails: trailsOf(map, scale, palette),
      outline: channels(palette.outline),
      line: channels(palette.neutral),
    };
    if (!this.relief.draw(scene, [map.heights])) return;
    for (const [i, name] of this.#names.entries()) this.relief.put(name, NAMES[i] ?? []);
    this.#mark(map, scale, palette, read);
  }

  /** The place of the map under a pixel. @param {Point} pixel @returns {[number, number] | null} */
  placeUnder(pixel) {
    if (!this.#drawn) return null;
    const {map, scale} = this.#drawn;
    const reach = REACH * this.#canvas.clientWidth;
    return placeUnderPixel(map, scale, pixel, reach, spot => this.relief.seenAt(spot));
  }

  /** @param {Map2} map @param {Scale} scale */
  #take(map, scale) {
    this.#heights = map.heights;
    this.#shares = sharesOf(map, scale);
    this.#paint.clearRect(0, 0, PAINT, PAINT);
    this.#ground.paint(this.#paint, map, scale, PAINT);
  }

  /** The run's place, the methods of the race and the place that is read lie over the surface, so that no hill hides them. @param {Map2} map @param {Scale} scale @param {Palette} palette @param {Point | null} read */
  #mark(map, scale, palette, read) {
    /** @type {{kind: string, place: Place, text?: string, color?: string}[]} */
    const marks = [{kind: "here", place: map.here}];
    const [begin] = map.path;
    if (begin && !isOutside(map, begin)) marks.unshift({kind: "begin", place: begin});
    for (const [i, path] of map.race.entries()) {
      const place = path.at(-1);
      const racer = {kind: "racer", text: String(i + 1), color: raceColor(palette, i)};
      if (place) marks.push({...racer, place});
    }
    const height = read ? heightAt(map, read) : Number.NaN;
    if (read && Number.isFinite(height)) marks.push({kind: "read", place: [...read, height]});
    while (this.#marks.children.length > marks.length) this.#marks.lastElementChild?.remove();
    for (const [i, {kind, place, text = "", color = ""}] of marks.entries()) {
      const mark = this.#marks.children[i] ?? this.#marks.appendChild(document.createElement("b"));
      if (!(mark instanceof HTMLElement)) continue;
      mark.className = kind;
      if (mark.textContent !== text) mark.textContent = text;
      mark.style.background = color;
      this.#seat(mark, map, scale, place);
    }
  }

  /** At the edge, with an arrow, where its place lies outside. @param {HTMLElement} mark @param {Map2} map @param {Scale} scale @param {Place} place */
  #seat(mark, map, scale, place) {
    const spot = spotOf(map, scale, seatOf(map, place));
    this.relief.put(mark, spot);
    const isOut = isOutside(map, place);
    mark.classList.toggle("outside", isOut);
    if (!isOut) return;
    const [x, y] = this.relief.seenAt(spot);
    const [across, , near] = spotOf(map, scale, place);
    const [right, down] = this.relief.seenAt([across, spot[1], near]);
    mark.style.setProperty("--way", `${Math.atan2(down - y, right - x)}rad`);
  }
}

/** @param {Map2} map @param {Scale} scale @param {Palette} palette */
function trailsOf(map, scale, palette) {
  const own = trailOf(map, scale, [...map.path, map.here], ([, , loss]) =>
    colorAt(shareOf(scale, loss)).map(part => part / 255),
  );
  const race = map.race.flatMap((path, i) => {
    const color = channels(raceColor(palette, i));
    return trailOf(map, scale, path, () => color);
  });
  return new Float32Array([...own, ...race]);
}
