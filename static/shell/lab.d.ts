/** The contract of a lab and the shell. */

import type {Palette} from "../drawing/colors.js";
import type {AnyCommand, Unnumbered} from "../session/connection.js";
import type {Frame} from "../session/frame.js";
import type {LabState} from "../session/lab-state.js";
import type {Rejected} from "../session/protocol.js";
import type {Message} from "../session/safetensors.js";
import type {PageEvent, PageState, State} from "../session/state.js";
import type {Health} from "./health.js";
import type {Typed} from "./number-kinds.js";
import type {Waiting} from "./waiting.js";

/** What the module of a lab exports as `lab`. */
export interface Lab {
  /** its part of the state of the page */
  state: LabState;
  /** reads the lab's own tensors too */
  readFrame(message: Message): Frame;
  /** rows of the settings whose control does not simply show and change them */
  settings: Readonly<Record<string, Partial<Row>>>;
  /** what screen readers say at once of the lab's own commands */
  spoken: Readonly<Partial<Record<AnyCommand["type"], string>>>;
  health: HealthWords;
  /** controls without effect in this experiment, which a link may hide */
  unused(server: State): string[];
  /** finds its elements in the page and listens to them */
  mount(shell: LabShell): MountedLab;
}

export interface MountedLab {
  /** after each change of the state; `before` is null if everything is to be shown anew */
  update(state: PageState, before: PageState | null): void;
  /** in `requestAnimationFrame`; the frame is null until one of this run has come */
  draw(frame: Frame | null, look: Look): void;
  /** the material of a run, to which its frames refer, such as points */
  receive(message: Message): void;
  /** completes a frame: it may leave out what has not changed since the one before */
  complete(before: Frame, newest: Frame): Frame;
  /** a command that is about to be sent */
  note(command: AnyCommand): void;
  /** says a refusal beside the control that its command came from; returns whether it did */
  refused?(rejected: Rejected): boolean;
  /** a new connection knows nothing of what the lab has told the last one */
  reconnect(): void;
  /** what its own keys do */
  readonly keys: Readonly<Record<string, () => void>>;
  /** what Escape does, from the inside out: see escape.js */
  readonly takesBack: readonly (() => boolean)[];
  /**
   * the last call: its listeners on document and window, its observers, timers and frames are gone, so that the page could
   * show another lab; listeners on elements go with the lab's elements
   */
  unmount(): void;
}

/** How a control shows the state, and what it sends. */
export interface Row<Server = State> {
  /** the element's */
  id: string;
  shows(server: Server): string;
  sends(text: string): AnyCommand;
  /** how numbers that the list lacks are typed */
  typed?: Typed;
}

/** What a lab adds to the verdict on a run. */
export interface HealthWords {
  /** why it is stuck */
  causes: Readonly<Record<string, (figures: Record<string, number>) => string>>;
  /** the text of the button that sends the remedy; "" if there is none, or if a lesson hides its control */
  tryName(health: Health, server: State): string;
}

/** How to draw. */
export interface Look<Page = PageState> {
  state: Page;
  palette: Palette;
  /** a visitor waits for this */
  hurry: boolean;
}

/** What the shell does for a lab. */
export interface LabShell<Page = PageState> {
  /** the present state of the page */
  readonly state: Page;
  /** controls whose answer is on its way */
  readonly waiting: Waiting;
  /** returns the command's number, 0 if it could not be sent */
  send(command: AnyCommand): number;
  /** the same, but silent if there is no connection */
  mention(command: AnyCommand): void;
  /** opens it here, or on the page of its lab; returns whether that could be tried */
  openLink(link: string): boolean;
  /** opens a file if it holds an experiment; returns whether it does */
  openFile(file: File): Promise<boolean>;
  /** a message that has no answer */
  tell(message: Unnumbered): void;
  dispatch(event: PageEvent): void;
  /** lets screen readers say a text */
  say(text: string): void;
  /** draws with the next frame of the screen */
  redraw(): void;
}
