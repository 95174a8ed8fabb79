/** Places the units and links of a network in its panel. */

/** @import {Layout} from "./parameters.js" */

import {weightsOf} from "./parameters.js";

/** @typedef {{x: number, y: number}} Point */
/** A unit's tile by its centre and its side; layer 0 are the inputs. @typedef {Point & {layer: number, neuron: number, size: number}} Tile */
/** A way from tile to tile. @typedef {{from: Point, to: Point}} Way */
/**
 * A link by the tiles' edges, and the place of its weight in `parameters`. A gathered one is drawn only while its neuron
 * is looked at.
 * @typedef {Way & {index: number, source: number, sourceLayer: number, layer: number, neuron: number, gathered: boolean}} Link
 */

/** The use of an input feature. @typedef {"on" | "off" | "hidden"} Use */
/** @typedef {"plain" | "residual" | "dense"} Connections */

/**
 * @typedef {object} NetworkLayout
 * @property {number} width of everything, at least that of the panel
 * @property {number} height
 * @property {number} tile side of a hidden neuron's tile
 * @property {number} end side of an input's and an output's tile: at least `tile`
 * @property {number[]} columns x of each layer's centre: inputs, hidden layers, output
 * @property {number[]} doors x of the middle of the links that lead to each layer, where a new layer would stand; the inputs have none: 0
 * @property {number} step least distance of two columns
 * @property {Tile[]} inputs one for each feature that is shown, used or not; its neuron is the feature's number
 * @property {Tile[]} hidden
 * @property {Tile[]} outputs
 * @property {Link[]} links
 * @property {Way[]} skips residual links: what comes in is added to what goes out
 * @property {Point[][]} bundles corners of the area for links between two layers that are too many to tell apart
 * @property {number} thinness of the links, at most 1
 */

/**
 * @typedef {object} Room
 * @property {number} width
 * @property {number} height
 * @property {number} head height above the tiles, for each layer's buttons
 * @property {number} label width left of the inputs, for their names
 * @property {number} column width of a layer whose buttons are all shown
 * @property {number} row height of a unit that is easy to hit
 */

const LARGEST = 64;
const LINK = 28; // least length of a link
const GAP = 9; // least space between two tiles
const CLOSE = 6; // space between two columns of one layer
const EDGE = 10;
const SHORTEST = 8; // units that a layer has below one another before it gets another column
const TRACED = 3000; // links that can be drawn as lines
const BLOCK = 4; // columns of one layer, from which on other tiles hide the lines to its tiles
/** For networks that do not fit otherwise. */
const LEAST = 4; // a tile whose colour is still visible
const SCROLLED = 12; // tile of a network that has to be scrolled anyway
const END = 30; // the inputs and the output stay at least this large, as they are few
const LINKS = {share: 0.38, block: 0.28}; // least part of the width that is left to links

/**
 * If there is room, every layer has room for its buttons. Otherwise tiles shrink, and tall layers fold into blocks,
 * until all layers are in the panel. It scrolls only where tiles would be smaller than a colour can be seen.
 * @param {readonly number[]} shape units of each layer, the used inputs and the outputs included
 * @param {readonly Use[]} uses of the input features
 * @param {Room} room
 * @param {Connections} connections
 * @param {Layout} parameters
 * @returns {NetworkLayout}
 */
