/** The state of the page as the plane knows it: with its own settings, view, facts and limits. */

import type {AnyCommand} from "../../session/connection.js";
import type {PlaneFacts, PlaneSettings, PlaneView} from "../../session/protocol.js";
import type {PageState, State} from "../../session/state.js";
import type {LabShell} from "../../shell/lab.js";
import type {Phase} from "./explain/phases.js";
import type {Points} from "./frame.js";

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
  points: number;
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

export type Tool = "brush" | "point" | "spray" | "eraser" | "move";
/** A command that brings, adds, erases or moves points. */
export type PointEdit = Extract<
  AnyCommand,
  {type: "learn-points" | "add-points" | "erase-points" | "move-point"}
>;
export type LearnPoints = Extract<PointEdit, {type: "learn-points"}>;

/** An edit of the points that their message does not have yet. */
export interface Stroke {
  /** of the command; 0 while it is not sent */
  seq: number;
  /** whose points have it; null until the command is answered */
  run: number | null;
  edit: PointEdit;
}

/** Own points, as they came. */
export interface OwnSet {
  train: Float32Array;
  test: Float32Array;
  /** 0 for values */
  classes: number;
  columns: readonly string[];
  names: readonly string[];
}

/** How the visitor draws points. */
export interface Drawing {
  isOpen: boolean;
  tool: Tool;
  /** that put points last */
  last: Tool;
  /** of brush, spray and eraser, in per cent of the picture's side */
  radius: number;
  /** the class of new points, from 0 */
  label: number;
  /** of new points, in a regression */
  value: number;
  /** whether the page shows none of the points that the server has */
  isCleared: boolean;
  /** why the last stroke did nothing */
  said: string;
  strokes: readonly Stroke[];
  /** as the server told them last */
  points: Points | null;
  /** the last own points of each problem */
  kept: Readonly<Record<"classification" | "regression", OwnSet | null>>;
}

/** The neuron that the visitor points at, the one that is pinned, and what is open of the panels. */
export interface Looked {
  hovered: Unit | null;
  pinned: Unit | null;
  explain: Explaining;
  surface: Surfacing;
  draw: Drawing;
}

export type PlanePage = Omit<PageState, "server" | "limits" | "own"> & {
  server: PlaneState | null;
  limits: Limits | null;
  own: Looked;
};

export type PlaneShell = LabShell<PlanePage>;
