import assert from "node:assert/strict";
import {test} from "node:test";
import {TALL} from "../../../../../static/drawing/relief/mesh.js";
import {contour} from "../../../../../static/labs/plane/surface/contours.js";
import {spanOf, tangentOf} from "../../../../../static/labs/plane/surface/curve-painter.js";
import {
  placeUnderPixel,
  sharesOf,
  spotOf,
  trailOf,
} from "../../../../../static/labs/plane/surface/map-mesh.js";
import {placeUnder} from "../../../../../static/labs/plane/surface/map-painter.js";
import {
  parameterName,
  parametersOf,
} from "../../../../../static/labs/plane/surface/parameter-names.js";
import {
  levelsOf,
  lossAt,
  scaleOf,
  shareOf,
} from "../../../../../static/labs/plane/surface/scale.js";
import {
  subjectOf,
  textOf,
  wishOf,
  withWeight,
} from "../../../../../static/labs/plane/surface/subject.js";
import {curvesOf, heightAt, mapOf} from "../../../../../static/labs/plane/surface/surface.js";
import {isOutside, seatOf, within} from "../../../../../static/labs/plane/surface/window.js";
import {
  curveWords,
  mapWords,
  racers,
  readWords,
  reliefWords,
} from "../../../../../static/labs/plane/surface/words.js";
import {SERVER} from "../../../told.js";

/** @import {Surface} from "../../../../../static/labs/plane/surface/surface.js" */

/** Heights a + 10 b over the square from -1 to 1. @returns {Surface} */
function slope() {
  const ways = [-1, -0.5, 0, 0.5, 1];
  const heights = ways.flatMap(b => ways.map(a => a + 10 * b + 11));
  return {
    head: {
      of: "weights",
      weights: [3, 7],
      centre: [0, 0],
      radius: 1,
      share: 0.831,
      done: 1,
      methods: ["sgd", "adam"],
      steps: 250,
      of_steps: 250,
    },
    values: new Map(
      Object.entries({
        heights,
        here: [0.5, 0, 11.5],
        path: [0, 0, 11, 0.25, 0, 11.25],
        race: [1, 1, 22, 0.5, 0.5, 16.5, 1, 1, 22, Number.NaN, Number.NaN, Number.NaN],
      }).map(([name, numbers]) => [name, new Float32Array(numbers)]),
    ),
  };
}

/** @template T @param {T | null} value @returns {T} */
function there(value) {
  assert.ok(value);
  return value;
}

test("a map has its path, and of a race what is finite", () => {
  const map = there(mapOf(slope()));
  assert.equal(map.side, 5);
  assert.deepEqual(map.here, [0.5, 0, 11.5]);
  assert.deepEqual(map.path, [
    [0, 0, 11],
    [0.25, 0, 11.25],
  ]);
  assert.deepEqual(map.race, [
    [
      [1, 1, 22],
      [0.5, 0.5, 16.5],
    ],
    [[1, 1, 22]],
  ]);
  assert.equal(
    mapOf({head: {of: "weights", weights: [0, 1], refused: "no"}, values: new Map()}),
    null,
  );
});

test("heights between known places are interpolated, and there are none outside", () => {
  const map = there(mapOf(slope()));
  assert.ok(Math.abs(heightAt(map, [0.3, -0.7]) - 4.3) < 1e-5);
  assert.ok(Math.abs(heightAt(map, [1, 1]) - 22) < 1e-5);
  assert.ok(Number.isNaN(heightAt(map, [1.01, 0])));
});

test("a pixel stands for the place that is drawn there", () => {
  const map = there(mapOf(slope()));
  assert.deepEqual(placeUnder(map, 200, [0, 0]), [-1, 1]);
  assert.deepEqual(placeUnder(map, 200, [200, 100]), [1, 0]);
});

test("losses within a decade have a linear scale, more a logarithmic one", () => {
  const linear = scaleOf(new Float32Array([1, Number.NaN, 5, Number.POSITIVE_INFINITY]));
  assert.deepEqual(linear, {log: false, low: 1, high: 5});
  assert.equal(shareOf(linear, 2), 0.25);
  assert.deepEqual(levelsOf(linear, 3), [2, 3, 4]);
  const log = scaleOf(new Float32Array([0.25, 2.5, 25]));
  assert.deepEqual(log, {log: true, low: 0.25, high: 25});
  assert.ok(Math.abs(shareOf(log, 2.5) - 0.5) < 1e-12);
  assert.ok(Math.abs(lossAt(log, 0.5) - 2.5) < 1e-12);
  assert.equal(shareOf(log, 0), 0);
  assert.equal(scaleOf(new Float32Array([0, 1])).low, 1e-6);
  assert.deepEqual(levelsOf(scaleOf(new Float32Array([Number.NaN])), 2).length, 2);
  assert.deepEqual(levelsOf({log: false, low: 1, high: 1}, 3), []);
});

