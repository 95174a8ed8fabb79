/** Where the units and links of a network lie in its panel. */

/** @typedef {{x: number, y: number}} Point */
/** A unit's tile by its centre; layer 0 are the inputs. @typedef {Point & {layer: number, neuron: number}} Tile */
/** A way from tile to tile. @typedef {{from: Point, to: Point}} Way */
/**
 * A link by the tiles' edges, and the place of its weight in `parameters`. A gathered one is drawn only while its neuron
 * is looked at.
 * @typedef {Way & {index: number, source: number, sourceLayer: number, layer: number, neuron: number, gathered: boolean}} Link
 */

/** Of an input feature. @typedef {"on" | "off" | "hidden"} Use */
/** @typedef {"plain" | "residual" | "dense"} Connections */

/**
 * @typedef {object} NetworkLayout
 * @property {number} width of everything, at least that of the panel
 * @property {number} height
 * @property {number} tile side of a tile
 * @property {number[]} columns x of each layer's centre: inputs, hidden layers, output
 * @property {Tile[]} inputs one for each feature that is shown, used or not; its neuron is the feature's number
 * @property {Tile[]} hidden
 * @property {Tile[]} outputs
 * @property {Link[]} links
 * @property {Way[]} skips residual links: what comes in is added to what goes out
 * @property {Point[][]} bundles corners of what stands for the links between two layers that are too many to tell apart
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
const CLOSE = 6; // space between two columns of one layer
const EDGE = 10;
const SHORTEST = 8; // units that a layer has below one another before it gets another column
const TRACED = 3000; // links that can be drawn as lines

/**
 * Tiles shrink until they are hard to see; from then on a tall layer is folded into several columns, and the network is
 * larger than its panel, which scrolls.
 * @param {readonly number[]} shape units of each layer, the used inputs and the outputs included
 * @param {readonly Use[]} uses of the input features
 * @param {Room} room
 * @param {Connections} connections
 * @returns {NetworkLayout}
 */
export function layOut(shape, uses, room, connections = "plain") {
  const features = uses.flatMap((use, i) => (use === "hidden" ? [] : [i]));
  const drawn = [Math.max(features.length, 1), ...shape.slice(1)];
  const floor = room.foot + EDGE;
  const free = room.height - room.head - floor;
  const most = Math.max(SHORTEST, Math.floor(free / room.row));
  const ranks = drawn.map(size => Math.ceil(size / most));
  const lengths = drawn.map((size, l) => Math.ceil(size / (ranks[l] ?? 1)));
  const rows = Math.max(...lengths);
  const pitch = clamp(free / rows, room.row, LARGEST + 2 * GAP);
  const across = Math.max(room.column, (room.width - room.label - EDGE) / shape.length);
  const tile = 2 * Math.floor(Math.min(LARGEST, pitch - GAP, across - LINK) / 2);
  const height = Math.max(room.height, room.head + rows * pitch + floor);
  const widths = ranks.map(count => count * (tile + CLOSE) - CLOSE);
  const columns = placeColumns(widths, tile, room);
  const right = (columns.at(-1) ?? 0) + (widths.at(-1) ?? 0) / 2 + EDGE;
  const middle = room.head + (height - room.head - floor) / 2;
  const place = (/** @type {number} */ layer, /** @type {number} */ count) =>
    Array.from({length: count}, (_, i) => {
      const [length, rank] = [lengths[layer] ?? 1, Math.floor(i / (lengths[layer] ?? 1))];
      const first = (columns[layer] ?? 0) - (widths[layer] ?? 0) / 2 + tile / 2;
      const inRank = Math.min(length, count);
      return {
        layer,
        neuron: i + 1,
        x: first + rank * (tile + CLOSE),
        y: Math.round(middle + ((i % length) - (inRank - 1) / 2) * pitch), // between pixels it would be blurred
      };
    });
  const inputs = place(0, features.length).map((tile, i) => ({
    ...tile,
    neuron: (features[i] ?? 0) + 1,
  }));
  const layers = shape.slice(1).map((count, i) => place(i + 1, count));
  const sources = [inputs.filter(tile => uses[tile.neuron - 1] === "on"), ...layers];
  const pairs = pairsOf(shape, connections);
  return {
    width: Math.max(room.width, right),
    height,
    tile,
    columns,
    inputs,
    hidden: layers.slice(0, -1).flat(),
    outputs: layers.at(-1) ?? [],
    links: linkUp(sources, tile, pairs),
    skips: connections === "residual" ? skipOver(shape, sources, tile) : [],
    bundles: pairs
      .filter(({gathered, from, to}) => gathered && to === from + 1)
      .map(({from, to}) => bundle(sources[from] ?? [], sources[to] ?? [], tile)),
    thinness: thinness(shape),
  };
}

/**
 * How many values a unit of a layer receives.
 * @param {readonly number[]} shape
 * @param {number} layer from 1
 * @param {Connections} connections
 */
export function fanIn(shape, layer, connections) {
  const first = connections === "dense" ? 0 : layer - 1;
  return shape.slice(first, layer).reduce((sum, size) => sum + size, 0);
}

