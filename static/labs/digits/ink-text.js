/** A drawing as text, as links have it: runs of pixels in base64. The server checks it (app/labs/digits/ink.py). */

import {PIXELS} from "./ink.js";

const [NONE, FULL] = [0, 255];
const SHORT = 64; // the longest run of pixels without ink, or of full ink
const LONG = 128; // the longest run of others

/**
 * Each run begins with a byte: below 64 for so many and one pixels without ink, below 128 for 64 less of full ink, from
 * 128 on for pixels that follow, a byte each. A digit takes about 270 characters; 784 bytes in base64 would take 1,046.
 * @param {Uint8Array} ink
 */
export function inkText(ink) {
  const packed = [];
  for (let at = 0; at < ink.length; ) {
    const first = ink[at] ?? 0;
    const kind = kindOf(first);
    const most = kind === LONG ? LONG : SHORT;
    let end = at + 1;
    while (end < ink.length && end - at < most && kindOf(ink[end] ?? 0) === kind) end++;
    packed.push(kind + end - at - 1);
    if (kind === LONG) packed.push(...ink.subarray(at, end));
    at = end;
  }
  const text = btoa(String.fromCharCode(...packed));
  return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The byte with which the shortest run begins that has such a pixel. @param {number} pixel */
function kindOf(pixel) {
  if (pixel === NONE) return 0;
  return pixel === FULL ? SHORT : LONG;
}

/** @param {string} text that the server has checked */
export function inkOf(text) {
  const bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const ink = new Uint8Array(PIXELS);
  let filled = 0;
  for (let at = 0; at < bytes.length; ) {
    const kind = bytes.charCodeAt(at++);
    const count = (kind < LONG ? kind % SHORT : kind - LONG) + 1;
    for (let i = 0; i < count; i++)
      ink[filled++] = kind < LONG ? (kind < SHORT ? NONE : FULL) : bytes.charCodeAt(at++);
  }
  return ink;
}
