/** Both planes side by side: where the encoder puts the test examples, and where PCA does; or points and curves. */

/** @import {Frame} from "./frame.js" */
/** @import {Places, Size, Window} from "./geometry.js" */
/** @import {Inks} from "./painter.js" */
/** @import {AutoencoderLook, AutoencoderPage, AutoencoderShell, AutoencoderState, Decoder, Material} from "./page.js" */

import {sharpen} from "../../drawing/canvas.js";
import {byId} from "../../shell/elements.js";
import {along, alongCurve, evened, nearest, toPixel, toPlace, windowOf} from "./geometry.js";
import {
  inksOf,
  Marks,
  onLine,
  paintCurve,
  paintDigits,
  paintDots,
  paintMark,
  paintResiduals,
} from "./painter.js";
import {axesOf, nameOf} from "./state.js";

const NEAR = 16; // px
const STEP = 0.02; // of a window's width, by a key

/** @type {Record<string, readonly [number, number]>} */
const WAYS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};

/** One of the planes as it was last drawn. @typedef {{places: Places, window: Window, size: Size}} Drawn */

export class PlanesView {
  #shell;
  #canvases = /** @type {Record<Decoder, HTMLCanvasElement>} */ ({
    decoder: byId("code-plane", HTMLCanvasElement),
    pca: byId("pca-plane", HTMLCanvasElement),
  });
  #marks = new Marks();
  /** @type {Inks | null} */
  #inks = null;
  /** @type {Partial<Record<Decoder, Drawn>>} */
  #drawn = {};
  /** @type {Partial<Record<Decoder, unknown[]>>} */
  #keys = {};
  /** @type {Material | null} */
  #material = null;
  /** @type {Frame | null} */
  #frame = null;

  /** @param {AutoencoderShell} shell */
  constructor(shell) {
    this.#shell = shell;
    for (const by of /** @type {const} */ (["decoder", "pca"])) {
      const canvas = this.#canvases[by];
      canvas.addEventListener("pointerdown", event => {
        canvas.setPointerCapture(event.pointerId);
        this.#point(by, event, true);
      });
      canvas.addEventListener("pointermove", event =>
        this.#point(by, event, (event.buttons & 1) === 1),
      );
      canvas.addEventListener("keydown", event => this.#key(by, event));
    }
  }

  /** The canvases have another size, or other colours. */
  forget() {
    this.#keys = {};
    this.#inks = null;
  }

  /** Whether there was something to leave. */
  leave() {
    const {example, code} = this.#shell.state.own;
    const isThere = example !== null || code !== null;
    if (isThere) this.#shell.dispatch({type: "own", example: null, code: null});
    return isThere;
  }

  /** @param {Frame} frame @param {AutoencoderLook} look */
  draw(frame, look) {
    const {server} = look.state;
    const {material} = look;
    if (!server || !material || material.run !== frame.run) return;
    if (this.#material !== material) this.#drawn = {};
    this.#material = material;
    this.#frame = frame;
    this.#inks ??= inksOf(this.#canvases.decoder);
    for (const by of /** @type {const} */ (["decoder", "pca"])) this.#drawOne(by, look, server);
  }

  /** @param {Decoder} by @param {AutoencoderLook} look @param {AutoencoderState} server */
  #drawOne(by, look, server) {
    const canvas = this.#canvases[by];
    const size = {width: canvas.clientWidth, height: canvas.clientHeight};
    const places = this.#placesOf(by, server);
    if (!places || !size.width || !size.height) return;
    const {example, code, by: whose} = look.state.own;
    const key = [
      places.rows,
      size.width,
      size.height,
      places.across,
      places.up,
      look.palette,
      example,
      by === whose ? code : null,
      server.view.tint,
      this.#frame?.curve,
      this.#frame?.rebuiltAll,
      server.facts.side ? null : String(this.#frame?.decoded),
    ];
    if (key.every((each, i) => each === this.#keys[by]?.[i])) return;
    this.#keys[by] = key;
    const isPoints = server.facts.side === 0;
    const before = this.#drawn[by]?.window ?? null;
    const fitted = windowOf(places, before);
    const window = isPoints ? evened(fitted, size) : fitted;
    this.#drawn[by] = {places, window: fitted, size};
    const context = sharpen(canvas, size.width, size.height);
    if (isPoints) this.#paintPoints(by, context, window, size);
    else this.#paintCodes(context, places, look, server, window, size);
    this.#paintLooked(by, context, look.state, server, window, size);
  }

  /** @param {Decoder} by @param {AutoencoderState} server @returns {Places | null} */
  #placesOf(by, server) {
    const material = this.#material;
    if (!material) return null;
    if (material.points) return {rows: material.points, count: 2, across: 0, up: 1};
    const [across, up] = axesOf(server);
    const count = by === "pca" ? material.pcaNumbers : server.settings.code;
    const rows = by === "pca" ? material.pcaCodes : this.#frame?.codes;
    if (!rows || rows.length !== count * material.labels.length) return null;
    return {rows, count, across, up};
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Places} places
   * @param {AutoencoderLook} look
   * @param {AutoencoderState} server
   * @param {Window} window
   * @param {Size} size
   */
  #paintCodes(context, places, {palette}, server, window, size) {
    const material = /** @type {Material} */ (this.#material);
    if (server.facts.classes)
      paintDigits(context, places, material.labels, this.#marks.for(palette), window, size);
    else {
      const tints = tintsOf(
        material,
        server.facts.factors.length,
        server.view.tint,
        palette.points,
      );
      paintDots(context, places, tints, window, size);
    }
  }

  /** @param {Decoder} by @param {CanvasRenderingContext2D} context @param {Window} window @param {Size} size */
  #paintPoints(by, context, window, size) {
    const {points, pcaMean, pcaComponents, pcaNumbers} = /** @type {Material} */ (this.#material);
    const inks = /** @type {Inks} */ (this.#inks);
    if (!points || !pcaMean || !pcaComponents) return;
    const rebuilt =
      by === "decoder"
        ? this.#frame?.rebuiltAll
        : pcaNumbers === 1
          ? onLine(points, pcaMean, pcaComponents)
          : points;
    if (rebuilt) paintResiduals(context, points, rebuilt, inks.muted, window, size);
    paintDots(context, {rows: points, count: 2, across: 0, up: 1}, [inks.text], window, size);
    const curve =
      by === "decoder" ? this.#frame?.curve : lineOf(pcaMean, pcaComponents, pcaNumbers);
    if (curve) paintCurve(context, curve, by === "decoder" ? inks.own : inks.pca, window, size);
  }

  /**
   * @param {Decoder} by
   * @param {CanvasRenderingContext2D} context
   * @param {AutoencoderPage} page
   * @param {AutoencoderState} server
   * @param {Window} window
   * @param {Size} size
   */
  #paintLooked(by, context, {own}, server, window, size) {
    const drawn = this.#drawn[by];
    if (!drawn) return;
    const {rows, count, across, up} = drawn.places;
    const inks = /** @type {Inks} */ (this.#inks);
    if (own.example !== null) {
      const at = own.example * count;
      const pixel = toPixel(window, size, rows[at + across] ?? 0, rows[at + up] ?? 0);
      paintMark(context, pixel, inks.accent, "ring");
    }
    if (!own.code || own.by !== by) return;
    const place = server.facts.side ? [own.code[across], own.code[up]] : this.#frame?.decoded;
    if (place)
      paintMark(context, toPixel(window, size, place[0] ?? 0, place[1] ?? 0), inks.accent, "cross");
  }

  /** @param {Decoder} by @param {PointerEvent} event @param {boolean} isDragged */
  #point(by, event, isDragged) {
    const drawn = this.#drawn[by];
    const {server} = this.#shell.state;
    if (!drawn || !server) return;
    const {left, top} = this.#canvases[by].getBoundingClientRect();
    const pixel = /** @type {const} */ ([event.clientX - left, event.clientY - top]);
    const window = server.facts.side ? drawn.window : evened(drawn.window, drawn.size);
    const example = nearest(drawn.places, window, drawn.size, pixel, NEAR);
    if (isDragged) this.#decode(by, toPlace(window, drawn.size, ...pixel), server);
    else if (example !== null && example !== this.#shell.state.own.example)
      this.#shell.dispatch({type: "own", example});
  }

  /** Arrow keys go from example to example; with Shift they move the place that is decoded. @param {Decoder} by @param {KeyboardEvent} event */
  #key(by, event) {
    const way = WAYS[event.key];
    const drawn = this.#drawn[by];
    const {server, own} = this.#shell.state;
    if (!way || !drawn || !server) return;
    event.preventDefault();
    if (event.shiftKey) {
      const {across, up} = drawn.window;
      const [x, y] = this.#placeOf(by, drawn) ?? [middle(across), middle(up)];
      const steps = [STEP * (across[1] - across[0]), STEP * (up[1] - up[0])];
      const place = /** @type {[number, number]} */ ([
        x + way[0] * (steps[0] ?? 0),
        y + way[1] * (steps[1] ?? 0),
      ]);
      this.#decode(by, place, server);
      this.#shell.say(`Decoded at ${place.map(each => each.toFixed(2)).join(", ")}`);
      return;
    }
    const count = server.facts.test_examples;
    const example = ((own.example ?? -1) + (way[0] + way[1] > 0 ? 1 : count - 1) + count) % count;
    this.#shell.dispatch({type: "own", example});
    this.#shell.say(`Test ${nameOf(server)} ${example + 1}${this.#labelOf(example, server)}`);
  }

  /** @param {number} example @param {AutoencoderState} server */
  #labelOf(example, {facts}) {
    return facts.classes ? `, a ${this.#material?.labels[example] ?? 0}` : "";
  }

  /** Where something is decoded in a plane. @param {Decoder} by @param {Drawn} drawn */
  #placeOf(by, {places: {across, up}}) {
    const {code, by: whose} = this.#shell.state.own;
    return code && whose === by ? /** @type {const} */ ([code[across] ?? 0, code[up] ?? 0]) : null;
  }

  /**
   * What is made of a place of the plane: its numbers across and up, with the others as they are. Of points a place is
   * one of the plane itself: the nearest that a code can say.
   * @param {Decoder} by
   * @param {readonly [number, number]} place
   * @param {AutoencoderState} server
   */
  #decode(by, [x, y], server) {
    const drawn = /** @type {Drawn} */ (this.#drawn[by]);
    const material = /** @type {Material} */ (this.#material);
    if (!server.facts.side) {
      const {pcaMean, pcaComponents} = material;
      if (server.settings.code !== 1 || !pcaMean || !pcaComponents) return;
      const number =
        by === "pca"
          ? along(pcaMean, pcaComponents, x, y)
          : alongCurve(this.#frame?.curve, this.#frame?.codes, x, y);
      if (number !== null) this.#shell.dispatch({type: "own", code: [number], by});
      return;
    }
    const {across, up} = drawn.places;
    const code = [...(this.#codeAtHand(by, server) ?? [])];
    code[up] = y;
    code[across] = x;
    this.#shell.dispatch({type: "own", code, by});
  }

  /** That is decoded, or of the example that is looked at, or zeros. @param {Decoder} by @param {AutoencoderState} server */
  #codeAtHand(by, {settings: {code: count}}) {
    const {code, by: whose, example} = this.#shell.state.own;
    if (code && whose === by) return code;
    const rows = by === "pca" ? this.#material?.pcaCodes : this.#frame?.codes;
    if (example !== null && rows) return rows.subarray(example * count, (example + 1) * count);
    return new Array(count).fill(0);
  }
}

/** @param {readonly [number, number]} range */
function middle([low, high]) {
  return (low + high) / 2;
}

/** PCA's line through the points, beyond them on both sides. @param {Float32Array} mean @param {Float32Array} components @param {number} numbers */
function lineOf(mean, components, numbers) {
  if (numbers !== 1) return null;
  return [-3, 3].flatMap(t => [0, 1].map(k => (mean[k] ?? 0) + t * (components[k] ?? 0)));
}

/**
 * A colour for each face, by what is true of it.
 * @param {Material} material
 * @param {number} factors
 * @param {number} tint which one, from 0
 * @param {readonly string[]} colors from the least to the greatest
 */
function tintsOf({factors: rows, labels}, factors, tint, colors) {
  if (!rows) return [colors.at(-1) ?? ""];
  const values = Array.from({length: labels.length}, (_, i) => rows[i * factors + tint] ?? 0);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const last = colors.length - 1;
  return values.map(value => colors[Math.round(((value - low) / (high - low || 1)) * last)] ?? "");
}
