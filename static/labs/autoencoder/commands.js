/** What the autoencoder lab says to the server. */

/** @import {AnyCommand, Unnumbered} from "../../session/connection.js" */
/** @import {Own} from "./page.js" */

/** @param {object} message @returns {Unnumbered} */
const look = message => /** @type {Unnumbered} */ (/** @type {unknown} */ (message));

/** @param {Record<string, unknown>} settings @returns {AnyCommand} */
export function change(settings) {
  return /** @type {AnyCommand} */ ({type: "change", settings});
}

/** How the page shows the experiment. @param {Record<string, unknown>} view @returns {AnyCommand} */
export function show(view) {
  return /** @type {AnyCommand} */ ({type: "show", ...view});
}

/** Both reconstructions of a test example are wanted. @param {Own["example"]} number */
export function example(number) {
  return look({type: "example", number});
}

/** What is made of a code is wanted. @param {Own} own */
export function decode({code, by}) {
  return look({type: "decode", code, by});
}