export function layOut(shape, uses, room, connections, parameters) {
  const features = uses.flatMap((use, i) => (use === "hidden" ? [] : [i]));
  const drawn = [Math.max(features.length, 1), ...shape.slice(1)];
  const plan = roomyPlan(drawn, room) ?? densePlan(drawn, room);
  const {sizes, ranks, lengths, pitches, close} = plan;
  const widths = ranks.map((count, l) => count * ((sizes[l] ?? 0) + close) - close);
  const {columns, doors, right, gap} = placeColumns(widths, plan.link, room);
  const middle = room.head + (room.height - room.head - EDGE) / 2;
  const place = (/** @type {number} */ layer, /** @type {number} */ count) =>
    Array.from({length: count}, (_, i) => {
      const [size, length] = [sizes[layer] ?? 0, lengths[layer] ?? 1];
      const left = (columns[layer] ?? 0) - (widths[layer] ?? 0) / 2;
      const rank = Math.floor(i / length);
      const y = middle + ((i % length) - (Math.min(length, count) - 1) / 2) * (pitches[layer] ?? 0);
      return {
        layer,
        neuron: i + 1,
        size,
        x: left + rank * (size + close) + size / 2,
        y: Math.round(y - size / 2) + size / 2, // between pixels a tile would be blurred
      };
    });
  const inputs = place(0, features.length).map((tile, i) => ({
    ...tile,
    neuron: (features[i] ?? 0) + 1,
  }));
  const layers = shape.slice(1).map((count, i) => place(i + 1, count));
  const sources = [inputs.filter(tile => uses[tile.neuron - 1] === "on"), ...layers];
  const pairs = pairsOf(shape, ranks, connections);
  const [end = 0, tile = end] = sizes;
  return {
    width: Math.max(room.width, right),
    height: room.height,
    tile,
    end,
    columns,
    doors,
    step: Math.min(...columns.slice(1).map((x, i) => x - (columns[i] ?? 0))),
    inputs,
    hidden: layers.slice(0, -1).flat(),
    outputs: layers.at(-1) ?? [],
    links: linkUp(sources, pairs, parameters),
    skips: connections === "residual" ? skipOver(shape, sources) : [],
    bundles: pairs
      .filter(({gathered, from, to}) => gathered && to === from + 1)
      .map(({from, to}) => bundle(sources[from] ?? [], sources[to] ?? [])),
    thinness: thinness(shape) * clamp(gap / LINK, 0.4, 1),
  };
}

/**
 * How large the tiles are, and how layers fold.
 * @typedef {object} Plan
 * @property {number[]} sizes of each layer's tiles
 * @property {number[]} ranks columns of each layer
 * @property {number[]} lengths units in each of its columns
 * @property {number[]} pitches from a unit to the one below
 * @property {number} close space between two columns of one layer
 * @property {number} link least length of a link
 */

/**
 * Every layer has the width of its buttons and every unit the height of a row; null if that does not fit.
 * @param {readonly number[]} drawn units of each layer
 * @param {Room} room
 * @returns {Plan | null}
 */
function roomyPlan(drawn, room) {
  const {width, height} = within(room);
  const {ranks, lengths} = fold(drawn, Math.max(SHORTEST, Math.floor(height / room.row)));
  const rows = Math.max(...lengths);
  if (rows * room.row > height) return null;
  const pitch = Math.min(height / rows, LARGEST + 2 * GAP);
  const across = Math.max(room.column, width / drawn.length);
  const tile = 2 * Math.floor(Math.min(LARGEST, pitch - GAP, across - LINK) / 2);
  const link = Math.max(room.column - tile, LINK);
  const taken = ranks.reduce((sum, count) => sum + count * (tile + CLOSE) - CLOSE, 0);
  if (taken + (drawn.length - 1) * link > width) return null;
  const same = (/** @type {number} */ value) => drawn.map(() => value);
  return {sizes: same(tile), ranks, lengths, pitches: same(pitch), close: CLOSE, link};
}

/**
 * The largest tiles with which all layers fit into the panel; if none do, small tiles, wider than the panel together.
 * @param {readonly number[]} drawn
 * @param {Room} room
 * @returns {Plan}
 */
function densePlan(drawn, room) {
  const {width} = within(room);
  const gaps = drawn.length - 1;
  const links = Math.max(width * LINKS.block, Math.min(gaps * LINK, width * LINKS.share));
  const tallest = Math.min(SHORTEST, Math.max(...drawn));
  for (let tile = LARGEST; tile >= LEAST; tile--) {
    if (mostRows(tile, room) < tallest) continue;
    const plan = planWith(tile, drawn, room, links / gaps);
    if (widthOf(plan) <= width - links) return plan;
  }
  return planWith(mostRows(SCROLLED, room) < tallest ? LEAST : SCROLLED, drawn, room, SCROLLED);
}

