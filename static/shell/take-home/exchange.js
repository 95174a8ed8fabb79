/** Asks the server for an experiment in another form. */

import {HOME} from "../../session/home.js";

/** Why a file was not made or opened, in words. */
export class NotTaken extends Error {}

/** @param {string} rest */
function address(rest) {
  const {path = ""} = document.body.dataset;
  return new URL(`${path ? `${path}/` : ""}exports/${rest}`, HOME);
}

/**
 * @param {BodyInit} file of the experiment
 * @param {string} form
 * @param {Record<string, string>} choices of the form
 * @param {AbortSignal | null} signal
 * @returns {Promise<Blob>} rejects with NotTaken, or with an AbortError
 */
export async function formOf(file, form, choices, signal) {
  const query = new URLSearchParams(choices);
  const headers = {"Content-Type": "application/octet-stream"};
  const asked = {method: "POST", headers, body: file, signal};
  const answer = await fetch(address(`${form}?${query}`), asked).catch(failure => {
    if (signal?.aborted) throw failure;
    throw new NotTaken("The server does not answer. Try again.");
  });
  if (answer.ok) return answer.blob();
  throw new NotTaken(wordsOf(await answer.json().catch(() => null))); // a proxy may answer with a page of its own
}

/** @param {{field: string, came: string, expected: string} | null} refusal */
function wordsOf(refusal) {
  if (!refusal) return "The server does not answer. Try again.";
  return `${refusal.field.replaceAll("_", " ")}: ${refusal.came} came, expected ${refusal.expected}.`;
}
