/** What a lab says about the state of the page: plain functions, as `reduce` is one. */

import type {PageEvent, State} from "./state.js";

export interface LabState {
  /** what it keeps in the state at the beginning */
  first: unknown;
  /** the same after an event, to which the shell has done its part */
  reduce(own: unknown, event: PageEvent, server: State | null): unknown;
  /** what a screen reader is told of a change, or "" */
  announce(before: State, now: State): string;
  /** the place in which a parameter has grown largest */
  divergedIn(server: State): string;
  /** its word for an epoch, where it has another */
  unit?: "step" | "round";
  /** the loss by which training stops */
  stoppedBy(server: State): "training" | "test";
}
