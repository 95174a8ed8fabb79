import assert from "node:assert/strict";
import {test} from "node:test";
import {throttle} from "../../static/throttle.js";

test("the first value comes at once, the last one always", t => {
  let now = 1000;
  t.mock.timers.enable({apis: ["setTimeout"]});
  t.mock.method(performance, "now", () => now);
  /** @type {number[]} */
  const seen = [];
  const {soon, hurry} = throttle(100, (/** @type {number} */ value) => seen.push(value));
  for (const value of [1, 2, 3]) soon(value);
  assert.deepEqual(seen, [1]);
  now += 100;
  t.mock.timers.tick(100);
  assert.deepEqual(seen, [1, 3]);
  t.mock.timers.tick(1000);
  assert.deepEqual(seen, [1, 3]);
  hurry();
  soon(4);
  assert.deepEqual(seen, [1, 3, 4]);
});
