/** Which column of a table is for what, as the visitor chooses it. */

/** @import {PlanePreview} from "../../../session/protocol.js" */

/** @typedef {NonNullable<PlanePreview["roles"]>} Roles */
/** @typedef {"x" | "y" | "target"} Role */
/** The roles while an axis may have no column yet. @typedef {Omit<Roles, "x" | "y"> & {x: number | null, y: number | null}} Chosen */

/** @type {readonly Role[]} */
const ROLES = ["x", "y", "target"];

/**
 * What the column at a place is for; "" for nothing.
 * @param {Chosen} roles
 * @param {number} place
 * @returns {Role | ""}
 */
export function roleOf(roles, place) {
  return ROLES.find(role => roles[role] === place) ?? "";
}

/**
 * With another role for one column: the column that had it gets the role that this one had.
 * @param {Chosen} roles
 * @param {number} place
 * @param {Role | ""} role
 * @param {readonly {targets: Roles["targets"]}[]} columns
 * @returns {Chosen}
 */
export function withRole(roles, place, role, columns) {
  const before = roleOf(roles, place);
  const changed = {...roles};
  if (before) changed[before] = role ? roles[role] : null;
  if (role) changed[role] = place;
  if (changed.target === roles.target) return changed;
  const target = changed.target === null ? undefined : columns[changed.target];
  return {...changed, targets: target?.targets ?? "classes"};
}

/**
 * Whether there is enough to ask the server for points.
 * @param {Chosen} roles
 * @returns {roles is Roles}
 */
export function areWhole(roles) {
  return roles.x !== null && roles.y !== null;
}
