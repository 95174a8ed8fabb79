import assert from "node:assert/strict";
import {test} from "node:test";
import {areWhole, roleOf, withRole} from "../../../../../static/labs/plane/table/roles.js";

/** @type {import("../../../../../static/labs/plane/table/roles.js").Chosen} */
const ROLES = {x: 0, y: 1, target: 3, targets: "classes", scaling: "fit"};
/** @type {{targets: "classes" | "values"}[]} */
const COLUMNS = [
  {targets: "values"},
  {targets: "values"},
  {targets: "values"},
  {targets: "classes"},
];

test("a column that gets a role takes it from the one that had it", () => {
  assert.deepEqual(withRole(ROLES, 2, "x", COLUMNS), {...ROLES, x: 2});
  assert.deepEqual(withRole(ROLES, 1, "x", COLUMNS), {...ROLES, x: 1, y: 0});
  assert.equal(roleOf(withRole(ROLES, 2, "x", COLUMNS), 0), "");
});

test("what is learned is of the kind of its column", () => {
  const values = withRole(ROLES, 2, "target", COLUMNS);
  assert.deepEqual(values, {...ROLES, target: 2, targets: "values"});
  assert.equal(withRole(values, 0, "x", COLUMNS).targets, "values");
  assert.deepEqual(withRole(values, 2, "", COLUMNS), {...ROLES, target: null});
});

test("without one of the axes there is nothing to ask", () => {
  assert.equal(areWhole(ROLES), true);
  assert.equal(areWhole(withRole(ROLES, 1, "", COLUMNS)), false);
});
