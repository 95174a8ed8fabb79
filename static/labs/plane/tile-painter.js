/** Paints pictures into tiles, but only those that look different from the picture there. */

/** @import {Palette} from "../../drawing/colors.js" */
/** @import {Frame} from "./frame.js" */
/** @import {NetworkLayout, Tile} from "./network-layout.js" */

import {context2d, pixelRatio} from "../../drawing/canvas.js";
import {colorBytes, looksDifferent, shrink} from "../../drawing/picture.js";

const SHEET = 512; // pictures in a sheet, each of at most 50 pixels and two more
const OFF = 0.2; // opacity of a neuron that is switched off

/** What one tile shows. @typedef {{tile: Tile, bytes: Uint8Array, colors: Uint32Array}} Picture */

/**
 * @typedef {object} Look
 * @property {NetworkLayout} layout another one means that the canvas is empty
 * @property {Palette} palette
 * @property {Uint32Array} colors of the pictures
 * @property {(tile: Tile) => boolean} isOff
 * @property {number} tolerance a picture that differs by no more in any pixel is left as it is
 */

export class TilePainter {
  #canvas;
  /** @type {Sheet[]} */
  #neurons = [];
  #output = new Sheet();

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
  }

  /**
   * A single output shows the large picture; several outputs show their own, each in the colour of its class.
   * @param {Frame} frame
   * @param {Look} look
   */
  draw({neurons, smallSide, output, side}, look) {
    if (!neurons) return;
    const {layout, palette, colors} = look;
    const context = context2d(this.#canvas);
    const bytesOf = (/** @type {number} */ i) =>
      neurons.subarray(i * smallSide ** 2, (i + 1) * smallSide ** 2);
    const pictures = layout.hidden.map((tile, i) => ({tile, bytes: bytesOf(i), colors}));
    const [tile] = layout.outputs;
    if (output && tile) {
      const factor = shrinkingFactor(side, tile.size * pixelRatio());
      const bytes = shrink(output, side, factor);
      this.#output.draw(context, [{tile, bytes, colors}], side / factor, look);
    } else
      for (const [k, own] of layout.outputs.entries())
        pictures.push({
          tile: own,
          bytes: bytesOf(layout.hidden.length + k),
          colors: palette.classes[k]?.field ?? colors,
        });
    for (const [i, part] of sheetsOf(pictures).entries()) {
      this.#neurons[i] ??= new Sheet();
      this.#neurons[i].draw(context, part, smallSide, look);
    }
  }
}

/**
 * Divides pictures among sheets: a canvas of more than 32,767 pixels stays empty in some browsers.
 * @template T
 * @param {readonly T[]} pictures
 * @returns {T[][]}
 */
export function sheetsOf(pictures) {
  const sheets = [];
  for (let first = 0; first < pictures.length; first += SHEET)
    sheets.push(pictures.slice(first, first + SHEET));
  return sheets;
}

/**
 * How many pixels a side become one, so that a picture still has as many as its tile.
 * @param {number} side
 * @param {number} size of the tile in pixels of the screen
 */
export function shrinkingFactor(side, size) {
  let factor = Math.max(1, Math.floor(side / size));
  while (side % factor) factor -= 1;
  return factor;
}

/**
 * Pictures of one size, below one another. Each has its first and its last row twice: where the browser enlarges a part of
 * a sheet it mixes in what lies beside it.
 */
class Sheet {
  #context = context2d(document.createElement("canvas"));
  #image = new ImageData(1, 1);
  /** The bytes that are shown, picture by picture. */
  #shown = new Uint8Array(0);
  #look = /** @type {unknown[]} */ ([]);

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Picture[]} pictures
   * @param {number} side of each, in pixels
   * @param {Look} look
   */
  draw(context, pictures, side, {layout, palette, colors, isOff, tolerance}) {
    const isNew = this.#begin(side, pictures.length, [layout, palette, colors]);
    const changed = pictures
      .map((picture, place) => ({...picture, place, shown: this.#shownAt(place, side)}))
      .filter(({bytes, shown}) => isNew || looksDifferent(bytes, shown, tolerance));
    const [first, last] = [changed[0], changed.at(-1)];
    if (!first || !last) return;
    for (const {bytes, shown, colors: own, place} of changed) {
      shown.set(bytes);
      const start = place * (side + 2) * side;
      colorBytes(bytes.subarray(0, side), own, this.#image, start);
      colorBytes(bytes, own, this.#image, start + side);
      colorBytes(bytes.subarray(-side), own, this.#image, start + side + side * side);
    }
    const [top, end] = [first.place * (side + 2), (last.place + 1) * (side + 2)];
    this.#context.putImageData(this.#image, 0, 0, 0, top, side, end - top);
    const sheet = this.#context.canvas;
    for (const {tile, place} of changed) {
      const opacity = isOff(tile) ? OFF : 1;
      stamp(context, {sheet, top: place * (side + 2) + 1, side}, tile, opacity);
    }
  }

  /**
   * Make room. Returns whether earlier pictures are lost.
   * @param {number} side
   * @param {number} count
   * @param {unknown[]} look
   */
  #begin(side, count, look) {
    const [width, height] = [Math.max(side, 1), Math.max((side + 2) * count, 1)]; // no canvas is smaller
    const {canvas} = this.#context;
    if (canvas.width === width && canvas.height === height && equal(look, this.#look)) return false;
    this.#look = look;
    this.#shown = new Uint8Array(side * side * count);
    this.#image = new ImageData(width, height);
    [canvas.width, canvas.height] = [width, height];
    return true;
  }

  /**
   * @param {number} place
   * @param {number} side
   */
  #shownAt(place, side) {
    return this.#shown.subarray(place * side * side, (place + 1) * side * side);
  }
}

/**
 * @param {readonly unknown[]} a
 * @param {readonly unknown[]} b as long
 */
function equal(a, b) {
  return a.every((part, i) => part === b[i]);
}

/** A picture among others below one another. @typedef {{sheet: HTMLCanvasElement, top: number, side: number}} Place */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Place} place where the picture comes from
 * @param {Tile} tile where it goes
 * @param {number} opacity
 */
export function stamp(context, {sheet, top, side}, tile, opacity = 1) {
  const {x, y, width, height} = boxOf(tile, tile.size, pixelRatio());
  if (opacity < 1) context.clearRect(x, y, width, height);
  context.globalAlpha = opacity;
  context.drawImage(sheet, 0, top, side, side, x, y, width, height);
  context.globalAlpha = 1;
}

/**
 * In whole pixels of the screen: at each painting an edge between two of them would mix with earlier colours.
 * @param {{x: number, y: number}} middle
 * @param {number} size
 * @param {number} ratio pixels of the screen to one of the page
 */
export function boxOf(middle, size, ratio) {
  const edge = (/** @type {number} */ at) => Math.round(at * ratio) / ratio;
  const [x, y] = [edge(middle.x - size / 2), edge(middle.y - size / 2)];
  return {x, y, width: edge(middle.x + size / 2) - x, height: edge(middle.y + size / 2) - y};
}
