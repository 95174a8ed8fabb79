/** Where the units and links of a network lie in its panel. */

/** @typedef {{x: number, y: number}} Point */
/** A unit's tile by its centre; layer 0 are the inputs. @typedef {Point & {layer: number, neuron: number}} Tile */
/** A link by the tiles' edges, and the place of its weight in `parameters`.
 * @typedef {{from: Point, to: Point, index: number, source: number, layer: number, neuron: number}} Link */

/** Of an input feature. @typedef {"on" | "off" | "hidden"} Use */

/**
 * @typedef {object} NetworkLayout
 * @property {number} width of everything, at least that of the panel
 * @property {number} height
 * @property {number} tile side of a tile
 * @property {number[]} columns x of each layer's centre: inputs, hidden layers, output
 * @property {Tile[]} inputs one for each feature that is shown, used or not; its neuron is the feature's number
 * @property {Tile[]} hidden
 * @property {Tile} output
 * @property {Link[]} links
 * @property {number} thinness of the links, at most 1
 */

/**
 * @typedef {object} Room
 * @property {number} width
 * @property {number} height
 * @property {number} head height above the tiles, for each layer's buttons
 * @property {number} label width left of the inputs, for their names
 * @property {number} column least width of a layer, so that its buttons fit
 * @property {number} foot height below the tiles, for each layer's figures
 * @property {number} row least height of a unit, so that it can be hit
 */

const LARGEST = 64;
const LINK = 28; // least length of a link
const GAP = 9; // least space between two tiles
const EDGE = 10;

/**
 * Tiles shrink until they are hard to see; from then on the network is larger than its panel, which scrolls.
 * @param {readonly number[]} shape units of each layer, the used inputs and the output included
 * @param {readonly Use[]} uses of the input features
 * @param {Room} room
 * @returns {NetworkLayout}
 */
export function layOut(shape, uses, room) {
  const hiddenSizes = shape.slice(1, -1);
  const features = uses.flatMap((use, i) => (use === "hidden" ? [] : [i]));
  const rows = Math.max(features.length, 1, ...hiddenSizes);
  const floor = room.foot + EDGE;
  const pitch = clamp((room.height - room.head - floor) / rows, room.row, LARGEST + 2 * GAP);
  const across = Math.max(room.column, (room.width - room.label - EDGE) / shape.length);
  const tile = 2 * Math.floor(Math.min(LARGEST, pitch - GAP, across - LINK) / 2);
  const height = Math.max(room.height, room.head + rows * pitch + floor);
  const columns = placeColumns(shape.length, tile, room);
  const right = (columns.at(-1) ?? 0) + tile / 2 + EDGE;
  const middle = room.head + (height - room.head - floor) / 2;
  const place = (/** @type {number} */ layer, /** @type {number} */ count) =>
    Array.from({length: count}, (_, i) => ({
      layer,
      neuron: i + 1,
      x: columns[layer] ?? 0,
      y: Math.round(middle + (i - (count - 1) / 2) * pitch), // a picture between pixels is blurred
    }));
  const inputs = place(0, features.length).map((tile, i) => ({
    ...tile,
    neuron: (features[i] ?? 0) + 1,
  }));
  const layers = hiddenSizes.map((count, i) => place(i + 1, count));
  const [output] = place(shape.length - 1, 1);
  if (!output) throw new Error("a network has an output");
  const sources = [inputs.filter(tile => uses[tile.neuron - 1] === "on"), ...layers, [output]];
  return {
    width: Math.max(room.width, right),
    height,
    tile,
    columns,
    inputs,
    hidden: layers.flat(),
    output,
    links: linkUp(sources, tile),
    thinness: thinness(shape),
  };
}

/**
 * The place of a unit's first weight in `parameters`; its bias follows its last weight.
 * @param {readonly number[]} shape
 * @param {number} layer from 1
 * @param {number} neuron from 1
 */
export function firstWeight(shape, layer, neuron) {
  let place = 0;
  for (let l = 1; l < layer; l++) place += (shape[l] ?? 0) * ((shape[l - 1] ?? 0) + 1);
  return place + (neuron - 1) * ((shape[layer - 1] ?? 0) + 1);
}

/**
 * The height of a link at a place between its ends: an S that leaves and arrives level.
 * @param {Link} link
 * @param {number} x
 */
export function linkHeight({from, to}, x) {
  const t = clamp((x - from.x) / (to.x - from.x), 0, 1);
  return from.y + (to.y - from.y) * t * t * (3 - 2 * t);
}

/**
 * The link that passes nearest to a point, if one is near.
 * @param {readonly Link[]} links
 * @param {Point} point
 * @param {number} reach
 * @returns {Link | null}
 */
export function nearestLink(links, point, reach = 6) {
  let nearest = null;
  let distance = reach;
  for (const link of links) {
    if (point.x < link.from.x || point.x > link.to.x) continue;
    const away = Math.abs(linkHeight(link, point.x) - point.y);
    if (away < distance) [nearest, distance] = [link, away];
  }
  return nearest;
}

const STEPS = /** @type {Record<string, [number, number]>} */ ({
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
});

/**
 * Where an arrow key leads from a neuron: along its layer, or to the nearest neuron of the next.
 * @param {NetworkLayout} layout
 * @param {{layer: number, neuron: number}} unit
 * @param {string} key
 * @returns {Tile | null}
 */
export function neighbour({hidden, output}, unit, key) {
  const [layers, neurons] = STEPS[key] ?? [0, 0];
  const tiles = [...hidden, output];
  const here = tiles.find(tile => tile.layer === unit.layer && tile.neuron === unit.neuron);
  if (!here || (layers === 0 && neurons === 0)) return null;
  const layer = tiles.filter(tile => tile.layer === unit.layer + layers);
  if (neurons) return layer.find(tile => tile.neuron === unit.neuron + neurons) ?? null;
  const away = (/** @type {Tile} */ tile) => Math.abs(tile.y - here.y);
  return layer.reduce(
    (/** @type {Tile | null} */ best, tile) => (best && away(best) <= away(tile) ? best : tile),
    null,
  );
}

/**
 * How much thinner links are drawn where they are many, so that they stay lines.
 * @param {readonly number[]} shape
 */
export function thinness(shape) {
  const most = Math.max(...shape.slice(1).map((size, i) => size * (shape[i] ?? 0)));
  return clamp(Math.sqrt(96 / most), 0.3, 1);
}

/**
 * Layers spread evenly over the width; at the left the inputs' names need room.
 * @param {number} count
 * @param {number} tile
 * @param {Room} room
 */
function placeColumns(count, tile, room) {
  const first = room.label + tile / 2;
  const last = room.width - tile / 2 - EDGE;
  const step = Math.max(room.column, (last - first) / (count - 1));
  return Array.from({length: count}, (_, i) => Math.round(first + i * step));
}

/**
 * @param {readonly Tile[][]} layers
 * @param {number} tile
 * @returns {Link[]}
 */
function linkUp(layers, tile) {
  const links = [];
  let index = 0;
  for (const [l, targets] of layers.entries()) {
    const sources = layers[l - 1];
    if (!sources) continue;
    for (const target of targets) {
      for (const [i, source] of sources.entries())
        links.push({
          from: {x: source.x + tile / 2, y: source.y},
          to: {x: target.x - tile / 2, y: target.y},
          index: index + i,
          source: source.neuron,
          layer: target.layer,
          neuron: target.neuron,
        });
      index += sources.length + 1; // the bias
    }
  }
  return links;
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}
