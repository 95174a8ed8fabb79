import assert from "node:assert/strict";
import {test} from "node:test";
import {strokeOf} from "../../static/link-painter.js";
import {
  fanIn,
  firstWeight,
  layOut,
  linkHeight,
  nearestLink,
  neighbour,
  normPlaces,
  thinness,
} from "../../static/network-layout.js";

const ROOM = {width: 780, height: 440, head: 64, foot: 0, label: 62, column: 70, row: 33};
/** The uses of seven features, those of these places on. @param {number[]} on @returns {import("../../static/network-layout.js").Use[]} */
const only = (...on) => Array.from({length: 7}, (_, i) => (on.includes(i) ? "on" : "off"));
const TWO = only(0, 1);

const SHAPES = [
  [2, 1],
  [2, 4, 2, 1],
  [2, 1, 1, 1],
  [2, 8, 8, 8, 8, 8, 8, 8, 8, 1],
  [2, 32, 16, 1],
  [2, 64, 64, 10],
  [2, ...Array(32).fill(5), 3],
];

for (const shape of SHAPES) {
  test(`every weight of ${shape.join("-")} has one link, and no bias has one`, () => {
    const {links} = layOut(shape, TWO, ROOM);
    const seen = new Set(links.map(link => link.index));
    assert.equal(seen.size, links.length);
    for (let layer = 1; layer < shape.length; layer++)
      for (let neuron = 1; neuron <= (shape[layer] ?? 0); neuron++) {
        const first = firstWeight(shape, layer, neuron);
        const own = links.filter(link => link.layer === layer && link.neuron === neuron);
        assert.deepEqual(
          own.map(link => link.index),
          own.map((_, i) => first + i),
        );
        assert.equal(own.length, shape[layer - 1]);
        assert.ok(!seen.has(first + own.length));
      }
  });

  for (const room of [
    ROOM,
    {...ROOM, width: 360, column: 92, row: 45},
    {...ROOM, width: 1200, height: 700},
  ]) {
    test(`tiles of ${shape.join("-")} in ${room.width} x ${room.height} lie apart and inside`, () => {
      const {inputs, hidden, outputs, tile, width, height} = layOut(shape, TWO, room);
      const tiles = [...inputs, ...hidden, ...outputs];
      assert.ok(tile >= 22 && tile <= 64);
      for (const [i, a] of tiles.entries()) {
        assert.ok(a.x - tile / 2 >= 0 && a.x + tile / 2 <= width);
        assert.ok(a.y - tile / 2 >= room.head && a.y + tile / 2 <= height);
        for (const b of tiles.slice(i + 1))
          assert.ok(Math.abs(a.x - b.x) >= tile || Math.abs(a.y - b.y) >= tile);
      }
    });
  }
}

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
    assert.equal(fanIn(shape, layer ?? 0, "dense"), expected);
    const own = links.filter(link => link.layer === layer && link.neuron === 2);
    const first = firstWeight(shape, layer ?? 0, 2, "dense");
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

test("scales and shifts lie behind all weights, layer by layer", () => {
  // 2-3-2-1: 9 + 8 + 3 weights and biases, then 3 scales, 3 shifts, 2 scales, 2 shifts
  const shape = [2, 3, 2, 1];
  assert.deepEqual(normPlaces(shape, 1, 2, "plain"), {scale: 21, shift: 24});
  assert.deepEqual(normPlaces(shape, 2, 2, "plain"), {scale: 27, shift: 29});
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
  assert.equal(gathered.length, 64 * 64);
  assert.equal(bundles.length, 1);
  for (const {from, to} of gathered.slice(0, 50))
    assert.equal(nearestLink(gathered, {x: (from.x + to.x) / 2, y: (from.y + to.y) / 2}), null);
  assert.equal(layOut([2, 32, 32, 1], TWO, ROOM).bundles.length, 0);
});
