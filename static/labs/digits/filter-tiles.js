/** Paints the filters of a convolution, and their maps for the image on the pad. */

/** @import {Frame, Maps} from "./frame.js" */
/** @import {DigitsLook, DigitsState} from "./page.js" */
/** @import {Tile} from "./unit-tiles.js" */

import {throttle} from "../../drawing/throttle.js";
import {convolutionOf, filterOf} from "./convolution.js";
import {fill, signedBytes, signedColors} from "./pictures.js";
import {layerShown} from "./state.js";

export class FilterTiles {
  #tiles;
  #paintFilters;
  /** @type {unknown[]} */
  #drawn = [];

  /** @param {readonly Tile[]} tiles @param {AbortSignal} signal ends it */
  constructor(tiles, signal) {
    this.#tiles = tiles;
    this.#paintFilters = throttle((/** @type {() => void} */ act) => act(), 2, signal);
  }

  /** The colours are others. */
  forget() {
    this.#drawn = [];
  }

  /** @param {Frame} frame @param {DigitsLook} look @param {DigitsState} server */
  draw({maps, image, parameters}, {palette: {field}, hurry}, server) {
    const own = image ? (maps[layerShown(server) - 1] ?? null) : null;
    const shades = own && signedColors(field, own);
    if (own !== this.#drawn[0])
      for (const [i, {picture}] of this.#tiles.entries())
        if (own && shades) fill(picture, pictureOf(own, i), own.side, shades);
        else picture.width = 1; // clears it
    if (parameters && parameters !== this.#drawn[1]) {
      if (hurry) this.#paintFilters.hurry();
      this.#paintFilters.soon(() => this.#showFilters(server, parameters, field));
    }
    this.#drawn = [own, parameters];
  }

  /** @param {DigitsState} server @param {Float32Array} parameters @param {Uint32Array} colors */
  #showFilters(server, parameters, colors) {
    const layer = convolutionOf(server, layerShown(server), parameters);
    if (!layer) return;
    for (const [i, {filter}] of this.#tiles.entries()) {
      const channels = Array.from({length: layer.channels}, (_, channel) =>
        filterOf(layer, i, channel),
      );
      if (filter) fill(filter, signedBytes(strongest(channels)), layer.size, colors);
    }
  }
}

/** @param {Maps} maps @param {number} unit from 0 */
function pictureOf({pictures, side}, unit) {
  return pictures.subarray(unit * side ** 2, (unit + 1) * side ** 2);
}

/** The channel to which a filter gives most weight. @param {number[][]} channels */
function strongest(channels) {
  const sizes = channels.map(weights => weights.reduce((sum, weight) => sum + weight ** 2, 0));
  return channels[sizes.indexOf(Math.max(...sizes))] ?? [];
}
