/** The tiles of own points among the data sets: there as soon as there are some, with a picture of them. */

/** @import {OwnSet, PlanePage} from "../page.js" */

import {dotPaths} from "./own-sets.js";

const DOTS = 200;
const SVG = "http://www.w3.org/2000/svg";

export class OwnTiles {
  #tiles = [...document.querySelectorAll("[data-own]")].filter(each => each instanceof HTMLElement);
  /** What each tile shows. @type {Map<HTMLElement, OwnSet>} */
  #shown = new Map();

  /** @param {PlanePage} state */
  update({server, own: {draw}}) {
    if (!server) return;
    for (const tile of this.#tiles) {
      const problem = tile.dataset.problem === "regression" ? "regression" : "classification";
      const set = draw.kept[problem];
      tile.hidden = !set || problem !== server.facts.problem;
      if (set && set !== this.#shown.get(tile)) paint(tile, set);
      if (set) this.#shown.set(tile, set);
    }
  }
}

/** @param {HTMLElement} tile @param {OwnSet} set */
function paint(tile, set) {
  const paths = [...dotPaths(set, DOTS, [-6, 6])].map(([color, dots]) => {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", dots);
    path.style.stroke = `var(${color})`;
    return path;
  });
  tile.querySelector("svg")?.replaceChildren(...paths);
}
