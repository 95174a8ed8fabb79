import assert from "node:assert/strict";
import {test} from "node:test";
import {nameFor} from "../../../static/session/storage.js";

test("each lab remembers by itself, the first one under the names of before there were others", () => {
  assert.equal(nameFor("hyperplane-token", ""), "hyperplane-token");
  assert.notEqual(nameFor("hyperplane-token", "toy"), nameFor("hyperplane-token", "digits"));
});
