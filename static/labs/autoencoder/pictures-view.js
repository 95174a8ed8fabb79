/** The example that is looked at, what both make of it, and what is decoded. */

/** @import {Frame, Picture} from "./frame.js" */
/** @import {AutoencoderLook, AutoencoderState} from "./page.js" */

import {context2d} from "../../drawing/canvas.js";
import {colorBytes} from "../../drawing/picture.js";
import {byId} from "../../shell/elements.js";
import {nameOf} from "./state.js";

const NAMES = /** @type {const} */ (["seen", "own", "pca", "decoded"]);

/** Grey, from paper to ink or from dark to light. @param {boolean} isInk */
function greys(isInk) {
  return Uint32Array.from({length: 256}, (_, byte) => {
    const shade = isInk ? 255 - byte : byte;
    return 0xff000000 | (shade << 16) | (shade << 8) | shade;
  });
}
const INK = greys(true);
const LIGHT = greys(false);

export class PicturesView {
  #canvases = Object.fromEntries(
    NAMES.map(name => [name, byId(`picture-${name}`, HTMLCanvasElement)]),
  );
  #words = Object.fromEntries(NAMES.map(name => [name, byId(`words-${name}`, HTMLElement)]));
  /** What each shows. @type {Record<string, Picture | null>} */
  #shown = {};
  #hint = byId("pictures-hint", HTMLElement);

  forget() {
    this.#shown = {};
  }

  /** @param {Frame} frame @param {AutoencoderLook} look */
  draw(frame, {state: {server, own}, material}) {
    if (!server || !material || material.run !== frame.run) return;
    const {side} = server.facts;
    const rebuilt = own.example === null ? null : frame.rebuilt;
    const number = rebuilt?.number ?? 0;
    const [ownError, pcaError] = rebuilt?.errors ?? [];
    const size = side * side;
    const seen = rebuilt
      ? (material.images?.subarray(number * size, (number + 1) * size) ??
        material.points?.subarray(number * 2, number * 2 + 2) ??
        null)
      : null;
    const label = server.facts.classes ? `, a ${material.labels[number]}` : "";
    this.#show("seen", seen, server, rebuilt ? `${nameOf(server)} ${number + 1}${label}` : "");
    this.#show("own", rebuilt?.own ?? null, server, errorWords(ownError));
    this.#show("pca", rebuilt?.pca ?? null, server, errorWords(pcaError));
    const by = own.by === "pca" ? "by PCA" : "by the decoder";
    this.#show("decoded", own.code ? frame.decoded : null, server, own.code ? by : "");
    this.#hint.hidden = rebuilt !== null || own.code !== null;
  }

  /**
   * @param {string} name
   * @param {Picture | null} picture
   * @param {AutoencoderState} server
   * @param {string} words
   */
  #show(name, picture, {facts: {side}, settings}, words) {
    const text = picture && !side ? `${words ? `${words}: ` : ""}${placeOf(picture)}` : words;
    const place = this.#words[name];
    if (place && place.textContent !== text) place.textContent = text;
    const canvas = this.#canvases[name];
    if (!canvas || this.#isSame(name, picture)) return;
    canvas.hidden = !side;
    if (!side) return;
    canvas.width = canvas.height = picture ? side : 1; // which clears it
    if (!(picture instanceof Uint8Array)) return;
    const image = new ImageData(side, side);
    colorBytes(picture, settings.examples === "faces" ? LIGHT : INK, image);
    context2d(canvas).putImageData(image, 0, 0);
  }

  /** @param {string} name @param {Picture | null} picture */
  #isSame(name, picture) {
    const before = this.#shown[name];
    const isSame =
      before !== undefined &&
      before?.length === picture?.length &&
      (picture ?? []).every((each, i) => each === before?.[i]);
    this.#shown[name] = picture;
    return isSame;
  }
}

/** @param {number | undefined} error */
function errorWords(error) {
  return error === undefined ? "" : `error ${error.toPrecision(3)}`;
}

/** @param {Picture} picture */
function placeOf(picture) {
  return [...picture].map(each => each.toFixed(2)).join(", ");
}
