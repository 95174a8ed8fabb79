/** What the page that compares runs knows of descent: the error of each racer, and where it is. */

/** @import {Frame} from "./frame.js" */
/** @import {Comparing} from "../../shell/compare/comparing.js" */
/** @import {DescentState} from "./page.js" */

import {readFrame} from "./frame.js";

/** @type {Comparing<DescentState, Frame>} */
export const comparing = {
  readFrame,
  completed: newest => newest,
  charts: ({facts}) =>
    facts.racers.map(({name}, k) => ({
      label: name || "Error",
      train: `racer_${k + 1}`,
      test: null,
    })),
  words: Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map(k => [`racer_${k}`, `Error of racer ${k}`])),
  results: ({runners}, {facts}) =>
    runners.map(({place}, k) => [
      `Place of racer ${k + 1}`,
      place.map((value, i) => `${facts.weights[i] ?? ""} ${value.toPrecision(4)}`).join(", "),
    ]),
  facts: () => [],
};
