import assert from "node:assert/strict";
import {test} from "node:test";
import {contour} from "../../../../../static/labs/plane/surface/contours.js";
import {spanOf, tangentOf} from "../../../../../static/labs/plane/surface/curve-painter.js";
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
import {
  curveWords,
  mapWords,
  racers,
  readWords,
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
  assert.deepEqual(names[10], {index: 10, name: "Layer 1, neuron 2, scale"});
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
