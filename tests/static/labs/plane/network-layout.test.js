import assert from "node:assert/strict";
import {test} from "node:test";
import {strokeOf} from "../../../../static/labs/plane/link-painter.js";
import {
  layOut as layOutNetwork,
  linkHeight,
  nearestLink,
  nearestTile,
  neighbour,
  thinness,
} from "../../../../static/labs/plane/network-layout.js";
import {normOf, weightsOf} from "../../../../static/labs/plane/parameters.js";

/** @typedef {import("../../../../static/labs/plane/network-layout.js").Use} Use */
/** @typedef {import("../../../../static/labs/plane/network-layout.js").Room} Room */
/** @typedef {import("../../../../static/labs/plane/network-layout.js").Connections} Connections */

/**
 * As the server lays a network out: each layer's weights and biases, one layer behind the other.
 * @param {readonly number[]} shape
 * @param {Connections} connections
 */
function parametersOf(shape, connections) {
  let end = 0;
  return shape.slice(1).map((units, i) => {
    const layer = i + 1;
    const sources = shape.slice(connections === "dense" ? 0 : i, layer);
    const width = sources.reduce((sum, size) => sum + size, 0) + 1;
    const offset = end;
    end += units * width;
    return {name: `layer ${layer} weights`, offset, shape: [units, width]};
  });
}

/**
 * @param {readonly number[]} shape
 * @param {readonly Use[]} uses
 * @param {Room} room
 * @param {Connections} connections
 */
function layOut(shape, uses, room, connections = "plain") {
  return layOutNetwork(shape, uses, room, connections, parametersOf(shape, connections));
}

const MOUSE = {head: 62, label: 62, column: 70, row: 33};
const TOUCH = {head: 98, label: 40, column: 86, row: 45};
const ROOM = {width: 780, height: 440, ...MOUSE};
/** The panel at the sizes of screens, with and without the strip of gradients. */
const ROOMS = [
  {width: 776, height: 492, ...MOUSE}, // 1440 x 900
  {width: 776, height: 377, ...MOUSE},
  {width: 1076, height: 580, ...MOUSE}, // 1920 x 1080
  {width: 488, height: 339, ...MOUSE}, // 1024 x 768
  {width: 358, height: 500, ...TOUCH}, // 390 x 844
];
/** The uses of seven features, those of these places on. @param {number[]} on @returns {import("../../../../static/labs/plane/network-layout.js").Use[]} */
const only = (...on) => Array.from({length: 7}, (_, i) => (on.includes(i) ? "on" : "off"));
const TWO = only(0, 1);

/** @param {number} layers @param {number} neurons */
const deep = (layers, neurons) => [2, ...Array(layers).fill(neurons), 1];
const SHAPES = [
  [2, 1],
  [2, 4, 2, 1],
  [2, 1, 1, 1],
  [2, 8, 8, 8, 8, 8, 8, 8, 8, 1],
  [2, 32, 16, 1],
  [2, 64, 64, 10],
  [2, ...Array(32).fill(5), 3],
  deep(20, 8),
  deep(32, 8),
  [2, 100, 3],
  [2, 256, 3],
  [2, 64, 64, 3],
  [2, 100, 8, 256, 3, 40, 10],
];
/** @param {number[]} shape */
const nameOf = shape =>
  shape.length < 8 ? shape.join("-") : `${shape.length - 2} layers of ${shape[1]}`;

for (const shape of SHAPES) {
  test(`every weight of ${nameOf(shape)} has one link, and no bias has one`, () => {
    const {links} = layOut(shape, TWO, ROOM);
    const seen = new Set(links.map(link => link.index));
    assert.equal(seen.size, links.length);
    for (let layer = 1; layer < shape.length; layer++)
      for (let neuron = 1; neuron <= (shape[layer] ?? 0); neuron++) {
        const {first, bias} = weightsOf(parametersOf(shape, "plain"), layer, neuron);
        const own = links.filter(link => link.layer === layer && link.neuron === neuron);
        assert.deepEqual(
          own.map(link => link.index),
          own.map((_, i) => first + i),
        );
        assert.equal(own.length, shape[layer - 1]);
        assert.ok(!seen.has(bias));
      }
  });

  for (const room of ROOMS) {
    test(`all of ${nameOf(shape)} is in a panel of ${room.width} x ${room.height}, and nothing overlaps`, () => {
      const layout = layOut(shape, TWO, room);
      const tiles = [...layout.inputs, ...layout.hidden, ...layout.outputs];
      assert.equal(layout.width, room.width);
      assert.equal(layout.height, room.height);
      assert.ok(layout.tile >= 4 && layout.end >= layout.tile && layout.end <= 64);
      for (const [i, a] of tiles.entries()) {
        const reach = a.size / 2;
        assert.ok(a.x - reach >= room.label && a.x + reach <= room.width);
        assert.ok(a.y - reach >= room.head && a.y + reach <= room.height);
        assert.ok(Number.isInteger(a.x - reach) && Number.isInteger(a.y - reach)); // not between pixels
        for (const b of tiles.slice(i + 1)) {
          const apart = reach + b.size / 2;
          assert.ok(Math.abs(a.x - b.x) >= apart || Math.abs(a.y - b.y) >= apart);
        }
      }
    });
  }

  test(`arrows lead to every neuron of ${nameOf(shape)}, and back`, () => {
    const layout = layOut(shape, TWO, ROOM);
    const [first] = [...layout.hidden, ...layout.outputs];
    assert.ok(first);
    const seen = new Set([first]);
    for (const tile of seen)
      for (const key of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]) {
        const next = neighbour(layout, tile, key);
        if (next) seen.add(next);
      }
    assert.equal(seen.size, layout.hidden.length + layout.outputs.length);
  });
}

