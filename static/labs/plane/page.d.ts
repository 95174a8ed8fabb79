/** The state of the page as the plane knows it: with its own settings, view, facts and limits. */

import type {PlaneFacts, PlaneSettings, PlaneView} from "../../session/protocol.js";
import type {PageState, State} from "../../session/state.js";
import type {LabShell} from "../../shell/lab.js";
import type {Phase} from "./explain/phases.js";

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

/** Where the visitor is in the explanation of a step. */
export interface Explaining {
  phase: Phase;
  /** which point of the batch, from 0 */
  example: number;
  /** which parameter of the neuron the step is written for, from 0 */
  chosen: number;
  /** whether central differences stand beside the gradient */
  isChecked: boolean;
  /** where the probe is dragged to; null while it rests */
  place: readonly [number, number] | null;
}

/** How the visitor looks at the loss surface. */
export interface Surfacing {
  /** each step makes the radius smaller by the root of two */
  zoom: number;
  /** of the random directions */
  seed: number;
  /** of a race, in values of the two weights; null without one */
  start: readonly [number, number] | null;
  /** how many races there were */
  races: number;
  /** the place of the map that is read */
  read: readonly [number, number] | null;
}

/** The neuron that the visitor points at, the one that is pinned, and what is open of the panels. */
export interface Looked {
  hovered: Unit | null;
  pinned: Unit | null;
  explain: Explaining;
  surface: Surfacing;
}

export type PlanePage = Omit<PageState, "server" | "limits" | "own"> & {
  server: PlaneState | null;
  limits: Limits | null;
  own: Looked;
};

export type PlaneShell = LabShell<PlanePage>;
