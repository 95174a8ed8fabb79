import assert from "node:assert/strict";
import {test} from "node:test";
import {Pace} from "../../../static/drawing/pace.js";

/** @param {import("node:test").TestContext} t */
function makeClock(t) {
  let now = 1000;
  t.mock.timers.enable({apis: ["setTimeout"]});
  t.mock.method(performance, "now", () => now);
  return (/** @type {number} */ ms) => {
    now += ms;
    t.mock.timers.tick(ms);
  };
}

/**
 * A pace of 25 ms, and how often it has asked for a drawing.
 * @param {import("node:test").TestContext} t
 */
function makePace(t) {
  const pass = makeClock(t);
  const asked = {times: 0};
  const ended = new AbortController();
  const pace = new Pace(
    25,
    () => {
      asked.times += 1;
    },
    ended.signal,
  );
  return {pass, pace, asked, ended};
}

test("what is drawn at a pace of its own is due once in each pause", t => {
  const {pass, pace} = makePace(t);
  const due = [];
  for (let frame = 0; frame < 5; frame++) {
    due.push(pace.isDue(false));
    pass(16);
  }
  assert.deepEqual(due, [true, false, true, false, true]);
});

test("what has been put off is asked for once, even if no frame follows", t => {
  const {pass, pace, asked} = makePace(t);
  assert.ok(pace.isDue(false));
  assert.ok(!pace.isDue(false));
  assert.ok(!pace.isDue(false));
  pass(24);
  assert.equal(asked.times, 0);
  pass(1);
  assert.equal(asked.times, 1);
  assert.ok(pace.isDue(false));
  pass(1000);
  assert.equal(asked.times, 1);
});

test("what a visitor waits for is due at once, and nothing is asked for twice", t => {
  const {pass, pace, asked} = makePace(t);
  assert.ok(pace.isDue(false));
  assert.ok(!pace.isDue(false));
  assert.ok(pace.isDue(true));
  pass(1000);
  assert.equal(asked.times, 0);
});

test("an aborted signal drops the reminder", t => {
  const {pass, pace, asked, ended} = makePace(t);
  assert.ok(pace.isDue(false));
  assert.ok(!pace.isDue(false));
  ended.abort();
  pass(1000);
  assert.equal(asked.times, 0);
});