test("a contour of a slope is a straight line at its level", () => {
  const map = there(mapOf(slope()));
  const pieces = contour(map.heights, map.side, 13.5);
  assert.equal(pieces.length, 4 * 4);
  for (let i = 0; i < pieces.length; i += 2) {
    const [a = 0, b = 0] = [pieces[i], pieces[i + 1]].map(at => (at ?? 0) / 2 - 1);
    assert.ok(Math.abs(a + 10 * b + 11 - 13.5) < 1e-5);
  }
});

test("contours go around a peak, pass a saddle twice, and leave out what is not known", () => {
  const peak = new Float32Array([0, 0, 0, 0, 1, 0, 0, 0, 0]);
  assert.equal(contour(peak, 3, 0.5).length, 4 * 4);
  for (const [middle, joined] of /** @type {const} */ ([
    [0.4, true],
    [0.9, false],
  ])) {
    const pieces = contour(new Float32Array([1, 0, 0, 1]), 2, middle);
    assert.equal(pieces.length, 8);
    // the first crossing lies below; its partner is on the right if the saddle's mean belongs to the corners with 1
    const isRight = pieces[2] === 1;
    assert.equal(isRight, joined);
  }
  assert.deepEqual(contour(new Float32Array([0, 1, Number.NaN, 1]), 2, 0.5), []);
});

test("links say what a surface is over, and clicks on links choose weights in turn", () => {
  for (const text of ["weights,3,17", "weight,4", "gradient", "path", "random"])
    assert.equal(textOf(/** @type {any} */ (subjectOf(text))), text);
  assert.equal(subjectOf(""), null);
  assert.deepEqual(withWeight({of: "weights", weights: [3, 7]}, 9), {
    of: "weights",
    weights: [7, 9],
  });
  assert.deepEqual(withWeight({of: "weights", weights: [3, 7]}, 7), {
    of: "weights",
    weights: [3, 7],
  });
  assert.deepEqual(withWeight({of: "weight", weights: [3, 7]}, 9), {of: "weight", weights: [9, 7]});
});

test("the engine is asked for a race only over two weights", () => {
  const surfacing = {zoom: 1, seed: 2, start: /** @type {const} */ ([1, 2]), races: 3, read: null};
  assert.deepEqual(wishOf(subjectOf("weights,3,4"), surfacing), {
    of: "weights",
    weights: [3, 4],
    zoom: 1,
    seed: 2,
    start: [1, 2],
    races: 3,
  });
  assert.equal(/** @type {any} */ (wishOf(subjectOf("path"), surfacing)).start, null);
  assert.deepEqual(wishOf(null, surfacing), {of: null});
});

test("parameters have the names of their units and inputs", () => {
  const layout = [
    {name: "layer 1 weights", offset: 0, shape: [2, 3]},
    {name: "layer 2 weights", offset: 6, shape: [1, 3]},
    {name: "layer 1 scales", offset: 9, shape: [2]},
  ];
  const server = {...SERVER, facts: {...SERVER.facts, shape: [2, 2, 1], layout}};
  const names = parametersOf(server);
  assert.deepEqual(names[4], {index: 4, name: "Layer 1, neuron 2, weight from X₂"});
  assert.deepEqual(names[8], {index: 8, name: "Output neuron, bias"});
  assert.deepEqual(names[10], {index: 10, name: "Layer 1, neuron 2, scale of batch norm"});
  for (const {index, name} of names) assert.equal(parameterName(server, index), name);
  assert.equal(parameterName(server, 99), "parameter 100");
});

test("words say the loss, its range, the share of the path and the race", () => {
  const surface = slope();
  const map = there(mapOf(surface));
  const words = mapWords(surface.head, map, scaleOf(map.heights)).join(" ");
  assert.match(words, /Loss here 11\.5000/);
  assert.match(words, /This plane holds 83\.1 % of the path\./);
  assert.match(words, /Race over: 250 steps each\./);
  assert.deepEqual(racers(surface.head, map), [
    {name: "SGD", loss: "16.5000"},
    {name: "Adam", loss: "22.0000"},
  ]);
  assert.match(mapWords({...surface.head, done: 0.42}, map, scaleOf(map.heights))[1] ?? "", /42 %/);
  assert.equal(readWords(map, [0.5, 0]), "0.500, 0.000: loss 11.5000");
  assert.match(readWords(map, [5, 0]), /no loss here/);
});

test("a tangent touches the curve of the batch and stays in the picture", () => {
  const surface = /** @type {Surface} */ ({
    head: {of: "weight", weights: [3, 0], numbers: [5], count: 10, slope: 2, after: 0.94},
    values: new Map(
      Object.entries({
        values: [0, 1, 2],
        whole: [1, 2, 3],
        batch: [1, 3, 5],
        points: [0, 4, 99],
        here: [1, 2, 3],
      }).map(([name, numbers]) => [name, new Float32Array(numbers)]),
    ),
  });
  const curves = there(curvesOf(surface));
  const span = spanOf(curves);
  assert.deepEqual([span.low, span.high, span.bottom], [0, 2, 0]);
  assert.ok(Math.abs(span.ceiling - 20 * 1.06) < 1e-9); // four times the highest mean
  for (const [weight, loss] of tangentOf(curves, span)) {
    assert.ok(Math.abs(loss - (3 + 2 * (weight - 1))) < 1e-9);
    assert.ok(loss >= 0 && loss <= span.ceiling);
  }
  const steep = tangentOf({...curves, slope: -1000}, span);
  assert.ok(Math.abs(steep[1][1]) < 1e-6);
  assert.ok(Math.abs(steep[0][1] - span.ceiling) < 1e-6);
  assert.match(
    curveWords(curves, "Output neuron, bias").join(" "),
    /slope is 2\.000, so the next step goes to 0\.940/,
  );
});

