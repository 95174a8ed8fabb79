import assert from "node:assert/strict";
import {afterEach, test} from "node:test";
import {filmOf, NotTaken} from "../../../../static/shell/take-home/exchange.js";
import {filmEstimate, secondsLeft} from "../../../../static/shell/take-home/film-estimate.js";

const original = globalThis.fetch;
Object.assign(globalThis, {document: {body: {dataset: {path: ""}}}});
afterEach(() => Object.assign(globalThis, {fetch: original}));

/** Answer with these bytes, cut into pieces. @param {Uint8Array[]} pieces */
function answering(pieces) {
  const body = new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
  return new Response(body);
}

/** @param {string} text */
const bytes = text => new TextEncoder().encode(text);
const ask = (/** @type {(progress: unknown) => void} */ tell) =>
  filmOf("moment", "gif", {}, new AbortController().signal, tell);

test("lines and film are told apart wherever the line cuts them", async () => {
  const whole = bytes(
    `{"share":0,"bytes":9}\n{"share":1,"bytes":9}\n{"film":6,"type":"image/gif"}\nGIF\n{}`,
  );
  for (const size of [1, 3, 7, 50, 500]) {
    /** @type {Uint8Array[]} */
    const pieces = [];
    for (let at = 0; at < whole.length; at += size) pieces.push(whole.slice(at, at + size));
    Object.assign(globalThis, {fetch: async () => answering(pieces)});
    /** @type {unknown[]} */
    const told = [];
    const film = await ask(progress => told.push(progress));
    assert.deepEqual(told, [
      {share: 0, bytes: 9},
      {share: 1, bytes: 9},
    ]);
    assert.deepEqual([film.type, await film.text()], ["image/gif", "GIF\n{}"]);
  }
});

test("a refusal on the way and an answer that breaks off are said", async () => {
  const refusal = `{"field":"film","came":"nothing","expected":"more"}\n`;
  for (const [said, expected] of [
    [refusal, /film: nothing came, expected more/],
    [`{"share":0.5,"bytes":1}\n`, /does not answer/],
    [`{"film":9,"type":"image/gif"}\nGIF`, /does not answer/],
  ]) {
    Object.assign(globalThis, {fetch: async () => answering([bytes(String(said))])});
    await assert.rejects(
      ask(() => {}),
      error => {
        assert(error instanceof NotTaken);
        assert.match(error.message, /** @type {RegExp} */ (expected));
        return true;
      },
    );
  }
});

test("while others make films it asks again, until it is given up", async () => {
  const busy = () => new Response("{}", {status: 503, headers: {"Retry-After": "0"}});
  const answers = [busy(), busy(), answering([bytes(`{"film":1,"type":"image/gif"}\nG`)])];
  Object.assign(globalThis, {fetch: async () => answers.shift()});
  /** @type {unknown[]} */
  const told = [];
  assert.equal(await (await ask(progress => told.push(progress))).text(), "G");
  assert.deepEqual(told, [null, null]);
  const giveUp = new AbortController();
  Object.assign(globalThis, {
    fetch: async () => new Response("{}", {status: 503, headers: {"Retry-After": "999"}}),
  });
  const waiting = filmOf("moment", "gif", {}, giveUp.signal, () => giveUp.abort());
  await assert.rejects(waiting, {name: "AbortError"});
});

test("a film is estimated before, and the time that is left while it is made", () => {
  const said = filmEstimate({seconds: 5, size: 480, show: "losses", first: 0});
  assert.match(said, /^71 frames, .* 3\.7 MB as GIF, 0\.7 MB as MP4 or WebM, and 5 s to make\.$/); // as measured
  assert.match(
    filmEstimate({seconds: 3, size: 320, show: "neurons", first: 1200}),
    /^41 .* begins at epoch 1,200/,
  );
  assert.equal(secondsLeft(0.01, 9), "");
  assert.equal(secondsLeft(0.25, 4), ", 12 s left");
});
