import assert from "node:assert/strict";
import {beforeEach, test} from "node:test";
import {Connection} from "../../../static/session/connection.js";

/** @import {Connection as Status} from "../../../static/session/state.js" */
/** @import {Rejected, ServerMessage, Welcome} from "../../../static/session/protocol.js" */

const NOW = 1_000_000; // Date.now at the beginning of each test
const PLAY = /** @type {const} */ ({type: "play"});
const PAUSE = /** @type {const} */ ({type: "pause"});
const STEP = /** @type {const} */ ({type: "step", unit: "epoch"});

class FakeSocket {
  static OPEN = 1;
  /** The newest last. @type {FakeSocket[]} */
  static all = [];

  readyState = 0;
  binaryType = "";
  /** @type {string[]} */
  texts = [];
  /** @type {ArrayBuffer[]} */
  parts = [];
  onopen = () => {};
  onmessage = (/** @type {{data: string | ArrayBuffer}} */ _event) => {};
  onclose = (/** @type {{code: number}} */ _event) => {};

  /** @param {string} address */
  constructor(address) {
    this.address = address;
    FakeSocket.all.push(this);
  }

  /** @param {string | ArrayBuffer} message */
  send(message) {
    assert.equal(this.readyState, FakeSocket.OPEN);
    if (typeof message === "string") this.texts.push(message);
    else this.parts.push(message);
  }

  close(code = 1005) {
    this.readyState = 3;
    this.onclose({code});
  }

  // -- what a server does --

  open() {
    this.readyState = FakeSocket.OPEN;
    this.onopen();
  }

  /** @param {ServerMessage} message */
  say(message) {
    this.onmessage({data: JSON.stringify(message)});
  }

  /** What has been sent since this was last asked. */
  heard() {
    return this.texts.splice(0).map(text => JSON.parse(text));
  }
}

class FakeDocument extends EventTarget {
  hidden = false;