/**
 * @param {number} tile side of a hidden neuron's
 * @param {readonly number[]} drawn
 * @param {Room} room
 * @param {number} link
 * @returns {Plan}
 */
function planWith(tile, drawn, room, link) {
  const {height} = within(room);
  const close = closeness(tile);
  const {ranks, lengths} = fold(drawn, Math.max(mostRows(tile, room), 1));
  const last = drawn.length - 1;
  const largest = Math.min(END, Math.floor(room.width / 24));
  const sizes = lengths.map((length, l) =>
    l === 0 || l === last
      ? Math.max(tile, Math.min(largest, Math.floor(height / length) - close))
      : tile,
  );
  const rows = Math.max(...lengths.slice(1, -1), 1);
  const isFolded = ranks.slice(1, -1).some(count => count > 1);
  const wide = isFolded ? tile + close + 2 : Math.max(2.4 * tile, 30);
  const pitch = clamp(height / rows, tile + close, wide);
  const pitches = sizes.map((size, l) =>
    l === 0 || l === last
      ? clamp(height / (lengths[l] ?? 1), size + close, Math.max(size + 14, room.row + 3))
      : pitch,
  );
  return {sizes, ranks, lengths, pitches, close, link};
}

/** Space between small tiles. @param {number} tile */
function closeness(tile) {
  return clamp(Math.round(tile / 5), 1, CLOSE);
}

/** How many tiles fit below one another. @param {number} tile @param {Room} room */
function mostRows(tile, room) {
  const close = closeness(tile);
  return Math.floor((within(room).height + close) / (tile + close));
}

/** @param {Plan} plan */
function widthOf({sizes, ranks, close}) {
  return ranks.reduce((sum, count, l) => sum + count * ((sizes[l] ?? 0) + close) - close, 0);
}

/** The width that is left for tiles and links. @param {Room} room */
function within(room) {
  return {width: room.width - room.label - EDGE, height: room.height - room.head - EDGE};
}

/**
 * @param {readonly number[]} drawn
 * @param {number} most units below one another
 */
