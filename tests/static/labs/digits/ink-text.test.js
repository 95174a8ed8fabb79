import assert from "node:assert/strict";
import {test} from "node:test";
import {PIXELS, withStroke} from "../../../../static/labs/digits/ink.js";
import {inkOf, inkText} from "../../../../static/labs/digits/ink-text.js";
import {linkedOf, padOf} from "../../../../static/labs/digits/state.js";

/** @import {Pad} from "../../../../static/labs/digits/page.js" */

const DRAWN = withStroke(withStroke(null, [5, 4], [20, 5]), [20, 5], [9, 24]);

test("a drawing comes back from its text as it was, and the text is short", () => {
  const whole = Uint8Array.from({length: PIXELS}, (_, i) => (i * 37) % 256);
  for (const ink of [DRAWN, whole, new Uint8Array(PIXELS), new Uint8Array(PIXELS).fill(255)])
    assert.deepEqual(inkOf(inkText(ink)), ink);
  assert.ok(inkText(DRAWN).length < 320, String(inkText(DRAWN).length));
  assert.match(inkText(whole), /^[\w-]+$/);
});

test("runs are those that the server reads", () => {
  const ink = new Uint8Array(PIXELS);
  ink.set([9, 200], 704);
  ink.fill(255, 719);
  const bytes = [...Array(11).fill(63), 129, 9, 200, 12, 127, 64];
  assert.equal(inkText(ink), Buffer.from(bytes).toString("base64url"));
});

test("what is on the pad comes back from a link; an example and an empty pad are in none", () => {
  /** @type {Pad} */
  const pad = {
    ink: DRAWN,
    digit: null,
    move: [3, -4],
    turn: -15,
    scale: 0.85,
    tool: "pen",
    isExample: false,
  };
  assert.deepEqual({...padOf(linkedOf(pad)), isExample: false}, pad);
  const digit = {...pad, ink: null, digit: 1999, tool: /** @type {const} */ ("hand")};
  assert.deepEqual({...padOf(linkedOf(digit)), isExample: false}, digit);
  assert.equal(linkedOf(digit).test_digit, 2000);
  for (const other of [
    {...digit, isExample: true},
    {...pad, ink: null},
  ])
    assert.equal(padOf(linkedOf(other)), null);
});
