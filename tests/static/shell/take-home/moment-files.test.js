import assert from "node:assert/strict";
import {beforeEach, test} from "node:test";
import {NotTaken} from "../../../../static/shell/take-home/exchange.js";
import {isMoment, MomentFiles} from "../../../../static/shell/take-home/moment-files.js";

/** @type {string[]} */
let said = [];
let next = 1;
const line = {
  send: (/** @type {{type: string}} */ command) => {
    said.push(JSON.stringify(command));
    return next && next++;
  },
  bring: (/** @type {ArrayBuffer} */ file) => said.push(`${file.byteLength} bytes`),
};
/** @type {(file: BodyInit | null | undefined) => {ok: boolean, body: unknown}} */
let answer = () => ({ok: true, body: ""});

beforeEach(() => {
  said = [];
  next = 1;
  Object.assign(globalThis, {
    document: {body: {dataset: {path: ""}}},
    fetch: async (/** @type {URL} */ address, /** @type {RequestInit} */ {body}) => {
      said.push(address.pathname.split("/").slice(-2).join("/"));
      const {ok, body: found} = answer(body);
      return {
        ok,
        blob: async () => new Blob([/** @type {BlobPart} */ (found)]),
        json: async () => found,
      };
    },
  });
});

test("the file that comes is that of the oldest question", async () => {
  const files = new MomentFiles(line, 100);
  const [first, second] = [files.take(), files.take()];
  files.came(new ArrayBuffer(1));
  files.came(new ArrayBuffer(2));
  assert.deepEqual(said, ['{"type":"take-home"}', '{"type":"take-home"}']);
  assert.equal((await first).byteLength, 1);
  assert.equal((await second).byteLength, 2);
});

test("an answer without a file ends the waiting, and so does another connection", async () => {
  const files = new MomentFiles(line, 100);
  const [first, second] = [files.take(), files.take()];
  files.answered(1);
  await assert.rejects(first, NotTaken);
  files.forget();
  await assert.rejects(second, NotTaken);
});

test("without a connection nothing is taken", async () => {
  next = 0;
  await assert.rejects(new MomentFiles(line, 100).take(), /Not connected/);
});

test("a file is checked, brought in the form that sessions take, and opened by one command", async () => {
  answer = () => ({ok: true, body: "12345"});
  await new MomentFiles(line, 100).open(new Blob(['{"kind": "moment"}']));
  assert.deepEqual(said, ["exports/safetensors", "5 bytes", '{"type":"open-moment","bytes":5}']);
});

test("what the server refuses is said, and the session hears nothing of it", async () => {
  answer = () => ({ok: false, body: {field: "learning_rate", came: "x", expected: "a number"}});
  await assert.rejects(
    new MomentFiles(line, 100).open(new Blob(["{}"])),
    /^Error: learning rate: x came, expected a number\.$/,
  );
  assert.deepEqual(said, ["exports/safetensors"]);
});

test("a file that is too long is not sent", async () => {
  await assert.rejects(
    new MomentFiles(line, 3).open(new Blob(["four"])),
    /4 bytes came, expected at most 3/,
  );
  assert.deepEqual(said, []);
});

test("a file is known by its beginning", async () => {
  const safetensors = new Blob([new Uint8Array([9, 0, 0, 0, 0, 0, 0, 0]), '{"a": {}}']);
  assert.equal(await isMoment(safetensors), true);
  assert.equal(await isMoment(new Blob(['\n{"kind": "moment",\n "version": 1}'])), true);
  assert.equal(await isMoment(new Blob(['[{"x": 1, "y": 2}]'])), false);
  assert.equal(await isMoment(new Blob(["x;y\n1;2\n"])), false);
  assert.equal(await isMoment(new Blob([])), false);
});
