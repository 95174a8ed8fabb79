/** What the page that compares runs must know of a lab. */

import type {Palette} from "../../drawing/colors.js";
import type {Field} from "../../drawing/difference.js";
import type {Frame} from "../../session/frame.js";
import type {Message} from "../../session/safetensors.js";
import type {State} from "../../session/state.js";

/** Two losses by their names in frames; a lab may have one alone. */
export interface Chart {
  label: string;
  train: string;
  test: string | null;
}

/** What a lab's module `compare.js` exports as `comparing`. */
export interface Comparing<Server = State, Seen extends Frame = Frame, Material = unknown> {
  /** reads the lab's own tensors too */
  readFrame(message: Message): Seen;
  /** completes a frame, which may leave out what has not changed since the one before */
  completed(newest: Seen, before: Seen | null): Seen;
  /** losses that can be drawn together, the first of them at the beginning */
  charts(server: Server): Chart[];
  /** the losses' names, for people */
  words: Readonly<Record<string, string>>;
  /** results beside the losses, in words; the same number of them in each frame of a run */
  results(frame: Seen, server: Server): [label: string, text: string][];
  /** what differs beside the settings, as the shape of a network, in words */
  facts(server: Server): [label: string, text: string][];
  /** if the lab has a picture of each run */
  picture?: Picture<Server, Seen, Material>;
}

export interface Picture<Server, Seen, Material> {
  /** for screen readers */
  label: string;
  readMaterial(message: Message): Material;
  /** what changes with every frame, in pixels of its own */
  paint(canvas: HTMLCanvasElement, shown: Shown<Server, Seen, Material>): void;
  /** what stays while the run does: painted over it, only when the material, the view or the colours change */
  paintOver(
    context: CanvasRenderingContext2D,
    size: number,
    shown: Shown<Server, Seen, Material>,
  ): void;
  /** the numbers of it, if there are some */
  field(frame: Seen, server: Server): Field | null;
}

export interface Shown<Server, Seen, Material> {
  frame: Seen;
  server: Server;
  material: Material | null;
  palette: Palette;
}