test("an ordinary network keeps its large tiles", () => {
  const room = {width: 776, height: 492, ...MOUSE};
  assert.equal(layOut([2, 4, 2, 1], TWO, room).tile, 50);
  assert.equal(layOut(deep(6, 8), TWO, room).tile, 42);
});

test("tiles shrink before anything scrolls", () => {
  const tiles = (/** @type {number[]} */ shape) => ROOMS.map(room => layOut(shape, TWO, room).tile);
  assert.deepEqual(tiles(deep(20, 8)), [18, 18, 28, 10, 8]);
  assert.deepEqual(tiles(deep(32, 8)), [11, 11, 17, 6, 5]);
});

test("a network for which tiles would be too small is wider than its panel, and its tiles can be seen", () => {
  const shape = [
    2,
    ...Array(32)
      .fill(0)
      .map((_, i) => (i % 2 ? 1 : 256)),
    1,
  ];
  for (const room of ROOMS.slice(-2)) {
    const {width, tile, outputs} = layOut(shape, TWO, room);
    assert.ok(width > room.width);
    assert.equal(tile, 12);
    assert.ok(outputs.every(({x, size}) => x + size / 2 <= width));
  }
});

test("a wide layer is a block: a hundred neurons at a glance, and 256", () => {
  const room = {width: 776, height: 492, ...MOUSE};
  const block = (/** @type {number[]} */ shape) => {
    const {hidden, tile} = layOut(shape, TWO, room);
    const [columns, rows] = [new Set(hidden.map(({x}) => x)), new Set(hidden.map(({y}) => y))];
    return [columns.size, rows.size, tile];
  };
  assert.deepEqual(block([2, 100, 3]), [9, 12, 26]);
  assert.deepEqual(block([2, 256, 3]), [16, 16, 22]);
});

test("arrows go through a block as it looks: down its columns and across them", () => {
  const layout = layOut([2, 100, 3], TWO, {width: 776, height: 492, ...MOUSE});
  const rows = layout.hidden.filter(({x}) => x === layout.hidden[0]?.x).length;
  const go = (/** @type {number} */ neuron, /** @type {string} */ key) => {
    const next = neighbour(layout, {layer: 1, neuron}, key);
    return next && [next.layer, next.neuron];
  };
  assert.deepEqual(go(1, "ArrowDown"), [1, 2]);
  assert.equal(go(rows, "ArrowDown"), null);
  assert.equal(go(100, "ArrowDown"), null); // the last column is shorter
  assert.deepEqual(go(3, "ArrowRight"), [1, rows + 3]);
  assert.deepEqual(go(rows + 3, "ArrowLeft"), [1, 3]);
  assert.equal(go(3, "ArrowLeft"), null);
  assert.deepEqual(go(100, "ArrowRight")?.[0], 2);
});

test("a finger picks the nearest of tiles that are smaller than it, and none far from all", () => {
  const layout = layOut(deep(20, 8), TWO, {width: 358, height: 500, ...TOUCH});
  for (const tile of [...layout.hidden, ...layout.outputs])
    assert.equal(nearestTile(layout, {x: tile.x + 2, y: tile.y - 2}, 22), tile);
  assert.equal(nearestTile(layout, {x: 5, y: 5}, 22), null);
});

test("a new layer's door is in the middle of the links that lead to the next", () => {
  for (const shape of SHAPES) {
    const {doors, inputs, hidden, outputs} = layOut(shape, TWO, ROOM);
    const tiles = [...inputs, ...hidden, ...outputs];
    for (let layer = 1; layer < shape.length; layer++) {
      const before = tiles
        .filter(tile => tile.layer === layer - 1)
        .map(({x, size}) => x + size / 2);
      const after = tiles.filter(tile => tile.layer === layer).map(({x, size}) => x - size / 2);
      const middle = (Math.max(...before) + Math.min(...after)) / 2;
      assert.ok(Math.abs((doors[layer] ?? 0) - middle) <= 2);
    }
  }
});

test("only used inputs are linked", () => {
  const {links} = layOut([2, 3, 1], only(1, 5), ROOM);
  assert.deepEqual([...new Set(links.filter(l => l.layer === 1).map(l => l.source))], [2, 6]);
});

test("a network without inputs has no links from them", () => {
  const {links, inputs} = layOut([0, 2, 1], only(), ROOM);
  assert.equal(inputs.length, 7);
  assert.deepEqual(
    links.map(link => link.layer),
    [2, 2],
  );
});

