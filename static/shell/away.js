/** While the server is away nothing can be run: the picture is grey, and the buttons say so. */

import {byId} from "./elements.js";

const BUTTONS = ["reset", "play", "step", "new-weights"];

/** @param {boolean} away */
export function showAway(away) {
  if (document.body.classList.contains("away") === away) return;
  document.body.classList.toggle("away", away);
  for (const id of BUTTONS) byId(id, HTMLButtonElement).ariaDisabled = away ? "true" : null;
}
