/** The state of the page as the adversarial lab knows it: with its own settings, view, facts, and what is asked for. */

import type {PageState, State, View} from "../../session/state.js";
import type {LabShell, Look} from "../../shell/lab.js";

export type Side = "generator" | "discriminator";

export type AdversarialSettings = State["settings"] & {
  dataset: string;
  spread: number;
  drawing: number[];
  dimensions: number;
  noise: string;
  generator: number[];
  discriminator: number[];
  objective: string;
  turns: number;
};

export type AdversarialFacts = {
  generator_parameters: number;
  discriminator_parameters: number;
  modes: [number, number][];
  farthest: number;
  work: number;
  is_probability: boolean;
};

export type AdversarialView = View & {
  field: boolean;
  arrows: boolean;
  bent_grid: boolean;
  best: boolean;
};

export type AdversarialState = Omit<State, "settings" | "view" | "facts"> & {
  settings: AdversarialSettings;
  view: AdversarialView;
  facts: AdversarialFacts;
};

/** Sixteen seeds that are asked for; null rounds for none. */
export interface Asked {
  rounds: number | null;
  number: number;
}

export interface Own {
  asked: Asked;
}

export type AdversarialPage = Omit<PageState, "server" | "own"> & {
  server: AdversarialState | null;
  own: Own;
};

export type AdversarialShell = LabShell<AdversarialPage>;

/** The real points, once a run: x and y, x and y, … */
export interface Material {
  run: number;
  points: Float32Array;
}

export type AdversarialLook = Look<AdversarialPage> & {material: Material | null};
