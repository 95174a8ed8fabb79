import assert from "node:assert/strict";
import {test} from "node:test";
import {batchText, formatDiverged} from "../../../static/drawing/format.js";
import {lossLines, ticks} from "../../../static/drawing/loss-chart.js";
import {trailOf, trailScale} from "../../../static/drawing/trail-chart.js";

const BOX = {width: 300, height: 120, left: 40, right: 38, top: 8, bottom: 18};

/** @param {(number | null)[]} trail */
function diverged(trail) {
  return {epoch: 0, step: 18, layer: 1, largest: 1e17, trail};
}

test("the trail ends at the step of the divergence", () => {
  const trail = trailOf(diverged([0.5, 40, null, 7e35]));
  assert.deepEqual(trail?.steps, [15, 16, 17, 18]);
  assert.ok(Number.isNaN(trail?.losses[2]));
});

test("there is none without a divergence, or of a single point", () => {
  assert.equal(trailOf(null), null);
  assert.equal(trailOf(diverged([0.5])), null);
  assert.equal(trailOf(diverged([])), null);
});

test("losses of thirty decades lie on a logarithmic axis, all within the box", () => {
  const trail = trailOf(diverged([0.5, 40, 9e10, 7.8e35]));
  assert.ok(trail);
  const scale = trailScale(trail);
  assert.deepEqual(scale.loss, {log: true, low: 0.1, high: 1e36});
  const points = lossLines(trail.steps, trail.losses, scale, BOX).flat();
  assert.equal(points.length, 4);
  for (const {x, y} of points) {
    assert.ok(x >= BOX.left && x <= BOX.width - BOX.right);
    assert.ok(y >= BOX.top && y <= BOX.height - BOX.bottom);
  }
  assert.ok(ticks(scale.loss).length <= 4);
});

test("three decades and fewer are linear, from zero", () => {
  const scale = trailScale({steps: [0, 1, 2], losses: [1, 10, 999]});
  assert.deepEqual([scale.loss.log, scale.loss.low], [false, 0]);
});

test("losses that are all zero, or no numbers, have an axis too", () => {
  for (const losses of [
    [0, 0],
    [Number.NaN, Number.NaN],
  ]) {
    const {loss} = trailScale({steps: [0, 1], losses});
    assert.ok(loss.high > loss.low);
  }
});

test("after a divergence a loss of thirty digits is only called large", () => {
  assert.equal(formatDiverged(7.8e35), "> 10,000");
  assert.equal(formatDiverged(null), "> 10,000");
  assert.equal(formatDiverged(0.5), "0.5000");
});

test("the place in an epoch is said only inside of it", () => {
  assert.equal(batchText({stepInEpoch: 4, stepsInEpoch: 25}), "batch 4 of 25");
  assert.equal(batchText({stepInEpoch: 0, stepsInEpoch: 25}), "");
});
