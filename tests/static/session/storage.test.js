import assert from "node:assert/strict";
import {beforeEach, test} from "node:test";
import {recall, remember} from "../../../static/session/storage.js";

/** @type {Map<string, string>} */
const kept = new Map();

beforeEach(() => {
  kept.clear();
  Object.assign(globalThis, {
    sessionStorage: {
      getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
      setItem: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value),
    },
  });
});

test("each lab remembers by itself", () => {
  for (const path of ["", "toy", "digits"]) remember("token", `of ${path}`, path);
  for (const path of ["", "toy", "digits"]) assert.equal(recall("token", path), `of ${path}`);
  assert.equal(recall("token", "descent"), null);
});

test("what the first lab and all labs remember has the name that it had before there were others", () => {
  remember("token", "mine");
  assert.match([...kept.keys()].join(), /^token\//);
  assert.equal(recall("token", ""), "mine");
});
