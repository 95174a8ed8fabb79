/** The colours of the theme that the visitor's machine has, now and whenever it changes. */

import {makePalette} from "../drawing/colors.js";

const dark = matchMedia("(prefers-color-scheme: dark)");

export class Theme {
  palette = choosePalette();

  /** @param {() => void} changed */
  constructor(changed) {
    dark.addEventListener("change", () => {
      this.palette = choosePalette();
      changed();
    });
  }

  /** Another palette of the same colours: whoever draws by a palette draws all anew. */
  renew() {
    this.palette = choosePalette();
  }
}

/** Chooses the palette, and sets the colours of the classes for the style sheet. */
function choosePalette() {
  const chosen = makePalette(dark.matches ? "dark" : "light");
  for (const [k, {point}] of chosen.classes.entries())
    document.documentElement.style.setProperty(`--class-${k}`, point);
  return chosen;
}
