/** What the descent lab says to the server. */

/** @import {AnyCommand, Unnumbered} from "../../session/connection.js" */
/** @import {Own} from "./page.js" */

/** @param {Record<string, unknown>} settings @returns {AnyCommand} */
export function change(settings) {
  return /** @type {AnyCommand} */ ({type: "change", settings});
}

/** Begin there; nothing for the error's own start. @param {readonly number[]} start */
export function drop(start) {
  return change({start: [...start]});
}

/** @returns {AnyCommand} */
export function newPoints() {
  return /** @type {AnyCommand} */ ({type: "new-points"});
}

/** The error there is wanted. @param {Own["hover"]} at @returns {Unnumbered} */
export function hover(at) {
  return /** @type {Unnumbered} */ (/** @type {unknown} */ ({type: "hover", at}));
}
