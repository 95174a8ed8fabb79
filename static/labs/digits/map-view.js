/** The chosen filter's map, large: the pointer or the arrow keys choose a pixel of it. */

/** @import {Frame} from "./frame.js" */
/** @import {DigitsLook, DigitsPage, DigitsShell, Own} from "./page.js" */

import {byId} from "../../shell/elements.js";
import {show} from "./commands.js";
import {fill, signedColors} from "./pictures.js";
import {layerInside, layerShown} from "./state.js";

/** Rows and columns. */
export const WAYS = /** @type {Record<string, readonly [number, number]>} */ ({
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
});

export class MapView {
  #shell;
  #box = byId("large", HTMLElement);
  #canvas = byId("large-map", HTMLCanvasElement);
  #mark = byId("map-pixel", HTMLElement);
  /** @type {unknown[]} */
  #drawn = [];

  /** @param {DigitsShell} shell */
  constructor(shell) {
    this.#shell = shell;
    for (const type of /** @type {const} */ (["pointermove", "pointerdown"]))
      this.#canvas.addEventListener(type, event => this.#point(event));
    this.#box.addEventListener("keydown", event => this.#key(event));
  }

  /** The colours are others. */
  forget() {
    this.#drawn = [];
  }

  /** @param {DigitsPage} state */
  update({own: {pixel}}) {
    const side = this.#side();
    this.#mark.hidden = !pixel || !side;
    if (!pixel || !side) return;
    this.#mark.style.left = `${(100 * pixel.column) / side}%`;
    this.#mark.style.top = `${(100 * pixel.row) / side}%`;
    this.#mark.style.width = `${100 / side}%`;
  }

  /** @param {Frame} frame @param {DigitsLook} look */
  draw({maps, image}, {state: {server, own}, palette}) {
    if (!server || layerInside(server)?.kind !== "convolution") return;
    const shown = image ? (maps[layerShown(server) - 1] ?? null) : null;
    if (shown === this.#drawn[0] && own.unit === this.#drawn[1]) return;
    this.#drawn = [shown, own.unit];
    if (!shown)
      this.#canvas.width = 1; // clears it
    else {
      const size = shown.side ** 2;
      const picture = shown.pictures.subarray((own.unit - 1) * size, own.unit * size);
      if (picture.length)
        fill(this.#canvas, picture, shown.side, signedColors(palette.field, shown));
    }
  }

  /** Whether there was a pixel to leave. */
  leave() {
    const isThere = this.#shell.state.own.pixel !== null;
    if (isThere) this.#choose(null);
    return isThere;
  }

  #side() {
    const {server} = this.#shell.state;
    return server ? (layerInside(server)?.side ?? 0) : 0; // 0 of a dense layer
  }

  /** @param {PointerEvent} event */
  #point({clientX, clientY}) {
    const side = this.#side();
    const {left, top, width, height} = this.#canvas.getBoundingClientRect();
    this.#choose({
      row: limited(Math.floor(((clientY - top) * side) / height), side),
      column: limited(Math.floor(((clientX - left) * side) / width), side),
    });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const way = WAYS[event.key];
    const side = this.#side();
    if (!way || !side) return;
    event.preventDefault();
    const {pixel} = this.#shell.state.own;
    const middle = Math.floor(side / 2);
    const {row, column} = pixel ?? {row: middle - way[0], column: middle - way[1]};
    this.#choose({row: limited(row + way[0], side), column: limited(column + way[1], side)});
  }

  /** @param {Own["pixel"]} pixel */
  #choose(pixel) {
    const {
      own: {pixel: before},
      server,
    } = this.#shell.state;
    // The numbers of a layer are sent only when they are wanted.
    if (pixel && !before && server && server.view.layer !== layerShown(server))
      this.#shell.send(show({layer: layerShown(server)}));
    if (pixel?.row !== before?.row || pixel?.column !== before?.column)
      this.#shell.dispatch({type: "own", pixel});
  }
}

/** @param {number} place @param {number} side */
export function limited(place, side) {
  return Math.min(Math.max(place, 0), side - 1);
}
