/** Sixteen seeds at once as small pictures, and how many of them collapsed. */

/** @import {Frame, Seed} from "./frame.js" */
/** @import {AdversarialLook, AdversarialPage, AdversarialShell} from "./page.js" */

import {sharpen} from "../../drawing/canvas.js";
import {throttle} from "../../drawing/throttle.js";
import {onClick} from "../../shell/controls.js";
import {byId} from "../../shell/elements.js";
import {change} from "./commands.js";
import {paintDots, squareIn} from "./plane.js";
import {costText, percent, seedsText} from "./words.js";

export class SeedsView {
  #shell;
  #rounds = byId("seed-rounds", HTMLSelectElement);
  #cost = byId("seeds-cost", HTMLElement);
  #start = byId("try-seeds", HTMLButtonElement);
  #stop = byId("stop-seeds", HTMLButtonElement);
  #words = byId("seeds-words", HTMLElement);
  #tiles = /** @type {HTMLButtonElement[]} */ ([
    ...byId("seed-tiles", HTMLElement).querySelectorAll("button"),
  ]);
  #number = 0;
  /** @type {unknown} */
  #painted = null;
  #write;

  /** @param {AdversarialShell} shell @param {AbortSignal} signal ends it */
  constructor(shell, signal) {
    this.#shell = shell;
    onClick("try-seeds", () => this.#ask(Number(this.#rounds.value)));
    onClick("stop-seeds", () => this.#ask(null));
    this.#rounds.addEventListener("change", () => this.update(shell.state));
    for (const [k, tile] of this.#tiles.entries())
      tile.addEventListener("click", () => shell.send(change({seed: String(k + 1)})));
    this.#write = throttle((/** @type {Frame} */ frame) => this.#say(frame), 4, signal);
  }

  /** @param {AdversarialPage} state */
  update({server, own}) {
    if (!server) return;
    const text = costText(server.facts, Number(this.#rounds.value));
    if (this.#cost.textContent !== text) this.#cost.textContent = text;
    const isAsked = own.asked.rounds !== null;
    this.#start.textContent = isAsked ? "Try again" : "Try 16 seeds";
    this.#stop.hidden = !isAsked;
    byId("seed-tiles", HTMLElement).hidden = !isAsked;
    this.#words.hidden = !isAsked;
  }

  /** @param {Frame} frame @param {AdversarialLook} look */
  draw(frame, {palette, state}) {
    const {seeds, seedFakes} = frame;
    const {server, own} = state;
    if (!server || !seeds || !seedFakes || seeds.number !== own.asked.number) return;
    this.#write.soon(frame);
    if (seedFakes === this.#painted) return;
    this.#painted = seedFakes;
    const length = seedFakes.length / this.#tiles.length;
    for (const [k, tile] of this.#tiles.entries()) {
      const canvas = tile.querySelector("canvas");
      if (!canvas || canvas.clientWidth === 0) continue;
      const {clientWidth: width, clientHeight: height} = canvas;
      const context = sharpen(canvas, width, height);
      const box = squareIn(width, height);
      const {farthest, modes} = server.facts;
      const centres = new Float32Array(modes.flat());
      paintDots(context, box, farthest, centres, {color: palette.positive, radius: 2});
      const fakes = seedFakes.subarray(k * length, (k + 1) * length);
      paintDots(context, box, farthest, fakes, {color: palette.negative, radius: 0.8});
    }
  }

  /** The next look says so. @param {number | null} rounds */
  #ask(rounds) {
    this.#number += 1;
    this.#shell.dispatch({type: "own", asked: {rounds, number: this.#number}});
    this.#shell.redraw();
  }

  /** @param {Frame} frame */
  #say({seeds}) {
    if (!seeds) return;
    const hasModes = Boolean(this.#shell.state.server?.facts.modes.length);
    this.#words.textContent = seedsText(seeds, hasModes);
    for (const [k, tile] of this.#tiles.entries()) {
      const seed = seeds.each[k];
      const said = tile.querySelector("span");
      if (!seed || !said) continue;
      const isDone = seed.diverged || seed.rounds >= seeds.rounds;
      tile.classList.toggle("collapsed", isDone && seed.collapsed);
      said.textContent = tileText(seed, hasModes);
      tile.ariaLabel = `Open seed ${k + 1}: ${said.textContent}${isDone ? "" : ", still playing"}`;
    }
  }
}

/** @param {Seed} seed @param {boolean} hasModes */
function tileText({covered, good, diverged}, hasModes) {
  if (diverged) return "diverged";
  return hasModes ? `${covered} modes` : `${percent(good)} good`;
}