/**
 * The place of a unit's first weight in `parameters`; its bias follows its last weight.
 * @param {readonly number[]} shape
 * @param {number} layer from 1
 * @param {number} neuron from 1
 * @param {Connections} connections
 */
export function firstWeight(shape, layer, neuron, connections = "plain") {
  let place = 0;
  for (let l = 1; l < layer; l++) place += (shape[l] ?? 0) * (fanIn(shape, l, connections) + 1);
  return place + (neuron - 1) * (fanIn(shape, layer, connections) + 1);
}

/**
 * The places of a hidden unit's scale and shift in `parameters`, where the network has batch norm.
 * @param {readonly number[]} shape
 * @param {number} layer
 * @param {number} neuron
 * @param {Connections} connections
 */
export function normPlaces(shape, layer, neuron, connections) {
  const weights = firstWeight(shape, shape.length, 1, connections);
  const before = shape.slice(1, layer).reduce((sum, size) => sum + size, 0);
  const scale = weights + 2 * before + neuron - 1;
  return {scale, shift: scale + (shape[layer] ?? 0)};
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
    if (link.gathered) continue;
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
export function neighbour({hidden, outputs}, unit, key) {
  const [layers, neurons] = STEPS[key] ?? [0, 0];
  const tiles = [...hidden, ...outputs];
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
 * Layers spread over the width with even gaps; at the left the inputs' names need room.
 * @param {readonly number[]} widths of the layers
 * @param {number} tile
 * @param {Room} room
 */
function placeColumns(widths, tile, room) {
  const taken = widths.reduce((sum, width) => sum + width, 0);
  const free = room.width - room.label - EDGE - taken;
  const gap = Math.max(room.column - tile, LINK, free / (widths.length - 1));
  let left = room.label;
  return widths.map(width => {
    const center = Math.round(left + width / 2);
    left += width + gap;
    return center;
  });
}

/** Two layers that are linked, by number. @typedef {{from: number, to: number, gathered: boolean}} Pair */

/**
 * Where all links cannot be told apart, those of the largest pairs are gathered, and those that pass over a layer.
 * @param {readonly number[]} shape
 * @param {Connections} connections
 * @returns {Pair[]}
 */
function pairsOf(shape, connections) {
  const pairs = [];
  for (let to = 1; to < shape.length; to++)
    for (let from = connections === "dense" ? 0 : to - 1; from < to; from++)
      pairs.push({from, to, count: (shape[from] ?? 0) * (shape[to] ?? 0)});
  const isCrowded = pairs.reduce((sum, {count}) => sum + count, 0) > TRACED;
  return pairs.map(({from, to, count}) => ({
    from,
    to,
    gathered: isCrowded && (count > TRACED / shape.length || from < to - 1),
  }));
}

/**
 * @param {readonly Tile[][]} layers
 * @param {number} tile
 * @param {readonly Pair[]} pairs in the order of the weights
 * @returns {Link[]}
 */
function linkUp(layers, tile, pairs) {
  const links = [];
  let index = 0;
  for (let to = 1; to < layers.length; to++) {
    const sources = pairs.filter(pair => pair.to === to);
    for (const target of layers[to] ?? []) {
      for (const {from, gathered} of sources)
        for (const source of layers[from] ?? [])
          links.push({
            ...way(source, target, tile),
            index: index++,
            source: source.neuron,
            sourceLayer: from,
            layer: to,
            neuron: target.neuron,
            gathered,
          });
      index++; // the bias
    }
  }
  return links;
}

/**
 * @param {readonly number[]} shape
 * @param {readonly Tile[][]} layers
 * @param {number} tile
 * @returns {Way[]}
 */
function skipOver(shape, layers, tile) {
  return layers.slice(1, -1).flatMap((targets, i) =>
    shape[i] === shape[i + 1]
      ? targets.flatMap((target, k) => {
          const source = layers[i]?.[k];
          return source ? [way(source, target, tile)] : [];
        })
      : [],
  );
}

/**
 * @param {Tile} source
 * @param {Tile} target
 * @param {number} tile
 * @returns {Way}
 */
function way(source, target, tile) {
  return {
    from: {x: source.x + tile / 2, y: source.y},
    to: {x: target.x - tile / 2, y: target.y},
  };
}

/**
 * @param {readonly Tile[]} sources
 * @param {readonly Tile[]} targets
 * @param {number} tile
 * @returns {Point[]}
 */
function bundle(sources, targets, tile) {
  const side = (/** @type {readonly Tile[]} */ tiles, /** @type {1 | -1} */ direction) => {
    const edges = tiles.map(({x}) => x + (direction * tile) / 2);
    const heights = tiles.map(({y}) => y);
    const x = direction > 0 ? Math.max(...edges) : Math.min(...edges);
    return [
      {x, y: Math.min(...heights)},
      {x, y: Math.max(...heights)},
    ];
  };
  return [...side(sources, 1), ...side(targets, -1).reverse()];
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}
