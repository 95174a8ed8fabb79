/** The state of the page as the digits lab knows it: with its own settings, view, facts, and what is on the pad. */

import type {PageState, State, View} from "../../session/state.js";
import type {LabShell, Look} from "../../shell/lab.js";
import type {Pair} from "./misreadings.js";

export type TwinName = "plain" | "convolutional";

/** Layer and unit, both from 1. */
export type Place = [number, number];

export type DigitsSettings = State["settings"] & {
  hidden: number[];
  filters: number[];
  filter_size: number;
  padding: "same" | "valid";
  pooling: "2x2" | "none";
  head: "flatten" | "global-max";
  shuffled_pixels: boolean;
  activation: "relu" | "tanh" | "sigmoid" | "linear";
  plain_off: Place[];
  convolutional_off: Place[];
  stop_set: "train" | "test";
};

/** A layer with weights: see app/labs/digits/facts.py. */
export interface Layer {
  kind: "convolution" | "dense";
  /** or filters */
  units: number;
  /** of a filter, in pixels; 0 of a dense layer */
  size: number;
  /** height and width of what filters make, before pooling; 0 of a dense layer */
  sums_side: number;
  /** the same after pooling */
  side: number;
  pool: "none" | "2x2" | "global";
  parameters: number;
  /** place in the frame's parameters */
  weights_offset: number;
  /** (size, size, channels, filters), (inputs, units), or behind maps (height, width, channels, units); row by row */
  weights_shape: number[];
  biases_offset: number;
}

export type DigitsFacts = {
  plain: Layer[];
  convolutional: Layer[];
  plain_parameters: number;
  convolutional_parameters: number;
  /** whose weights were edited, and can be restored */
  plain_edited: Place[];
  convolutional_edited: Place[];
  classes: number;
  test_digits: number;
  side: number;
};

/** What was on the pad when it last rested, as links have it. */
export type Linked = {
  /** a test digit, from 1; 0 for none */
  test_digit: number;
  /** pixels */
  right: number;
  down: number;
  /** degrees */
  turn: number;
  /** per cent */
  size: number;
  /** a drawing as text, which counts before a test digit; "" for none */
  ink: string;
};

export type DigitsState = Omit<State, "settings" | "view" | "facts"> & {
  settings: DigitsSettings;
  view: View &
    Linked & {
      shift_map: boolean;
      centre: boolean;
      inside_plain: boolean;
      layer: number;
      readouts: boolean;
    };
  facts: DigitsFacts;
};

/** Where the image on the pad lies: turned clockwise and scaled about the pad's middle, then moved. */
export interface Placing {
  /** pixels to the right and down */
  move: readonly [number, number];
  /** degrees */
  turn: number;
  /** a factor */
  scale: number;
}

export interface Pad extends Placing {
  /** drawn by hand, a byte for each pixel; null for none */
  ink: Uint8Array | null;
  /** a test digit, by its number from 0; null where `ink` counts */
  digit: number | null;
  tool: "pen" | "hand";
  /** nobody has chosen this digit: the pen begins with an empty pad */
  isExample: boolean;
}

/** The pen that keys lead. */
export interface Pen {
  /** in pixels of the pad, from its upper left corner */
  at: readonly [number, number];
  isDown: boolean;
}

export interface Own {
  pad: Pad;
  /** null until an arrow key takes it */
  pen: Pen | null;
  /** the cell of the confusion whose digits are shown */
  pair: Pair | null;
  /** the shift whose misread digits are wanted: pixels to the right and down */
  cell: readonly [number, number] | null;
  /** the filter or unit that is shown large, from 1, of the layer that the view has */
  unit: number;
  /** the pixel of its map, or of its picture of weights, that is explained */
  pixel: {row: number; column: number} | null;
  /** the pointer no longer chooses another one by passing over it */
  isPinned: boolean;
}

export type DigitsPage = Omit<PageState, "server" | "own"> & {
  server: DigitsState | null;
  own: Own;
};

export type DigitsShell = LabShell<DigitsPage>;

/** The test digits, once a run. */
export interface Digits {
  run: number;
  /** 784 bytes each */
  images: Uint8Array;
  labels: Uint8Array;
  /** (784,): which input of the networks each pixel is; in order unless pixels are shuffled */
  pixels: Float32Array;
}

export type DigitsLook = Look<DigitsPage> & {digits: Digits | null};
