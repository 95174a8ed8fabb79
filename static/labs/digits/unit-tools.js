/** The chosen filter or unit by name; it is switched off and restored here. */

/** @import {AnyCommand} from "../../session/connection.js" */
/** @import {DigitsPage, DigitsShell, DigitsState, TwinName} from "./page.js" */

import {byId} from "../../shell/elements.js";
import {restoreUnit, switchUnit} from "./commands.js";
import {inside, isUnitEdited, isUnitOff, kindOf, layerShown, unitName} from "./state.js";
import {seesImage} from "./weighing.js";

export class UnitTools {
  #shell;
  #title = byId("unit-title", HTMLElement);
  #off = byId("unit-off", HTMLInputElement);
  #edit = byId("edit-filter", HTMLButtonElement);
  #restore = byId("restore-unit", HTMLButtonElement);
  #shuffled = byId("shuffled-note", HTMLElement);

  /** @param {DigitsShell} shell */
  constructor(shell) {
    this.#shell = shell;
    this.#off.addEventListener("change", () => {
      const isOff = this.#off.checked;
      this.#withUnit((twin, layer, unit) => switchUnit(twin, layer, unit, isOff));
    });
    this.#restore.addEventListener("click", () => this.#withUnit(restoreUnit));
  }

  /** @param {DigitsPage} state */
  update({server, own: {unit}}) {
    if (!server) return;
    const kind = kindOf(server);
    this.#title.textContent = unitName(server, unit);
    this.#off.checked = isUnitOff(server, unit);
    const label = this.#off.closest("label");
    if (label) label.hidden = kind === "output"; // an answer without one of the digits would be none
    this.#edit.hidden = kind !== "filter";
    this.#restore.disabled = !isUnitEdited(server, unit);
    this.#shuffled.textContent = server.settings.shuffled_pixels ? shuffledWords(server) : "";
  }

  /** @param {(twin: TwinName, layer: number, unit: number) => AnyCommand} commandOf */
  #withUnit(commandOf) {
    const {server, own} = this.#shell.state;
    if (server) this.#shell.send(commandOf(inside(server), layerShown(server), own.unit));
  }
}

/** @param {DigitsState} server */
function shuffledWords(server) {
  if (seesImage(server))
    return "This network sees the pixels shuffled. Here each weight stands at its pixel’s place.";
  return inside(server) === "plain"
    ? ""
    : "This network sees the pixels shuffled: its maps are of the shuffled picture.";
}
