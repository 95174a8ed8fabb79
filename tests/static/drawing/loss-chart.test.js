import assert from "node:assert/strict";
import {test} from "node:test";
import {
  epochAxis,
  epochText,
  epochToX,
  lossAxis,
  lossLines,
  lossText,
  lossToY,
  sampleAt,
  spread,
  ticks,
} from "../../../static/drawing/loss-chart.js";

const BOX = {width: 376, height: 140, left: 40, right: 36, top: 10, bottom: 20};

test("a linear axis begins at zero and ends above the highest loss", () => {
  const axis = lossAxis([[0.51, 0.2], [0.55]], false);
  assert.deepEqual(axis, {log: false, low: 0, high: 0.6});
  assert.equal(lossToY(axis, BOX, 0), 120);
  assert.equal(lossToY(axis, BOX, 0.6), 10);
});

test("a logarithmic axis shows from where a loss has climbed, and how far one has fallen", () => {
  const climbed = lossAxis([[0.056, 1e18, 2e36]], true);
  assert.ok(climbed.low <= 0.056 && climbed.high >= 2e36);
  assert.ok(ticks(climbed).length <= 5);
  assert.equal(lossAxis([[0.5, 1e-30]], true).low, 1e-10);
});

test("a logarithmic axis spans the decades of the losses", () => {
  const axis = lossAxis([[0.5, 0.0003, Number.NaN]], true);
  assert.ok(Math.abs(axis.low / 1e-4 - 1) < 1e-9);
  assert.equal(axis.high, 1);
  assert.equal(lossToY(axis, BOX, 1), 10);
  assert.ok(Math.abs(lossToY(axis, BOX, 0.01) - 65) < 1e-9);
});

test("no loss at all still makes an axis", () => {
  for (const log of [false, true])
    for (const series of [[], [[]], [[0]], [[Number.NaN]]])
      assert.ok(lossAxis(series, log).high > lossAxis(series, log).low);
});

test("epochs grow to the right on both kinds of axis", () => {
  for (const log of [false, true]) {
    const axis = epochAxis(1000, log);
    assert.equal(epochToX(axis, BOX, 1000), 340);
    assert.equal(epochToX(axis, BOX, 0), 40);
  }
});

test("lines break where a loss is not finite", () => {
  const scale = {epoch: epochAxis(10, false), loss: lossAxis([[1]], false)};
  const lines = lossLines([0, 1, 2, 3], [1, Number.POSITIVE_INFINITY, 0.5, 0.4], scale, BOX);
  assert.deepEqual(
    lines.map(line => line.length),
    [1, 2],
  );
});

test("a loss smaller than the axis shows has no line along the bottom", () => {
  const scale = {
    epoch: epochAxis(10, false),
    loss: {log: true, low: 0.01, high: 1},
  };
  const bottom = BOX.height - BOX.bottom;
  const at = (/** @type {number} */ epoch) => epochToX(scale.epoch, BOX, epoch);
  const lines = lossLines([0, 1, 2, 3, 4], [0.1, 0.001, 0.0001, 0.001, 0.1], scale, BOX);
  const ends = lines.map(line => line.map(({x, y}) => ({x: Math.round(x), y: Math.round(y)})));
  const middle = Math.round((bottom + BOX.top) / 2);
  const [down, up] = [Math.round(at(0.5)), Math.round(at(3.5))];
  assert.deepEqual(ends, [
    [
      {x: at(0), y: middle},
      {x: down, y: bottom},
    ],
    [
      {x: up, y: bottom},
      {x: at(4), y: middle},
    ],
  ]);
  assert.deepEqual(lossLines([0, 1, 2], [0.01, 0, 0], scale, BOX), [
    [
      {x: at(0), y: bottom},
      {x: at(0), y: bottom},
    ],
  ]);
});

test("the sample nearest to the pointer is found", () => {
  const epochs = [0, 1, 2, 5, 10, 50, 100];
  for (const log of [false, true]) {
    const axis = epochAxis(100, log);
    for (const [i, epoch] of epochs.entries()) {
      if (log && epoch === 0) continue; // lies where epoch 1 is
      assert.equal(sampleAt(axis, BOX, epochToX(axis, BOX, epoch), epochs), i);
    }
    assert.equal(sampleAt(axis, BOX, 3, epochs), null);
    assert.equal(sampleAt(axis, BOX, 100, []), null);
  }
});

test("ticks are few and round", () => {
  assert.deepEqual(ticks({log: false, low: 0, high: 0.6}), [0, 0.3, 0.6]);
  assert.deepEqual(ticks({log: true, low: 1, high: 1000}), [1, 10, 100, 1000]);
  assert.deepEqual(
    ticks({log: true, low: 1, high: 123_456}, 6),
    [1, 10, 100, 1000, 10_000, 100_000],
  );
  assert.ok(ticks({log: true, low: 1e-9, high: 1}).length <= 5);
});

test("axes are short-spoken", () => {
  assert.deepEqual([0, 0.3, 0.0005, 25].map(lossText), ["0", "0.3", "5e-4", "25"]);
  assert.deepEqual([7, 1000, 23_200, 1.5e6].map(epochText), ["7", "1k", "23.2k", "1.5M"]);
});

test("names at the ends of curves are kept apart, as near to their curves as can be", () => {
  assert.deepEqual(spread([10, 50], 12, 100), [10, 50]);
  assert.deepEqual(spread([50, 46], 12, 100), [54, 42]);
  assert.deepEqual(spread([50, 50], 12, 100), [56, 44]); // the first below
  assert.deepEqual(spread([99, 98], 12, 100), [100, 88]);
  assert.deepEqual(spread([30, 31, 32, 80], 12, 100), [19, 31, 43, 80]);
  assert.deepEqual(spread([100, 100, 100], 12, 100), [100, 88, 76]);
});

test("losses below zero stand on an axis that begins below them", () => {
  const axis = lossAxis([[0.4, -0.26], [1.3]], false);
  assert.deepEqual(axis, {log: false, low: -0.3, high: 2});
  assert.deepEqual(lossAxis([[-0.4, -0.26]], false), {log: false, low: -0.4, high: 0});
  assert.equal(lossAxis([[0.4, -0.26]], true).low > 0, true);
  assert.equal(lossText(-0.3), "-0.3");
});
