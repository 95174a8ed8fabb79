/** Asks the server what is in a table, and for the points of an experiment as a file. */

/** @import {PlanePreview} from "../../../session/protocol.js" */
/** @import {Roles} from "./roles.js" */

import {HOME} from "../../../session/home.js";

/** @param {string} rest */
function address(rest) {
  return new URL(`tables/${rest}`, HOME);
}

/** Why a table was not taken, by the server or on the way. */
export class NotTaken extends Error {
  /** @param {{field: string, came: string, expected: string} | null} refusal null if there was no answer */
  constructor(refusal) {
    super(refusal?.came ?? "no answer");
    this.refusal = refusal;
  }
}

/**
 * @param {Blob | string} table
 * @param {Roles | null} roles null for those that the columns seem to have
 * @param {AbortSignal} signal
 * @returns {Promise<PlanePreview>} rejects with NotTaken, or with an AbortError
 */
export async function askAbout(table, roles, signal) {
  const query = roles ? `read?roles=${encodeURIComponent(JSON.stringify(roles))}` : "read";
  const kind = typeof table === "string" ? "text/plain" : "application/octet-stream";
  return (await post(query, table, kind, signal)).json();
}

/**
 * @param {string} link of the experiment
 * @param {string} form
 */
export async function pointsAs(link, form) {
  return (await post(`write?form=${form}`, link, "text/plain")).blob();
}

/**
 * @param {string} rest
 * @param {Blob | string} body
 * @param {string} kind
 * @param {AbortSignal | null} signal
 */
async function post(rest, body, kind, signal = null) {
  const headers = {"Content-Type": kind};
  const answer = await fetch(address(rest), {method: "POST", headers, body, signal}).catch(
    failure => {
      if (signal?.aborted) throw failure;
      throw new NotTaken(null);
    },
  );
  if (answer.ok) return answer;
  throw new NotTaken(await answer.json().catch(() => null)); // a proxy may answer with a page of its own
}