  /** @param {boolean} hidden */
  turn(hidden) {
    this.hidden = hidden;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

let page = new FakeDocument();
let browser = new EventTarget();

beforeEach(() => {
  /** @type {Map<string, string>} */
  const stored = new Map();
  page = new FakeDocument();
  browser = new EventTarget();
  FakeSocket.all = [];
  Object.assign(globalThis, {
    WebSocket: FakeSocket,
    document: page,
    addEventListener: browser.addEventListener.bind(browser),
    sessionStorage: {
      getItem: (/** @type {string} */ name) => stored.get(name) ?? null,
      setItem: (/** @type {string} */ name, /** @type {string} */ value) => stored.set(name, value),
    },
  });
});

/**
 * A connection that has been begun, what its listener was told, and time that passes when the test says so. What is
 * random is in the middle.
 * @param {import("node:test").TestContext} t
 */
function begin(t) {
  t.mock.timers.enable({apis: ["setTimeout", "Date"], now: NOW});
  t.mock.method(Math, "random", () => 0.5);
  /** @type {[Status, number][]} */
  const statuses = [];
  /** @type {(ServerMessage | ArrayBuffer)[]} */
  const told = [];
  const connection = new Connection(
    {
      status: (status, retryAt) => statuses.push([status, retryAt]),
      message: message => told.push(message),
      binary: buffer => told.push(buffer),
      link: () => "#v=1&hidden=3",
    },
    {lab: "plane", path: ""},
  );
  connection.open();
  const pass = (/** @type {number} */ ms) => t.mock.timers.tick(ms);
  return {connection, statuses, told, pass};
}

/** The newest socket. */
function line() {
  const newest = FakeSocket.all.at(-1);
  assert.ok(newest);
  return newest;
}

/**
 * @param {Partial<Welcome>} more
 * @returns {Welcome}
 */
function welcome(more = {}) {
  const limits = {hidden_layers: 1, neurons: 2, parameters: 9, batch_size: 9};
  return {
    type: "welcome",
    protocol: 4,
    token: "secret",
    resumed: "none",
    age: 0,
    handled: 0,
    limits,
    ...more,
  };
}

/** @type {Rejected} */
const REJECTED = {type: "rejected", seq: 1, field: "", came: "", expected: "", place: null};

/** The server lets the newest socket in. @param {Partial<Welcome>} more */
function letIn(more = {}) {
  line().open();
  const [hello] = line().heard();
  line().say(welcome(more));
  return hello;
}

// -- hello and numbers --

test("a new tab says hello without a token, and with it when it comes back as the same page", t => {
  const {connection, pass} = begin(t);
  const first = letIn();
  assert.deepEqual(
    {...first, page: ""},
    {type: "hello", protocol: 4, lab: "plane", token: null, page: "", link: "#v=1&hidden=3"},
  );
  assert.equal(connection.isBack, false);
  line().close(1006);
  pass(30_000);
  assert.deepEqual(letIn({resumed: "live"}), {...first, token: "secret"});
  assert.equal(connection.isBack, true);
});

test("a tab comes back to the address that names it", t => {
  const {pass} = begin(t);
  line().close(1006);
  pass(30_000);
  const [first, second] = FakeSocket.all;
  assert.match(first?.address ?? "", /\/live\?tab=[\d-]+$/);
  assert.equal(second?.address, first?.address);
});

test("commands are numbered one after the other, and their numbers returned", t => {
  const {connection} = begin(t);
  letIn();
  assert.deepEqual([connection.send(PLAY), connection.send(PAUSE)], [1, 2]);
  assert.deepEqual(line().heard(), [
    {type: "play", seq: 1},
    {type: "pause", seq: 2},
  ]);
});

test("numbers go on from the last command that the session has handled", t => {
  const {connection} = begin(t);
  letIn({resumed: "live", handled: 7});
  assert.equal(connection.send(PLAY), 8);
});

test("nothing is sent without a connection", t => {
  const {connection, pass} = begin(t);
  assert.equal(connection.send(PLAY), 0);
  letIn();
  line().close(1006);
  assert.equal(connection.send(PLAY), 0);
  connection.tell({type: "ack", frame: 3});
  connection.tell({type: "look", at: [1, 2]});
  assert.deepEqual(line().heard(), []);
  pass(30_000);
  letIn({resumed: "live"});
  assert.deepEqual(line().heard(), []); // nor later
});

test("a frame is acknowledged and a place asked for where there is a connection, without a number", t => {
  const {connection} = begin(t);
  letIn();
  connection.tell({type: "ack", frame: 3});
  connection.tell({type: "look", at: [1, 2]});
  connection.tell({type: "look", at: null});
  assert.deepEqual(line().heard(), [
    {type: "ack", frame: 3},
    {type: "look", at: [1, 2]},
    {type: "look", at: null},
  ]);
  assert.equal(connection.send(PLAY), 1);
});

test("the listener is told all but the farewell", t => {
  const {told} = begin(t);
  letIn();
  line().say(REJECTED);
  const data = new ArrayBuffer(3);
  line().onmessage({data});
  line().say({type: "away", reason: "restart", retry_after: 1});
  assert.deepEqual(told, [welcome(), REJECTED, data]);
  assert.equal(line().binaryType, "arraybuffer");
});

// -- a return --

for (const resumed of /** @type {const} */ (["live", "checkpoint"]))
  test(`after ${resumed} what the session does not know is sent again, in order`, t => {
    const {connection, pass} = begin(t);
    letIn();
    for (const command of [PLAY, PAUSE, STEP]) connection.send(command);
    line().close(1006);
    pass(30_000);
    letIn({resumed, handled: 1});
    assert.deepEqual(line().heard(), [
      {type: "pause", seq: 2},
      {type: "step", unit: "epoch", seq: 3},
    ]);
    assert.equal(connection.send(PLAY), 4);
  });

for (const resumed of /** @type {const} */ (["none", "copy"]))
  test(`after ${resumed} nothing is sent again: it was meant for another session`, t => {
    const {connection, pass} = begin(t);
    letIn();
    connection.send(PLAY);
    line().close(1006);
    pass(30_000);
    letIn({resumed});
    line().close(1006);
    pass(30_000);
    letIn({resumed: "live"});
    assert.deepEqual(line().heard(), []);
  });

test("commands are remembered for a minute", t => {
  const {connection, pass} = begin(t);
  letIn();
  connection.send(PLAY);
  line().say(REJECTED);
  pass(30_001);
  connection.send(PAUSE);
  line().say(REJECTED);
  pass(30_000);
  connection.send(STEP);
  line().close(1006);
  pass(30_000);
  letIn({resumed: "checkpoint"});
  assert.deepEqual(
    line()
      .heard()
      .map(({seq}) => seq),
    [2, 3],
  );
});

test("of very many commands the newest are remembered", t => {
  const {connection, pass} = begin(t);
  letIn();
  for (let number = 1; number <= 600; number++) connection.send(PLAY);
  line().close(1006);
  pass(30_000);
  letIn({resumed: "checkpoint"});
  const numbers = line()
    .heard()
    .map(({seq}) => seq);
  assert.deepEqual(
    numbers,
    Array.from({length: 501}, (_, i) => 100 + i),
  );
});

// -- silence --

test("a server that answers no command is taken for gone", t => {
  const {connection, statuses, pass} = begin(t);
  letIn();
  connection.send(PLAY);
  pass(20_000);
  connection.send(PAUSE); // does not put it off
  pass(4_999);
  assert.equal(statuses.at(-1)?.[0], "open");
  pass(1);
  assert.equal(statuses.at(-1)?.[0], "lost");
});

test("whatever comes shows that the server is there, and without a command it may be silent", t => {
  const {connection, statuses, pass} = begin(t);
  letIn();
  connection.send(PLAY);
  connection.send(PAUSE);
  pass(24_000);
  line().onmessage({data: new ArrayBuffer(1)});
  pass(300_000);
  assert.deepEqual(statuses, [["open", 0]]);
});

// -- the next try --

test("the next try comes after a random time, longer after each failure and at most half a minute", t => {
  const {statuses, pass} = begin(t);
  const waits = [];
  for (let failure = 1; failure <= 9; failure++) {
    line().close(1006);
    const [status, retryAt] = statuses.at(-1) ?? [];
    assert.equal(status, "lost");
    const wait = (retryAt ?? 0) - Date.now();
    waits.push(wait);
    pass(wait - 1);
    assert.equal(FakeSocket.all.length, failure);
    pass(1);
    assert.equal(FakeSocket.all.length, failure + 1);
  }
  assert.deepEqual(waits, [250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
  letIn();
  line().close(1006);
  assert.equal((statuses.at(-1)?.[1] ?? 0) - Date.now(), 250); // a welcome ends the row of failures
});

for (const reason of /** @type {const} */ (["full", "restart"]))
  test(`a server that says ${reason} says when to come again`, t => {
    const {statuses, pass} = begin(t);
    line().open();
    line().say({type: "away", reason, retry_after: 12.5});
    line().close(4013);
    assert.deepEqual(statuses, [[reason, NOW + 12_500]]);
    pass(12_499);
    assert.equal(FakeSocket.all.length, 1);
    pass(1);
    assert.equal(FakeSocket.all.length, 2);
    line().close(1006); // it has said so of the connection before
    assert.deepEqual(statuses.at(-1), ["lost", NOW + 12_500 + 250]);
  });

for (const [code, status] of /** @type {const} */ ([
  [4010, "outdated"],
  [4409, "replaced"],
]))
  test(`after code ${code} the page is ${status} and does not come back`, t => {
    const {connection, statuses, pass} = begin(t);
    letIn();
    line().close(code);
    assert.deepEqual(statuses.at(-1), [status, 0]);
    pass(600_000);
    browser.dispatchEvent(new Event("online"));
    connection.retryNow();
    assert.equal(FakeSocket.all.length, 1);
  });

test("a network that is there again, and a tab that is looked at again, are tried at once", t => {
  const {pass} = begin(t);
  line().close(1006);
  browser.dispatchEvent(new Event("online"));
  assert.equal(FakeSocket.all.length, 2);
  line().close(1006);
  page.turn(true);
  assert.equal(FakeSocket.all.length, 2);
  page.turn(false);
  assert.equal(FakeSocket.all.length, 3);
  browser.dispatchEvent(new Event("online")); // a try is under way
  pass(600_000);
  assert.equal(FakeSocket.all.length, 3);
});

test("a server is told whether the page can be seen, also a server that is new to it", t => {
  const {pass} = begin(t);
  letIn();
  page.turn(true);
  assert.deepEqual(line().heard(), [{type: "visible", visible: false, seq: 1}]);
  line().close(1006);
  pass(30_000);
  letIn({resumed: "live", handled: 1});
  assert.deepEqual(line().heard(), [{type: "visible", visible: false, seq: 2}]);
  page.turn(false);
  assert.deepEqual(line().heard(), [{type: "visible", visible: true, seq: 3}]);
});

test("a file goes in parts of 64 KiB, in order, and none is sent again", t => {
  const {connection} = begin(t);
  connection.bring(new ArrayBuffer(9)); // nobody is there yet
  line().open();
  const file = Uint8Array.from({length: 150_000}, (_, i) => i % 251).buffer;
  connection.bring(file);
  assert.deepEqual(
    line().parts.map(part => part.byteLength),
    [65_536, 65_536, 18_928],
  );
  const joined = new Uint8Array(150_000);
  let at = 0;
  for (const part of line().parts) {
    joined.set(new Uint8Array(part), at);
    at += part.byteLength;
  }
  assert.deepEqual(joined.buffer, file);
  line().close();
  t.mock.timers.tick(60_000);
  line().open();
  assert.deepEqual(line().parts, []);
});
