/** A slider for each number of the code: it starts where the example at hand is, and decodes while it moves. */

/** @import {Frame} from "./frame.js" */
/** @import {AutoencoderLook, AutoencoderShell, AutoencoderState} from "./page.js" */

import {byId} from "../../shell/elements.js";

const STEPS = 200;
const WEAK = 0.3; // correlation below which a number follows nothing

export class NumbersView {
  #shell;
  #list = byId("numbers", HTMLOListElement);
  /** @type {Frame | null} */
  #frame = null;
  /** @type {HTMLInputElement[]} */
  #sliders = [];
  /** @type {HTMLElement[]} */
  #names = [];
  /** From the least to the greatest of the test examples. @type {[number, number][]} */
  #ranges = [];
  /** @type {unknown} */
  #rangesOf = null;

  /** @param {AutoencoderShell} shell */
  constructor(shell) {
    this.#shell = shell;
    this.#list.addEventListener("input", ({target}) => {
      if (target instanceof HTMLInputElement) this.#moved(Number(target.dataset.number));
    });
  }

  /** @param {Frame} frame @param {AutoencoderLook} look */
  draw(frame, {state: {server, own}}) {
    if (!server) return;
    const {code: count} = server.settings;
    if (count !== this.#sliders.length) this.#make(count);
    this.#frame = frame;
    this.#measure(frame, count);
    const code = own.code && own.by === "decoder" ? own.code : frame.rebuilt?.code;
    for (const [i, slider] of this.#sliders.entries()) {
      const name = numberName(i, frame.followed[i], server);
      const label = this.#names[i];
      if (label && label.textContent !== name) {
        label.textContent = name;
        slider.ariaLabel = name;
      }
      if (slider !== document.activeElement || own.code === null) {
        const [low, high] = this.#ranges[i] ?? [-1, 1];
        const share = code ? ((code[i] ?? 0) - low) / (high - low) : 0.5;
        slider.value = String(Math.round(share * STEPS));
      }
    }
  }

  /** Ranges settle: they are taken anew only while nobody decodes. @param {Frame} frame @param {number} count */
  #measure({codes}, count) {
    if (!codes || codes === this.#rangesOf || this.#shell.state.own.code) return;
    this.#rangesOf = codes;
    this.#ranges = Array.from({length: count}, (_, number) => {
      let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      for (let i = number; i < codes.length; i += count) {
        low = Math.min(low, codes[i] ?? 0);
        high = Math.max(high, codes[i] ?? 0);
      }
      return low < high ? [low, high] : [-1, 1];
    });
  }

  /** @param {number} moved */
  #moved(moved) {
    const {own} = this.#shell.state;
    const before = own.code && own.by === "decoder" ? own.code : this.#frame?.rebuilt?.code;
    const code = this.#sliders.map((slider, i) => {
      if (before && i !== moved) return before[i] ?? 0;
      const [low, high] = this.#ranges[i] ?? [-1, 1];
      return low + (Number(slider.value) / STEPS) * (high - low);
    });
    this.#shell.dispatch({type: "own", code, by: "decoder"});
  }

  /** @param {number} count */
  #make(count) {
    this.#ranges = [];
    this.#rangesOf = null;
    this.#sliders = [];
    this.#names = [];
    const items = Array.from({length: count}, (_, i) => {
      const [item, name] = [document.createElement("li"), document.createElement("span")];
      const slider = document.createElement("input");
      Object.assign(slider, {
        type: "range",
        min: "0",
        max: String(STEPS),
        value: String(STEPS / 2),
      });
      slider.dataset.number = String(i);
      slider.dataset.explain = "decode";
      name.ariaHidden = "true";
      item.append(name, slider);
      this.#sliders.push(slider);
      this.#names.push(name);
      return item;
    });
    this.#list.replaceChildren(...items);
  }
}

/**
 * What a number of the code is called: after the factor that it follows most, where it follows one.
 * @param {number} i from 0
 * @param {{factor: number, correlation: number} | undefined} followed
 * @param {AutoencoderState} server
 */
export function numberName(i, followed, {facts: {factors}}) {
  const factor = followed && factors[followed.factor];
  if (!factor || Math.abs(followed.correlation) < WEAK) return `${i + 1}`;
  const sign = followed.correlation < 0 ? "−" : "";
  return `${i + 1} ${factor} ${sign}${Math.abs(followed.correlation).toFixed(2)}`;
}
