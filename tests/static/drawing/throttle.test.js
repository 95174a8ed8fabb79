import assert from "node:assert/strict";
import {test} from "node:test";
import {BEAT, throttle} from "../../../static/drawing/throttle.js";

/**
 * A clock that moves timers, and animation frames that come at once.
 * @param {import("node:test").TestContext} t
 */
function makeClock(t) {
  let now = 10 * BEAT;
  t.mock.timers.enable({apis: ["setTimeout"]});
  t.mock.method(performance, "now", () => now);
  Object.assign(globalThis, {requestAnimationFrame: (/** @type {() => void} */ act) => act()});
  return (/** @type {number} */ ms) => {
    now += ms;
    t.mock.timers.tick(ms);
  };
}

test("the first value comes at once, the last one always", t => {
  const pass = makeClock(t);
  /** @type {number[]} */
  const seen = [];
  const {soon, hurry} = throttle((/** @type {number} */ value) => seen.push(value));
  for (const value of [1, 2, 3]) soon(value);
  assert.deepEqual(seen, [1]);
  pass(BEAT);
  assert.deepEqual(seen, [1, 3]);
  pass(10 * BEAT);
  assert.deepEqual(seen, [1, 3]);
  soon(4);
  hurry();
  soon(5);
  assert.deepEqual(seen, [1, 3, 4, 5]);
  pass(BEAT);
  assert.deepEqual(seen, [1, 3, 4, 5]);
});

test("all that is written waits for the same beat, whenever it was written last", t => {
  const pass = makeClock(t);
  let beat = 0;
  /** @type {string[]} */
  const seen = [];
  const writers = ["a", "b"].map(name => throttle(() => seen.push(`${name}${beat}`)));
  writers[0]?.soon(undefined);
  pass(BEAT / 2);
  writers[1]?.soon(undefined);
  for (const writer of writers) writer.soon(undefined);
  beat = 1;
  pass(BEAT / 2);
  assert.deepEqual(seen, ["a0", "b0", "a1", "b1"]);
});

test("an aborted signal drops the value that waits, before its timer and before its frame", t => {
  const pass = makeClock(t);
  /** @type {(() => void)[]} */
  const frames = [];
  Object.assign(globalThis, {
    requestAnimationFrame: (/** @type {() => void} */ act) => frames.push(act),
  });
  for (const isTimerOver of [false, true]) {
    const ended = new AbortController();
    /** @type {number[]} */
    const seen = [];
    const {soon} = throttle((/** @type {number} */ value) => seen.push(value), 1, ended.signal);
    soon(1);
    soon(2);
    if (isTimerOver) pass(BEAT);
    ended.abort();
    pass(BEAT);
    for (const act of frames) act();
    assert.deepEqual(seen, [1]);
    assert.equal(frames.length, Number(isTimerOver));
  }
});
