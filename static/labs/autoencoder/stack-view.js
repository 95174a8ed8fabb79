/** The stack: its layers with fields for their widths, the code's slider, presets, and what all of it costs. */

/** @import {AutoencoderPage, AutoencoderShell, AutoencoderState} from "./page.js" */

import {formatCount} from "../../drawing/format.js";
import {byId} from "../../shell/elements.js";
import {change, show} from "./commands.js";

const MOST_LAYERS = 4;
const NEW = 64; // units of a new layer
const A_SECOND = 2e10; // multiplications that one core does, about
const DEAR = 1.5; // seconds of an epoch from which on a visitor is told

export class StackView {
  #shell;
  #chain = byId("layers", HTMLOListElement);
  #cost = byId("cost", HTMLElement);
  #code = byId("code", HTMLInputElement);
  #codeFigure = byId("code-figure", HTMLOutputElement);
  #axes = byId("axes", HTMLElement);
  #tint = byId("tint-label", HTMLElement);

  /** @param {AutoencoderShell} shell */
  constructor(shell) {
    this.#shell = shell;
    this.#chain.addEventListener("change", ({target}) => {
      if (target instanceof HTMLInputElement) this.#widen(target);
    });
    this.#chain.addEventListener("click", ({target}) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (button?.dataset.remove) this.#remove(Number(button.dataset.remove));
    });
    byId("add-layer", HTMLButtonElement).addEventListener("click", () => this.#add());
    this.#code.addEventListener("change", () =>
      this.#shell.send(change({code: Number(this.#code.value)})),
    );
    this.#code.addEventListener("input", () => {
      this.#codeFigure.textContent = this.#code.value;
    });
    for (const button of document.querySelectorAll("[data-preset]"))
      if (button instanceof HTMLButtonElement)
        button.addEventListener("click", () =>
          shell.send(change(JSON.parse(button.dataset.preset ?? "{}"))),
        );
    for (const [id, name] of [
      ["across", "across"],
      ["up", "up"],
      ["tint", "tint"],
    ]) {
      const list = byId(id ?? "", HTMLSelectElement);
      list.addEventListener("change", () => shell.send(show({[name ?? ""]: Number(list.value)})));
    }
  }

  /** @param {AutoencoderPage} state */
  update({server}) {
    if (!server) return;
    const {settings, facts, view} = server;
    this.#showChain(server);
    if (document.activeElement !== this.#code) this.#code.value = String(settings.code);
    this.#codeFigure.textContent = String(settings.code);
    this.#cost.textContent = costWords(facts.parameters, facts.multiplications);
    this.#cost.classList.toggle("dear", facts.multiplications / A_SECOND >= DEAR);
    this.#axes.classList.toggle("unused", settings.code <= 2 || facts.side === 0);
    this.#tint.classList.toggle("unused", facts.factors.length === 0);
    fillNumbers(
      byId("across", HTMLSelectElement),
      settings.code,
      Math.min(view.across, settings.code),
    );
    fillNumbers(byId("up", HTMLSelectElement), settings.code, Math.min(view.up, settings.code));
    byId("tint", HTMLSelectElement).value = String(view.tint);
    const isPoints = facts.side === 0;
    unused("noise", !isPoints);
    unused("loss", isPoints || settings.linear);
    unused("activation", settings.linear);
    document.body.classList.toggle("of-points", isPoints);
  }

  /** Elements are kept while there are as many layers: a field that is typed in keeps the focus. @param {AutoencoderState} server */
  #showChain({settings: {hidden, code}, facts: {widths}}) {
    const inputs = widths[0] ?? 0;
    if (this.#chain.dataset.count !== String(hidden.length)) this.#make(hidden.length);
    const fields = this.#chain.querySelectorAll("input");
    for (const [i, field] of [...fields].entries())
      if (field !== document.activeElement) field.value = String(hidden[i] ?? 0);
    byId("chain-inputs", HTMLElement).textContent = formatCount(inputs);
    byId("chain-decoder", HTMLElement).textContent = [code, ...hidden.toReversed(), inputs]
      .map(formatCount)
      .join(" – ");
    byId("add-layer", HTMLButtonElement).disabled = hidden.length >= MOST_LAYERS;
  }

  /** @param {number} count */
  #make(count) {
    this.#chain.dataset.count = String(count);
    this.#chain.replaceChildren(...Array.from({length: count}, (_, i) => rowOf(i + 1)));
  }

  get #hidden() {
    return this.#shell.state.server?.settings.hidden ?? [];
  }

  /** @param {HTMLInputElement} field */
  #widen(field) {
    const place = Number(field.dataset.layer) - 1;
    const units = Math.round(Number(field.value));
    if (!Number.isFinite(units) || units < 1) {
      field.value = String(this.#hidden[place] ?? 1);
      return;
    }
    this.#shell.send(change({hidden: this.#hidden.map((each, i) => (i === place ? units : each))}));
  }

  /** @param {number} layer from 1 */
  #remove(layer) {
    this.#shell.send(change({hidden: this.#hidden.filter((_, i) => i !== layer - 1)}));
  }

  #add() {
    const last = this.#hidden.at(-1);
    const units = last === undefined ? NEW : Math.max(Math.round(last / 2), 1);
    this.#shell.send(change({hidden: [...this.#hidden, units]}));
  }
}

/** @param {number} layer from 1 */
function rowOf(layer) {
  const row = document.createElement("li");
  const name = document.createElement("span");
  name.textContent = `Layer ${layer}`;
  const field = document.createElement("input");
  Object.assign(field, {type: "number", min: "1", max: "2000", step: "1", inputMode: "numeric"});
  field.dataset.layer = String(layer);
  field.ariaLabel = `Units of encoder layer ${layer}`;
  const button = document.createElement("button");
  Object.assign(button, {type: "button", className: "tiny", textContent: "×"});
  button.ariaLabel = `Remove encoder layer ${layer}`;
  button.dataset.remove = String(layer);
  row.append(name, field, button);
  return row;
}

/** What a stack costs, before it is trained. @param {number} parameters @param {number} multiplications of an epoch */
export function costWords(parameters, multiplications) {
  const seconds = multiplications / A_SECOND;
  const time =
    seconds < 0.1
      ? "an epoch takes less than a tenth of a second"
      : `an epoch takes about ${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s of a core`;
  return `${formatCount(parameters)} parameters; ${time}.`;
}

/** @param {HTMLSelectElement} list @param {number} count @param {number} chosen from 1 */
function fillNumbers(list, count, chosen) {
  if (list.options.length !== count)
    list.replaceChildren(
      ...Array.from({length: count}, (_, i) => new Option(String(i + 1), String(i + 1))),
    );
  list.value = String(chosen);
}

/** A control that does nothing here is not shown. @param {string} control @param {boolean} isUnused */
function unused(control, isUnused) {
  document.querySelector(`[data-control="${control}"]`)?.classList.toggle("unused", isUnused);
}
