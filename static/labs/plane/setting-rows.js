/** The settings of the plane whose control does not simply show and change them. */

/** @import {Row} from "../../shell/lab.js" */
/** @import {PlaneState} from "./page.js" */

/** @type {Readonly<Record<string, Partial<Row<PlaneState>>>>} */
export const SETTING_ROWS = {
  activation: {
    shows: ({settings: {activation, activations}}) => {
      const all = new Set(activations.map(own => (own === "same" ? activation : own)));
      return all.size > 1 ? "mixed" : ([...all][0] ?? activation);
    },
    sends: activation => ({type: "change", settings: {activation, activations: []}}),
  },
  loss: {shows: server => server.facts.objective},
  classes: {shows: server => String(server.facts.classes || 2)},
};