test("of a path the window has what lies within it, with the loss where it is cut", () => {
  const window = {centre: /** @type {[number, number]} */ ([1, 0]), radius: 1};
  assert.deepEqual(within(window, [0.5, 0, 3], [1.5, 0.5, 5]), [
    [0.5, 0, 3],
    [1.5, 0.5, 5],
  ]);
  assert.deepEqual(within(window, [1, 0, 3], [3, 0, 5]), [
    [1, 0, 3],
    [2, 0, 4],
  ]);
  assert.deepEqual(within(window, [-1, -2, 0], [3, 2, 8]), [
    [0, -1, 2],
    [2, 1, 6],
  ]);
  assert.equal(within(window, [-1, 0, 0], [1, 3, 8]), null);
  assert.equal(within(window, [3, 0, 0], [3, 1, 8]), null);
});

test("what lies outside has its seat at the edge", () => {
  const window = {centre: /** @type {[number, number]} */ ([1, 0]), radius: 1};
  assert.deepEqual(seatOf(window, [5, 0.25, 7]), [2, 0.25, 7]);
  assert.deepEqual(seatOf(window, [-5, -9, 7]), [0, -1, 7]);
  assert.deepEqual(seatOf(window, [0.5, 0.5, 7]), [0.5, 0.5, 7]);
  assert.ok(isOutside(window, [0.5, 1.5, 7]));
  assert.ok(!isOutside(window, [2, 1, 7]));
});

test("a surface has the heights of the map on its scale, up the map being far", () => {
  const map = there(mapOf(slope()));
  const scale = {log: false, low: 0, high: 22};
  const shares = sharesOf(map, scale);
  assert.equal(shares.length, 25);
  assert.equal(shares[4], 1); // far right: a = 1, b = 1
  assert.equal(shares[20], 0); // near left
  assert.deepEqual(spotOf(map, scale, [1, 1, 22]), [1, TALL, -1]);
  assert.deepEqual(spotOf(map, scale, [0.5, -1, 11]), [0.5, 0, 1]);
  const holed = {
    ...map,
    heights: Float32Array.from(map.heights, (height, i) => (i ? height : Number.NaN)),
  };
  assert.equal(sharesOf(holed, scale)[20], 1);
});

test("a path lies at its own losses, and is cut where it leaves the window", () => {
  const map = there(mapOf(slope()));
  const scale = {log: false, low: 0, high: 20};
  const color = (
    /** @type {import("../../../../../static/labs/plane/surface/surface.js").Place} */ end,
  ) => [end[2], 0, 1];
  const trail = trailOf(
    map,
    scale,
    [
      [0, 0, 5],
      [0, 2, 15],
      [0, 3, 20],
    ],
    color,
  );
  assert.deepEqual(trail, [0, TALL * (2 * 0.25 - 1), 0, 0, 0, -1, 15, 0, 1]); // half way, at a loss of 10
});

test("the pointer reads the nearest height that is drawn there", () => {
  const map = there(mapOf(slope()));
  const scale = scaleOf(map.heights);
  const above = (/** @type {readonly number[]} */ [x = 0, up = 0, near = 0]) =>
    /** @type {[number, number, number]} */ ([100 + 100 * x, 100 + 100 * near, up]);
  assert.deepEqual(placeUnderPixel(map, scale, [152, 99], 6, above), [0.5, 0]);
  assert.equal(placeUnderPixel(map, scale, [130, 100], 6, above), null);
  const front = (/** @type {readonly number[]} */ [x = 0, , near = 0]) =>
    /** @type {[number, number, number]} */ ([100 + 100 * x, 100, near]);
  assert.deepEqual(placeUnderPixel(map, scale, [100, 100], 6, front), [0, -1]);
});

test("words say how far the path lies off the surface, and which methods are outside", () => {
  const {head, values} = slope();
  const map = there(mapOf({head, values}));
  assert.deepEqual(reliefWords(map), []); // it lies on it
  const off = {
    ...map,
    path: /** @type {typeof map.path} */ ([
      [0, 0, 11.5],
      [0.5, 0, 11.25],
      [9, 0, 0],
    ]),
  };
  assert.deepEqual(reliefWords(off), [
    "The path, at its true losses, is up to 0.5000 above and 0.2500 below the surface.",
  ]);
  const words = mapWords(head, {...map, race: [[[1, 3, 5]], [[0, 0, 11]]]}, scaleOf(map.heights));
  assert.equal(words.at(-1), "Outside, where an arrow points: SGD.");
});
