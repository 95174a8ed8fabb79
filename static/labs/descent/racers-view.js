/** The table of racers: the rate, the error and the place of each, and how it goes on; and the next step in numbers. */

/** @import {Frame} from "./frame.js" */
/** @import {DescentLook, DescentPage, DescentShell} from "./page.js" */

import {throttle} from "../../drawing/throttle.js";
import {byId} from "../../shell/elements.js";
import {isHidden} from "../../shell/hidden-controls.js";
import {fix, NumberFields, showNumber} from "../../shell/number-field.js";
import {nextByDigit, readNumber} from "../../shell/numbers.js";
import {change} from "./commands.js";
import {equationLines, howWords, markOf, placeText} from "./words.js";

const MOST = 7;

export class RacersView {
  #shell;
  #rows = Array.from({length: MOST}, (_, k) => new Row(k + 1));
  #equation = byId("equation", HTMLElement);
  #title = byId("place-title", HTMLElement);
  #write;

  /** @param {DescentShell} shell @param {AbortSignal} signal ends it */
  constructor(shell, signal) {
    this.#shell = shell;
    this.#write = throttle(
      (/** @type {{frame: Frame, look: DescentLook}} */ {frame, look}) => this.#show(frame, look),
      1,
      signal,
    );
    for (const row of this.#rows)
      new NumberFields(row.rate, {
        read: text => readNumber(text, {min: 0, max: 1000}),
        show: String,
        step: nextByDigit,
        commit: value => this.#type(row.number - 1, value),
      });
  }

  /** @param {DescentPage} state */
  update({server}) {
    if (!server) return;
    const {racers, weights} = server.facts;
    this.#title.textContent = weights.join(", ");
    for (const row of this.#rows) {
      const racer = racers[row.number - 1];
      row.body.hidden = !racer;
      if (!racer) continue;
      if (row.name.textContent !== racer.name) row.name.textContent = racer.name;
      row.rate.ariaLabel = `Rate of ${racer.name}`;
      showNumber(row.rate, String(Number(racer.rate.toPrecision(6))), racer.rate);
      fix(row.rate, isHidden(server, "racer_rates"));
    }
    this.#equation.hidden = racers.length !== 1;
  }

  /** @param {Frame} frame @param {DescentLook} look */
  draw(frame, look) {
    if (look.hurry) this.#write.hurry();
    this.#write.soon({frame, look});
  }

  /** @param {Frame} frame @param {DescentLook} look */
  #show({runners}, {state}) {
    const weights = state.server?.facts.weights ?? [];
    for (const row of this.#rows) {
      const runner = runners[row.number - 1];
      if (!runner) continue;
      set(row.place, placeText(runner.place));
      set(row.mark, markOf(runner.how));
      set(row.how, howWords(runner.how));
      row.body.classList.toggle("diverged", runner.how.diverged !== null);
      row.body.classList.toggle("arrived", runner.how.arrived !== null);
    }
    const [alone] = runners;
    if (alone && runners.length === 1) this.#showEquation(equationLines(weights, alone));
  }

  /** @param {readonly string[]} lines */
  #showEquation(lines) {
    const text = lines.join("\n");
    if (this.#equation.textContent !== text) this.#equation.textContent = text;
  }

  /** @param {number} k @param {number} value */
  #type(k, value) {
    const rates = (this.#shell.state.server?.facts.racers ?? []).map(({rate}) => rate);
    rates[k] = value;
    const isAlone = rates.length === 1; // its rate is the one above the picture
    const settings = isAlone ? {learning_rate: value, rates: []} : {rates};
    return this.#shell.waiting.sendFor(`racer ${k}`, change(settings));
  }
}

class Row {
  /** @param {number} number from 1 */
  constructor(number) {
    this.number = number;
    this.body = byId(`racer-${number}`, HTMLElement);
    this.name = byId(`racer-name-${number}`, HTMLElement);
    this.rate = byId(`racer-rate-${number}`, HTMLInputElement);
    this.place = byId(`racer-place-${number}`, HTMLElement);
    this.mark = byId(`racer-mark-${number}`, HTMLElement);
    this.how = byId(`racer-how-${number}`, HTMLElement);
  }
}

/** @param {HTMLElement} element @param {string} text */
function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
