import assert from "node:assert/strict";
import {test} from "node:test";
import {InStep} from "../../../../static/shell/compare/in-step.js";

/**
 * Two runs of these speeds (epochs a ms), told each 16 ms with a delay of 30 ms: their epochs, and how far apart they were.
 * @param {number[]} speeds @param {number} ms
 */
function run(speeds, ms) {
  const inStep = new InStep();
  const epochs = speeds.map(() => 0);
  /** @type {{at: number, until: number}[]} */
  const told = [];
  let [until, apart, messages] = [0, 0, 0];
  for (let now = 0; now < ms; now++) {
    if (now % 16 === 0) {
      const next = inStep.next(Math.floor(Math.min(...epochs)), now);
      if (next !== null) {
        told.push({at: now + 30, until: next});
        messages += 1;
      }
    }
    while (told[0] && told[0].at <= now) until = told.shift()?.until ?? until;
    for (const [i, speed] of speeds.entries())
      epochs[i] = Math.min(until, (epochs[i] ?? 0) + speed);
    apart = Math.max(apart, Math.max(...epochs) - Math.min(...epochs));
  }
  return {epochs, apart, messages, limit: inStep.limit};
}

test("the slowest hardly waits, and the others stay within half a second of it", () => {
  for (const slow of [0.02, 1, 40]) {
    const {epochs, apart, messages} = run([slow, 10 * slow], 10_000);
    assert.ok((epochs[0] ?? 0) > 0.8 * slow * 10_000, `${slow}: ${epochs}`);
    assert.ok(apart <= Math.max(500 * slow, 2), `${slow}: ${apart}`);
    assert.ok(messages < 100, `${slow}: ${messages}`);
  }
});

test("all arrive at the epoch that was told last", () => {
  const inStep = new InStep();
  let last = 0;
  for (let now = 0; now < 3000; now += 100) last = inStep.next(now / 10, now) ?? last;
  assert.equal(inStep.limit, last);
  inStep.begin();
  assert.ok((inStep.next(500, 9000) ?? 0) > 500);
});
