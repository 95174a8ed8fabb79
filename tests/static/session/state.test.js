import assert from "node:assert/strict";
import {test} from "node:test";
import {planeState} from "../../../static/labs/plane/state.js";
import {firstState, reduce as reduceAny} from "../../../static/session/state.js";
import {SERVER} from "../told.js";

/** @import {PageEvent, PageState} from "../../../static/session/state.js" */

const PAGE = firstState(planeState);

/** @param {PageState} state @param {PageEvent} event */
const reduce = (state, event) => reduceAny(state, event, planeState);

/**
 * @param {PageEvent[]} events
 * @returns {PageState}
 */
function after(...events) {
  return events.reduce(reduce, reduce(PAGE, {type: "state", server: SERVER}));
}

test("divergence is explained with its step, and forgotten when it is over", () => {
  const server = {
    ...SERVER,
    divergence: {epoch: 3, step: 1083, layer: 2, largest: 3e20, trail: []},
  };
  const diverged = after({type: "state", server});
  assert.match(diverged.notice?.text ?? "", /diverged after step 1,083/);
  assert.match(diverged.notice?.text ?? "", /largest weight, 3\.0e\+20, is in layer 2/);
  assert.equal(diverged.notice?.action, "diverged");
  assert.equal(reduce(diverged, {type: "state", server: SERVER}).notice, null);
});

test("a rejection says which field, what came and what was expected", () => {
  const state = after({
    type: "rejected",
    rejected: {
      type: "rejected",
      seq: 4,
      field: "learning_rate",
      came: "-5",
      expected: "a number",
      place: null,
    },
  });
  assert.equal(state.notice?.text, "learning rate: -5 came, expected a number");
  assert.equal(state.announcement, state.notice?.text);
  assert.equal(reduce(state, {type: "dismiss"}).notice, null);
});

test("playing and pausing are announced once, frames never", () => {
  const playing = after({type: "state", server: {...SERVER, playing: true}});
  assert.equal(playing.announcement, "Playing");
  const paused = reduce(playing, {type: "state", server: SERVER});
  assert.equal(paused.announcement, "Paused");
});

test("a welcome opens the connection", () => {
  const limits = {hidden_layers: 8, neurons: 32, parameters: 10_000, batch_size: 500};
  assert.equal(
    after({type: "welcome", limits, resumed: "none", age: 0, expected: false}).connection,
    "open",
  );
  const lost = after({type: "connection", connection: "lost", retryAt: 5});
  assert.deepEqual([lost.connection, lost.retryAt], ["lost", 5]);
});

test("what could not be sent is said, until there is a connection again", () => {
  const offline = after({type: "offline"});
  assert.match(offline.notice?.text ?? "", /nothing was changed/);
  const limits = {hidden_layers: 8, neurons: 32, parameters: 10_000, batch_size: 500};
  assert.equal(
    reduce(offline, {type: "welcome", limits, resumed: "live", age: 0, expected: true}).notice,
    null,
  );
});

test("the same words are announced twice", () => {
  const once = after({type: "announce", text: "Reset"});
  const twice = reduce(once, {type: "announce", text: "Reset"});
  assert.notEqual(twice.announcement, once.announcement);
  assert.equal(twice.announcement.trim(), "Reset");
});

test("a mistake of the server is said, until a reset", () => {
  const state = after({type: "state", server: {...SERVER, failed: true}});
  assert.equal(state.notice?.action, "failed");
  assert.match(state.announcement, /Reset, or open another experiment/);
  assert.equal(reduce(state, {type: "state", server: SERVER}).notice, null);
});

test("a stop at a loss that is no number says it in words", () => {
  const stop = {reason: /** @type {const} */ ("plateau"), epoch: 7, value: null};
  const {notice} = after({type: "state", server: {...SERVER, stop}});
  assert.match(notice?.text ?? "", /the test loss has overflowed/);
});

test("a stop says why, until training goes on", () => {
  const settings = {...SERVER.settings, stop_loss: 0.1, stop_set: /** @type {const} */ ("train")};
  const stop = {reason: /** @type {const} */ ("loss"), epoch: 1234, value: 0.0987};
  const state = after({type: "state", server: {...SERVER, settings, stop}});
  assert.match(state.notice?.text ?? "", /at epoch 1,234: the training loss has fallen to 0\.0987/);
  assert.match(state.announcement, /Training stopped at epoch 1,234/);
  assert.equal(reduce(state, {type: "state", server: SERVER}).notice, null);
});

test("a stop without gain names the best epoch and offers it, while it is kept", () => {
  const settings = {...SERVER.settings, stop_plateau: 100};
  const stop = {reason: /** @type {const} */ ("plateau"), epoch: 131, value: 0.45};
  const kept = after({type: "state", server: {...SERVER, settings, stop, best_epoch: 31}});
  assert.match(
    kept.notice?.text ?? "",
    /^Training stopped at epoch 131: the test loss has not improved on 0\.4500 since epoch 31\./,
  );
  assert.equal(kept.notice?.action, "better");
  assert.equal(reduce(kept, {type: "state", server: SERVER}).notice, null);
  const gone = after({type: "state", server: {...SERVER, settings, stop}});
  assert.match(gone.notice?.text ?? "", /not improved on 0\.4500 for 100 epochs/);
  assert.equal(gone.notice?.action, "stopped");
});

test("the page says what it got after a restart, and says nothing to a newcomer", () => {
  const limits = {hidden_layers: 8, neurons: 32, parameters: 10_000, batch_size: 1200};
  /** @param {"live" | "checkpoint" | "copy" | "none"} resumed @param {boolean} expected */
  const told = (resumed, expected, age = 0) =>
    after({type: "welcome", limits, resumed, age, expected}).notice?.text ?? "";
  assert.match(told("checkpoint", true, 4.2), /as it was 4 s ago/);
  assert.match(told("checkpoint", true, 7200), /2 hours ago/);
  assert.match(told("copy", true), /network of its own/);
  assert.match(told("none", true), /a new one begins/);
  assert.equal(told("none", false), "");
  assert.equal(told("live", true), "");
});
