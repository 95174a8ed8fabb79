/** The state of the page as the autoencoder lab knows it: with its own settings, view, facts, and what is looked at. */

import type {PageState, State, View} from "../../session/state.js";
import type {LabShell, Look} from "../../shell/lab.js";

export type AutoencoderSettings = State["settings"] & {
  examples: string;
  hidden: number[];
  code: number;
  linear: boolean;
  batch_size: number;
};

/** See app/labs/autoencoder/facts.py. */
export type AutoencoderFacts = {
  widths: number[];
  parameters: number;
  /** pixels of an image, in both directions; 0 of points */
  side: number;
  classes: number;
  train_examples: number;
  test_examples: number;
  error_pca: number;
  error_nothing: number;
  pca_errors: number[];
  factors: string[];
  multiplications: number;
};

export type AutoencoderState = Omit<State, "settings" | "view" | "facts"> & {
  settings: AutoencoderSettings;
  view: View & {across: number; up: number; tint: number};
  facts: AutoencoderFacts;
};

/** Who makes an example of a code. */
export type Decoder = "decoder" | "pca";

export interface Own {
  /** the test example that is looked at, from 0; null for none */
  example: number | null;
  /** the code that is decoded; null for none */
  code: number[] | null;
  by: Decoder;
}

export type AutoencoderPage = Omit<PageState, "server" | "own"> & {
  server: AutoencoderState | null;
  own: Own;
};

export type AutoencoderShell = LabShell<AutoencoderPage>;

/** The test examples, once a run. */
export interface Material {
  run: number;
  /** side * side bytes each; null of points */
  images: Uint8Array | null;
  /** x and y, x and y, …; null of images */
  points: Float32Array | null;
  labels: Uint8Array;
  /** what is true of each face; null of others */
  factors: Float32Array | null;
  /** as many numbers for each as the code has, at most as many as there are inputs */
  pcaCodes: Float32Array;
  pcaNumbers: number;
  /** of points */
  pcaMean: Float32Array | null;
  pcaComponents: Float32Array | null;
}

export type AutoencoderLook = Look<AutoencoderPage> & {material: Material | null};
