/** The messages, and the state as the plane's views want it: its facts beside the rest. */

import type {PlaneFacts, PlaneSettings, PlaneView, State as Told} from "./protocol.js";

export * from "./protocol.js";

export type Settings = PlaneSettings;
export type View = PlaneView;
export type State = Omit<Told, "settings" | "view" | "facts"> &
  PlaneFacts & {settings: PlaneSettings; view: PlaneView};

/** What the server allows. */
export interface Limits {
  hidden_layers: number;
  neurons: number;
  parameters: number;
  batch_size: number;
}