function fold(drawn, most) {
  const ranks = drawn.map(size => Math.ceil(size / most));
  const lengths = drawn.map((size, l) => Math.ceil(size / (ranks[l] ?? 1)));
  return {ranks, lengths};
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

/**
 * The neuron nearest to a point, if one is near: a finger is wider than small tiles, and means the nearest.
 * @param {NetworkLayout} layout
 * @param {Point} point
 * @param {number} reach from the tile's edge
 * @returns {Tile | null}
 */
export function nearestTile({hidden, outputs}, point, reach) {
  let nearest = null;
  let distance = reach;
  for (const tile of [...hidden, ...outputs]) {
    const across = Math.max(Math.abs(tile.x - point.x) - tile.size / 2, 0);
    const down = Math.max(Math.abs(tile.y - point.y) - tile.size / 2, 0);
    const away = Math.hypot(across, down);
    if (away < distance) [nearest, distance] = [tile, away];
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
 * Where an arrow key leads from a neuron: up and down its column, or to the nearest neuron of the next column. In a
 * folded layer the next column is of the same layer.
 * @param {NetworkLayout} layout
 * @param {{layer: number, neuron: number}} unit
 * @param {string} key
 * @returns {Tile | null}
 */
export function neighbour({hidden, outputs}, unit, key) {
  const [across, down] = STEPS[key] ?? [0, 0];
  const tiles = [...hidden, ...outputs];
  const here = tiles.find(tile => tile.layer === unit.layer && tile.neuron === unit.neuron);
  if (!here || (across === 0 && down === 0)) return null;
  const ahead = tiles.filter(tile =>
    across ? (tile.x - here.x) * across > 0 : tile.x === here.x && (tile.y - here.y) * down > 0,
  );
  const away = (/** @type {Tile} */ tile) =>
    1e4 * Math.abs(tile.x - here.x) + Math.abs(tile.y - here.y); // the next column first, then the height
  return ahead.reduce(
    (/** @type {Tile | null} */ best, tile) => (best && away(best) <= away(tile) ? best : tile),
    null,
  );
}

/**
 * How much thinner links are drawn if there are many, so that they stay lines.
 * @param {readonly number[]} shape
 */
export function thinness(shape) {
  const most = Math.max(...shape.slice(1).map((size, i) => size * (shape[i] ?? 0)));
  return clamp(Math.sqrt(96 / most), 0.3, 1);
}

/**
 * Layers spread over the width with even gaps; at the left the inputs' names need room.
 * @param {readonly number[]} widths of the layers
 * @param {number} least gap
 * @param {Room} room
 */
function placeColumns(widths, least, room) {
  const taken = widths.reduce((sum, width) => sum + width, 0);
  const gap = Math.max(least, (within(room).width - taken) / (widths.length - 1));
  let left = room.label;
  const lefts = widths.map(width => {
    const here = Math.round(left);
    left += width + gap;
    return here;
  });
  return {
    gap,
    columns: widths.map((width, l) => (lefts[l] ?? 0) + width / 2),
    doors: lefts.map((x, l) => (l ? Math.round(x - gap / 2) : 0)),
    right: (lefts.at(-1) ?? 0) + (widths.at(-1) ?? 0) + EDGE,
  };
}

/** Two layers that are linked, by number. @typedef {{from: number, to: number, gathered: boolean}} Pair */

/**
 * If links are too many to tell apart, those of the largest pairs are gathered, and those that pass over a layer. Those
 * of a layer that is a block are gathered too, as most would lie behind its tiles.
 * @param {readonly number[]} shape
 * @param {readonly number[]} ranks columns of each layer
 * @param {Connections} connections
 * @returns {Pair[]}
 */
function pairsOf(shape, ranks, connections) {
  const pairs = [];
  for (let to = 1; to < shape.length; to++)
    for (let from = connections === "dense" ? 0 : to - 1; from < to; from++)
      pairs.push({from, to, count: (shape[from] ?? 0) * (shape[to] ?? 0)});
  const isCrowded = pairs.reduce((sum, {count}) => sum + count, 0) > TRACED;
  return pairs.map(({from, to, count}) => ({
    from,
    to,
    gathered:
      (count > 0 && Math.max(ranks[from] ?? 0, ranks[to] ?? 0) >= BLOCK) ||
      (isCrowded && (count > TRACED / shape.length || from < to - 1)),
  }));
}

/**
 * @param {readonly Tile[][]} layers
 * @param {readonly Pair[]} pairs in the order of the weights
 * @param {Layout} parameters
 * @returns {Link[]}
 */
function linkUp(layers, pairs, parameters) {
  const links = [];
  for (let to = 1; to < layers.length; to++) {
    const sources = pairs.filter(pair => pair.to === to);
    const {first, count} = weightsOf(parameters, to, 1);
    for (const target of layers[to] ?? []) {
      let index = first + (target.neuron - 1) * (count + 1); // the bias follows the weights
      for (const {from, gathered} of sources)
        for (const source of layers[from] ?? [])
          links.push({
            ...way(source, target),
            index: index++,
            source: source.neuron,
            sourceLayer: from,
            layer: to,
            neuron: target.neuron,
            gathered,
          });
    }
  }
  return links;
}

/**
 * @param {readonly number[]} shape
 * @param {readonly Tile[][]} layers
 * @returns {Way[]}
 */
function skipOver(shape, layers) {
  return layers.slice(1, -1).flatMap((targets, i) =>
    shape[i] === shape[i + 1]
      ? targets.flatMap((target, k) => {
          const source = layers[i]?.[k];
          return source ? [way(source, target)] : [];
        })
      : [],
  );
}

/**
 * @param {Tile} source
 * @param {Tile} target
 * @returns {Way}
 */
function way(source, target) {
  return {
    from: {x: source.x + source.size / 2, y: source.y},
    to: {x: target.x - target.size / 2, y: target.y},
  };
}

/**
 * @param {readonly Tile[]} sources
 * @param {readonly Tile[]} targets
 * @returns {Point[]}
 */
function bundle(sources, targets) {
  const side = (/** @type {readonly Tile[]} */ tiles, /** @type {1 | -1} */ direction) => {
    const edges = tiles.map(({x, size}) => x + (direction * size) / 2);
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
