import assert from "node:assert/strict";
import {test} from "node:test";
import {scattered, spotsAlong} from "../../../../../static/labs/plane/draw/way.js";

test("a brush puts points evenly along its way, however the way is cut", () => {
  const whole = spotsAlong([0, 0], [100, 0], 25, 0);
  assert.deepEqual(whole, {
    spots: [
      [25, 0],
      [50, 0],
      [75, 0],
      [100, 0],
    ],
    gone: 0,
  });
  let gone = 0;
  const cut = [];
  for (let x = 0; x < 100; x += 10) {
    const part = spotsAlong([x, 0], [x + 10, 0], 25, gone);
    cut.push(...part.spots);
    gone = part.gone;
  }
  assert.deepEqual(cut, whole.spots);
  assert.equal(gone, 0);
});

test("a slanted way is as long as it is, and one that rests has no points", () => {
  assert.deepEqual(spotsAlong([0, 0], [30, 40], 50, 10), {spots: [[24, 32]], gone: 10});
  assert.deepEqual(spotsAlong([5, 5], [5, 5], 25, 12), {spots: [], gone: 12});
});

test("scattered spots fill the circle evenly", () => {
  const spots = Array.from({length: 4000}, () => scattered([10, 20], 8));
  const away = spots.map(([x, y]) => Math.hypot(x - 10, y - 20));
  assert.ok(Math.max(...away) <= 8);
  const inner = away.filter(each => each < 4).length / away.length;
  assert.ok(Math.abs(inner - 0.25) < 0.04, `a quarter of the area, a share of ${inner}`);
  const right = spots.filter(([x]) => x > 10).length / spots.length;
  assert.ok(Math.abs(right - 0.5) < 0.05);
});
