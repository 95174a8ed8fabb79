/** The state of the page as the descent lab knows it: with its own settings, view, facts, and where the pointer is. */

import type {PageState, State, View} from "../../session/state.js";
import type {LabShell, Look} from "../../shell/lab.js";

export type Race = "one" | "rates" | "runners" | "methods";

export type DescentSettings = State["settings"] & {
  problem: string;
  race: Race;
  learning_rate: number;
  start: number[];
  rates: number[];
};

export interface Racer {
  name: string;
  method: string;
  runner: string;
  rate: number;
}

export interface Minimum {
  at: number[];
  error: number;
  is_lowest: boolean;
}

export type DescentFacts = {
  weights: string[];
  window: [number, number][];
  start: number[];
  minima: Minimum[];
  curvatures: [number, number] | null;
  racers: Racer[];
  has_points: boolean;
  across: [number, number] | null;
};

export type DescentState = Omit<State, "settings" | "view" | "facts"> & {
  settings: DescentSettings;
  view: View & {singles: boolean};
  facts: DescentFacts;
};

export interface Own {
  /** where the pointer is in the picture: each weight */
  hover: number[] | null;
}

export type DescentPage = Omit<PageState, "server" | "own"> & {
  server: DescentState | null;
  own: Own;
};

export type DescentShell = LabShell<DescentPage>;

/** The error over the window, once a run. */
export interface Material {
  run: number;
  /** over one weight, from left to right */
  curve: Float32Array | null;
  /** over two, row by row from the top left */
  surface: Float32Array | null;
  /** over one weight, the error of each point: as many rows of the curve's length */
  singles: Float32Array | null;
  /** x and target, x and target, … */
  points: Float32Array | null;
}

export type DescentLook = Look<DescentPage> & {material: Material | null};
