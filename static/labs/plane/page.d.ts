/** The state of the page as the plane knows it: with its own settings, view, facts and limits. */

import type {PlaneFacts, PlaneSettings, PlaneView} from "../../session/protocol.js";
import type {PageState, State} from "../../session/state.js";
import type {LabShell} from "../../shell/lab.js";

export type Facts = {[name in keyof PlaneFacts]: PlaneFacts[name]};

export type PlaneState = Omit<State, "settings" | "view" | "facts"> & {
  settings: PlaneSettings;
  view: PlaneView;
  facts: Facts;
};

/** What the server allows. */
export type Limits = {
  hidden_layers: number;
  neurons: number;
  parameters: number;
  batch_size: number;
};

/** A neuron by layer and place, both from 1; the output is the neuron of the layer after the last hidden one. */
export interface Unit {
  layer: number;
  neuron: number;
}

/** The neuron that the visitor points at, and the one that is pinned. */
export interface Looked {
  hovered: Unit | null;
  pinned: Unit | null;
}

export type PlanePage = Omit<PageState, "server" | "limits" | "own"> & {
  server: PlaneState | null;
  limits: Limits | null;
  own: Looked;
};

export type PlaneShell = LabShell<PlanePage>;
