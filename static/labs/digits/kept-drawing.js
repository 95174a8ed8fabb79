/** A drawing survives a reload of the tab: its ink, and where it lies, are kept by the browser for this tab. */

/** @import {Pad} from "./page.js" */

import {recall, remember} from "../../session/storage.js";
import {fromBase64, PIXELS, toBase64} from "./ink.js";
import {isEmpty} from "./state.js";

const [DRAWING, LAB] = ["drawing", "digits"];

/** A pad that is empty or has a test digit has no drawing to keep. @param {Pad} pad */
export function keepDrawing({ink, digit, move, turn, scale, tool}) {
  const isDrawn = ink && digit === null && !isEmpty({ink, digit});
  const text = isDrawn ? JSON.stringify({ink: toBase64(ink), move, turn, scale, tool}) : "";
  remember(DRAWING, text, LAB);
}

/** @returns {Partial<Pad> | null} */
export function keptDrawing() {
  const text = recall(DRAWING, LAB);
  if (!text) return null;
  const kept = JSON.parse(text);
  const ink = fromBase64(kept.ink);
  return ink.length === PIXELS ? {...kept, ink, digit: null} : null;
}
