/** The lists in which weights are chosen. */

/** @import {PlaneState} from "../page.js" */
/** @import {Subject} from "./subject.js" */

import {byId} from "../../../shell/elements.js";
import {parameterName, parametersOf} from "./parameter-names.js";

const MOST = 600; // parameters in a list; of larger networks it has those that are chosen, and links choose others

export class WeightLists {
  #lists = [byId("surface-first", HTMLSelectElement), byId("surface-second", HTMLSelectElement)];
  #key = "";

  /** @param {(weights: [number, number]) => void} choose */
  constructor(choose) {
    for (const list of this.#lists)
      list.addEventListener("change", () => {
        const [first = 0, second = 1] = this.#lists.map(each => Number(each.value));
        choose([first, second]);
      });
  }

  /** @param {PlaneState} server @param {Subject} subject */
  update(server, {of, weights}) {
    const count = of === "weights" ? 2 : of === "weight" ? 1 : 0;
    const isLong = server.facts.parameter_count > MOST;
    const key = [
      server.run,
      server.settings.inputs,
      isLong ? weights : "",
      server.settings.connections,
    ].join(" ");
    if (count && key !== this.#key) {
      this.#key = key;
      for (const list of this.#lists) fill(list, server, isLong ? weights : null);
    }
    for (const [i, list] of this.#lists.entries()) {
      const row = list.closest("label");
      if (row) row.hidden = i >= count;
      list.value = String(weights[i]);
      for (const option of list.options)
        option.disabled = count === 2 && Number(option.value) === weights[1 - i];
    }
  }
}

/**
 * @param {HTMLSelectElement} list
 * @param {PlaneState} server
 * @param {readonly number[] | null} only
 */
function fill(list, server, only) {
  const named = only
    ? only.map(index => ({index, name: parameterName(server, index)}))
    : parametersOf(server);
  list.replaceChildren(...named.map(({index, name}) => new Option(name, String(index))));
}
