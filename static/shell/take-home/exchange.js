/** Asks the server for an experiment in another form. */

import {HOME} from "../../session/home.js";

const PROGRESS = "application/x-ndjson";
const BUSY = 503;
const SILENT = "The server does not answer. Try again.";
const LINE_END = 10;

/** Of a film: the share that is done, and its bytes so far. @typedef {{share: number, bytes: number}} Progress */

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
  const answer = await asked(file, form, choices, signal, "*/*");
  if (answer.ok) return answer.blob();
  throw await refusalOf(answer);
}

/**
 * A form that takes its time. While the server makes as many as it can, it asks again.
 * @param {BodyInit} file of the experiment
 * @param {string} form
 * @param {Record<string, string>} choices of the form
 * @param {AbortSignal} signal
 * @param {(progress: Progress | null) => void} tell how far it is; null while others are made
 * @returns {Promise<Blob>} rejects with NotTaken, or with an AbortError
 */
export async function filmOf(file, form, choices, signal, tell) {
  for (;;) {
    const answer = await asked(file, form, choices, signal, PROGRESS);
    if (answer.ok && answer.body) return read(answer.body, signal, tell);
    if (answer.status !== BUSY) throw await refusalOf(answer);
    tell(null);
    await pause(1000 * Number(answer.headers.get("Retry-After") ?? 2), signal);
  }
}

/**
 * Lines of JSON, then the film.
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} body
 * @param {AbortSignal} signal
 * @param {(progress: Progress) => void} tell
 * @returns {Promise<Blob>}
 */
async function read(body, signal, tell) {
  const reader = body.getReader();
  let kept = new Uint8Array();
  for (;;) {
    const {done, value} = await reader.read().catch(failure => {
      if (signal.aborted) throw failure;
      throw new NotTaken(SILENT);
    });
    if (done) throw new NotTaken(SILENT);
    kept = joined(kept, value);
    for (let end = kept.indexOf(LINE_END); end >= 0; end = kept.indexOf(LINE_END)) {
      const said = JSON.parse(new TextDecoder().decode(kept.subarray(0, end)));
      kept = kept.slice(end + 1);
      if ("field" in said) throw new NotTaken(wordsOf(said));
      if ("film" in said) return rest(reader, kept, said);
      tell(said);
    }
  }
}

/**
 * @param {ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>} reader
 * @param {Uint8Array<ArrayBuffer>} first
 * @param {{film: number, type: string}} said
 */
async function rest(reader, first, said) {
  const parts = [first];
  let size = first.length;
  while (size < said.film) {
    const {done, value} = await reader.read();
    if (done) throw new NotTaken(SILENT);
    parts.push(value);
    size += value.length;
  }
  return new Blob(parts, {type: said.type});
}

/** @param {Uint8Array<ArrayBuffer>} first @param {Uint8Array<ArrayBuffer>} second */
function joined(first, second) {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** @param {number} milliseconds @param {AbortSignal} signal @returns {Promise<void>} rejects when it is aborted */
function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const end = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(end);
      reject(signal.reason);
    });
  });
}

/**
 * @param {BodyInit} file
 * @param {string} form
 * @param {Record<string, string>} choices
 * @param {AbortSignal | null} signal
 * @param {string} accept
 */
function asked(file, form, choices, signal, accept) {
  const query = new URLSearchParams(choices);
  const headers = {"Content-Type": "application/octet-stream", Accept: accept};
  const request = {method: "POST", headers, body: file, signal};
  return fetch(address(`${form}?${query}`), request).catch(failure => {
    if (signal?.aborted) throw failure;
    throw new NotTaken(SILENT);
  });
}

/** @param {Response} answer */
async function refusalOf(answer) {
  return new NotTaken(wordsOf(await answer.json().catch(() => null))); // a proxy may answer with a page of its own
}

/** @param {{field: string, came: string, expected: string} | null} refusal */
function wordsOf(refusal) {
  if (!refusal) return SILENT;
  return `${refusal.field.replaceAll("_", " ")}: ${refusal.came} came, expected ${refusal.expected}.`;
}