test("hidden inputs take no room, and the others keep their numbers", () => {
  const uses = only(1, 5).map((use, i) => (i < 1 || i === 3 ? "hidden" : use));
  const {inputs, links} = layOut([2, 3, 1], uses, ROOM);
  assert.deepEqual(
    inputs.map(tile => tile.neuron),
    [2, 3, 5, 6, 7],
  );
  assert.deepEqual([...new Set(links.filter(l => l.layer === 1).map(l => l.source))], [2, 6]);
});

test("the link under the pointer is found, and none where there is none", () => {
  const {links} = layOut([2, 4, 2, 1], TWO, ROOM);
  for (const link of links) {
    const x = (link.from.x + link.to.x) / 2 + 7;
    const found = nearestLink(links, {x, y: linkHeight(link, x)});
    assert.ok(found);
    assert.ok(Math.abs(linkHeight(found, x) - linkHeight(link, x)) < 1e-9);
  }
  assert.equal(nearestLink(links, {x: 5, y: 5}), null);
});

test("a larger weight has no thinner link, and the sign is kept", () => {
  let before = 0;
  for (let weight = 0; weight < 20; weight += 0.05) {
    const stroke = strokeOf(weight);
    assert.ok(stroke >= before);
    assert.equal(strokeOf(-weight) + stroke, 0);
    before = stroke;
  }
  assert.equal(strokeOf(0), 0);
  assert.equal(strokeOf(0.001), 1);
});

test("arrows lead to every neuron, and nowhere beyond the network", () => {
  const layout = layOut([2, 4, 2, 1], TWO, ROOM);
  const go = (
    /** @type {number} */ layer,
    /** @type {number} */ neuron,
    /** @type {string} */ key,
  ) => {
    const next = neighbour(layout, {layer, neuron}, key);
    return next && [next.layer, next.neuron];
  };
  assert.deepEqual(go(1, 1, "ArrowDown"), [1, 2]);
  assert.deepEqual(go(1, 4, "ArrowRight"), [2, 2]);
  assert.deepEqual(go(2, 1, "ArrowRight"), [3, 1]);
  assert.deepEqual(go(3, 1, "ArrowLeft"), [2, 1]);
  assert.equal(go(1, 1, "ArrowUp"), null);
  assert.equal(go(1, 1, "ArrowLeft"), null);
  assert.equal(go(3, 1, "ArrowRight"), null);
  assert.equal(go(1, 1, "Enter"), null);
});

test("many links are drawn thinner, few as they are", () => {
  assert.equal(thinness([2, 4, 2, 1]), 1);
  assert.ok(thinness([2, 32, 32, 1]) < 0.5);
});

test("with dense connections every layer is linked to all before it, in the order of the weights", () => {
  const shape = [2, 3, 2, 4];
  const {links} = layOut(shape, TWO, ROOM, "dense");
  for (const [layer, expected] of [
    [1, 2],
    [2, 5],
    [3, 7],
  ]) {
    const {first, count} = weightsOf(parametersOf(shape, "dense"), layer ?? 0, 2);
    assert.equal(count, expected);
    const own = links.filter(link => link.layer === layer && link.neuron === 2);
    assert.deepEqual(
      own.map(link => link.index),
      own.map((_, i) => first + i),
    );
    assert.equal(own.length, expected);
  }
  const last = links.filter(link => link.layer === 3 && link.neuron === 1);
  assert.deepEqual(
    last.map(link => link.sourceLayer),
    [0, 0, 1, 1, 1, 2, 2],
  );
});

test("scales and shifts are found by the name of their layer", () => {
  const layout = [
    {name: "layer 1 weights", offset: 0, shape: [3, 3]},
    {name: "layer 2 weights", offset: 9, shape: [1, 4]},
    {name: "layer 1 scales", offset: 13, shape: [3]},
    {name: "layer 1 shifts", offset: 16, shape: [3]},
  ];
  assert.deepEqual(normOf(layout, 1, 2), {scale: 14, shift: 17});
  assert.equal(normOf(layout, 2, 1), null);
});

test("residual links lead from unit to unit where both layers are as wide", () => {
  const {skips, hidden} = layOut([2, 3, 3, 4, 1], TWO, ROOM, "residual");
  assert.equal(skips.length, 3);
  const [source, target] = [hidden[0], hidden[3]];
  assert.equal(skips[0]?.from.y, source?.y);
  assert.equal(skips[0]?.to.y, target?.y);
});

test("links too many to tell apart are gathered, and none of them is found under the pointer", () => {
  const {links, bundles} = layOut([2, 64, 64, 1], TWO, ROOM);
  const gathered = links.filter(link => link.gathered);
  assert.equal(gathered.length, 2 * 64 + 64 * 64 + 64);
  assert.equal(bundles.length, 3);
  for (const {from, to} of gathered.slice(0, 50))
    assert.equal(nearestLink(gathered, {x: (from.x + to.x) / 2, y: (from.y + to.y) / 2}), null);
  assert.equal(layOut([2, 32, 32, 1], TWO, ROOM).bundles.length, 0);
  assert.equal(layOut([0, 256, 1], only(), ROOM).bundles.length, 1); // nothing comes from no inputs
});
