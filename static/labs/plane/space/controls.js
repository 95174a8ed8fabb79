/** What stands beside the picture of a layer's space: layers with their read-outs, axes, the way to the layer, words. */

/** @import {PlanePage, PlaneShell, PlaneState} from "../page.js" */
/** @import {Choice} from "./choice.js" */
/** @import {Motion} from "./motion.js" */
/** @import {Head} from "./told-space.js" */

import {byId} from "../../../shell/elements.js";
import {Blocks} from "../explain/blocks.js";
import {choiceOf, choiceText, unitsFor, withUnit} from "./choice.js";
import {blocksOf, layerLabel, layerName, layerSigns, lowered, phaseWords} from "./words.js";

const AXES = ["space-x", "space-y", "space-z"];

export class Controls {
  #title = byId("space-title", HTMLElement);
  #layers = byId("space-layers", HTMLElement);
  #kinds = /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll("[name=space-axes]")]);
  #axes = AXES.map(id => byId(id, HTMLSelectElement));
  #morph = byId("space-morph", HTMLInputElement);
  #play = byId("space-play", HTMLButtonElement);
  #phase = byId("space-phase", HTMLElement);
  #blocks = new Blocks(byId("space-body", HTMLElement));
  #shell;
  #motion;
  #phases = 4;

  /** @param {PlaneShell} shell @param {Motion} motion */
  constructor(shell, motion) {
    this.#shell = shell;
    this.#motion = motion;
    for (const kind of this.#kinds)
      kind.addEventListener("change", () => this.#setKind(kind.value));
    for (const [axis, select] of this.#axes.entries())
      select.addEventListener("change", () => this.#setAxis(axis, Number(select.value)));
    this.#morph.addEventListener("input", () => motion.go(this.#morph.valueAsNumber));
    this.#play.addEventListener("click", () => {
      if (motion.isPlaying) motion.go(motion.share);
      else motion.play(this.#phases);
    });
  }

  /** What needs no frame. @param {PlanePage} state */
  update({server}) {
    const choice = choiceOf(server?.view.space ?? "");
    if (!choice || !server) return;
    const {layer, units} = existing(choice, server);
    const width = server.facts.shape[layer] ?? 1;
    const kind = units.length ? String(units.length) : "plane";
    for (const each of this.#kinds) {
      each.checked = each.value === kind;
      each.disabled = each.value === "3" && width < 3;
    }
    this.#title.textContent = `Space of ${layerName(layer, server.facts.shape)}`;
    for (const [axis, select] of this.#axes.entries()) {
      const label = select.closest("label");
      if (label) label.hidden = axis >= units.length;
      fill(select, width);
      select.value = String(units[axis] ?? 1);
    }
  }

  /** At each move. @param {Head} head @param {boolean} isThere whether the phases have come */
  move(head, isThere) {
    this.#phases = head.phases.length;
    const {share, isPlaying} = this.#motion;
    const words = phaseWords(head.phases, isThere ? share : 1);
    if (this.#morph.valueAsNumber !== share) this.#morph.value = String(share);
    this.#morph.ariaValueText = words;
    if (this.#phase.textContent !== words) this.#phase.textContent = words;
    const sign = isPlaying ? "❚❚" : "▶";
    if (this.#play.textContent !== sign) this.#play.textContent = sign;
    this.#play.ariaLabel = isPlaying ? "Stop at this phase" : "Go through the phases";
  }

  /** What changes with the network and the way. @param {Head} head @param {PlaneState} server @param {number} share of the way */
  write(head, server, share) {
    this.#blocks.show(blocksOf(head, server, share));
    const count = server.facts.shape.length;
    while (this.#layers.children.length > count) this.#layers.lastElementChild?.remove();
    for (let layer = 0; layer < count; layer++) {
      const button =
        this.#layers.children[layer] ?? this.#layers.appendChild(this.#makeLayer(layer));
      if (button instanceof HTMLButtonElement) showLayer(button, layer, head, server);
    }
  }

  /** @param {number} layer */
  #makeLayer(layer) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "space-layer";
    button.append(document.createElement("b"), " ", document.createElement("small"));
    button.addEventListener("click", () => {
      if (layer) this.#take({layer});
      else this.#take({layer: 1}, 0);
    });
    return button;
  }

  /** @param {string} kind */
  #setKind(kind) {
    const {server} = this.#shell.state;
    const choice = choiceOf(server?.view.space ?? "");
    if (!choice || !server) return;
    const {layer, units} = existing(choice, server);
    const width = server.facts.shape[layer] ?? 1;
    this.#take({units: kind === "plane" ? [] : unitsFor(Number(kind), units, width)});
  }

  /** @param {number} axis @param {number} unit */
  #setAxis(axis, unit) {
    const {server} = this.#shell.state;
    const choice = choiceOf(server?.view.space ?? "");
    if (choice && server) this.#take({units: withUnit(existing(choice, server).units, axis, unit)});
  }

  /** @param {Partial<Choice>} changed @param {number} share of the way to the layer */
  #take(changed, share = 1) {
    const choice = choiceOf(this.#shell.state.server?.view.space ?? "");
    if (!choice) return;
    this.#motion.go(share);
    this.#shell.send({type: "show", space: choiceText({...choice, ...changed})});
  }
}

/** The choice as the network has it. @param {Choice} choice @param {PlaneState} server @returns {Choice} */
export function existing({layer, units}, {facts: {shape}}) {
  const there = Math.min(layer, shape.length - 1);
  return {
    layer: there,
    units: units.length ? unitsFor(units.length, units, shape[there] ?? 1) : [],
  };
}

/** @param {HTMLSelectElement} select @param {number} width of the layer */
function fill(select, width) {
  if (select.options.length === width) return;
  select.replaceChildren(
    ...Array.from({length: width}, (_, i) => new Option(`o${lowered(i + 1)}`, String(i + 1))),
  );
}

/** @param {HTMLButtonElement} button @param {number} layer @param {Head} head @param {PlaneState} server */
function showLayer(button, layer, head, server) {
  const [sign, score] = layerSigns(head, layer, server);
  const [name, figure] = button.children;
  if (name && name.textContent !== sign) name.textContent = sign;
  if (figure && figure.textContent !== score) figure.textContent = score;
  const label = layerLabel(head, layer, server);
  if (button.ariaLabel !== label) button.ariaLabel = label;
  button.title = label;
  button.ariaPressed = String(layer === head.layer);
}
