/** What both networks read on the pad: ten bars each, the winner in words, and in brief beside the pad. */

/** @import {Frame} from "./frame.js" */
/** @import {DigitsLook, TwinName} from "./page.js" */

import {formatShare} from "../../drawing/format.js";
import {throttle} from "../../drawing/throttle.js";
import {byId} from "../../shell/elements.js";
import {isEmpty, TWIN_TITLES, TWINS} from "./state.js";

const STROKE = 500; // ms after a change of the pad, in which answers do not wait until they can be read
const REST = 700; // ms without a change, after which a screen reader hears the answers

export class AnswersView {
  #say;
  #bars = new Bars();
  #write;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** The pad whose answers were announced, or are about to be. @type {object | null} */
  #heard = null;
  /** The pad may have changed before its answers come. @type {Float32Array | null} */
  #newest = null;
  /** @type {object | null} */
  #pad = null;
  /** When the pad was last another, in ms. */
  #changed = Number.NEGATIVE_INFINITY;

  /** @param {(text: string) => void} say @param {AbortSignal} signal ends it */
  constructor(say, signal) {
    this.#say = say;
    this.#write = throttle((/** @type {() => void} */ act) => act(), 1, signal);
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  /** @param {Frame} frame @param {DigitsLook} look */
  draw(
    {answers},
    {
      state: {
        own: {pad},
      },
      hurry,
    },
  ) {
    const given = isEmpty(pad) ? null : answers;
    if (pad !== this.#pad) this.#changed = performance.now();
    this.#pad = pad;
    if (hurry || performance.now() - this.#changed < STROKE) this.#write.hurry();
    this.#write.soon(() => this.#bars.show(given));
    this.#newest = given;
    if (pad === this.#heard || !given) return;
    this.#heard = pad;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#announce(), REST);
  }

  #announce() {
    const answers = this.#newest;
    if (!answers) return;
    const texts = TWINS.map((twin, i) => `${TWIN_TITLES[twin]}: ${winnerWords(of(answers, i))}`);
    this.#say(texts.join(" "));
  }
}

class Bars {
  #elements = TWINS.map(twin => ({
    winner: byId(`${twin}-winner`, HTMLElement),
    brief: byId(`${twin}-brief`, HTMLElement),
    items: itemsOf(twin),
  }));

  /** @param {Float32Array | null} answers of both networks; null for an empty pad */
  show(answers) {
    for (const [i, {winner, brief, items}] of this.#elements.entries()) {
      const shares = answers && of(answers, i);
      const text = shares ? winnerWords(shares) : "An empty pad has no answer.";
      if (winner.textContent !== text) winner.textContent = text;
      const short = shares ? briefly(shares) : "–";
      if (brief.textContent !== short) brief.textContent = short;
      const best = shares ? winnerOf(shares) : -1;
      for (const [digit, {item, bar, words}] of items.entries()) {
        const share = shares?.[digit] ?? 0;
        bar.style.transform = `scaleY(${share.toFixed(3)})`;
        item.classList.toggle("best", digit === best);
        words.textContent = shares ? `${digit}: ${formatShare(share)}` : `${digit}: no answer`;
      }
    }
  }
}

/** @param {TwinName} twin */
function itemsOf(twin) {
  return [...byId(`${twin}-answers`, HTMLElement).children].map(item => {
    const [bar, words] = [item.querySelector("i"), item.querySelector(".unseen")];
    if (!bar || !words) throw new Error("an answer needs a bar and words");
    return {item, bar, words};
  });
}

/** @param {Float32Array} answers @param {number} twin */
function of(answers, twin) {
  const classes = answers.length / TWINS.length;
  return answers.subarray(twin * classes, (twin + 1) * classes);
}

/** −1 where one is no number. @param {Float32Array} shares */
export function winnerOf(shares) {
  return shares.indexOf(Math.max(...shares));
}

/** @param {Float32Array} shares */
export function briefly(shares) {
  const best = winnerOf(shares);
  return best < 0 ? "–" : `${best}, ${formatShare(shares[best] ?? 0)}`;
}

/** @param {Float32Array} shares */
export function winnerWords(shares) {
  const best = winnerOf(shares);
  if (best < 0) return "No answer: its numbers have overflowed.";
  const share = shares[best] ?? 0;
  return share < 0.5
    ? `Not sure: perhaps a ${best}, ${formatShare(share)}.`
    : `It reads ${best === 8 ? "an" : "a"} ${best}, ${formatShare(share)}.`;
}
