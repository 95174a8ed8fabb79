/** What a lab is for the shell, and the shell for a lab: types alone. */

/** @import {AnyCommand, Unnumbered} from "../session/connection.js" */
/** @import {Palette} from "../drawing/colors.js" */
/** @import {Frame} from "../session/frame.js" */
/** @import {Limits, State} from "../session/protocol.js" */
/** @import {Message} from "../session/safetensors.js" */
/** @import {LabState, PageEvent, PageState} from "../session/state.js" */
/** @import {Row} from "./controls.js" */
/** @import {HealthWords} from "./health.js" */
/** @import {Waiting} from "./waiting.js" */

/**
 * A lab's module exports one as `lab`.
 * @typedef {object} Lab
 * @property {LabState} state its part of the state of the page
 * @property {(message: Message) => Frame} readFrame with the tensors that are its own
 * @property {Readonly<Record<string, Partial<Row>>>} settings where a setting's control does not simply show and change it
 * @property {Readonly<Partial<Record<AnyCommand["type"], string>>>} spoken what a visitor who cannot see the page is told
 *   at once of its own commands
 * @property {HealthWords} health
 * @property {(state: State) => string[]} unused controls that do nothing in this experiment, as a link may hide them
 * @property {(shell: LabShell) => MountedLab} mount finds its elements in the page and listens to them
 */

/**
 * @typedef {object} MountedLab
 * @property {(state: PageState, before: PageState | null) => void} update after each change; null: show everything anew
 * @property {(frame: Frame | null, look: Look) => void} draw in `requestAnimationFrame`; null: none of this run has come
 * @property {(message: Message) => void} receive what a run's frames refer to, as points
 * @property {(before: Frame, newest: Frame) => Frame} complete a frame that leaves out what has not changed
 * @property {(command: AnyCommand) => void} note a command that is about to be sent
 * @property {() => void} reconnect a new connection knows of nothing that the lab has told
 * @property {Readonly<Record<string, () => void>>} keys
 * @property {readonly (() => boolean)[]} takesBack what Escape does, from the inside out: see escape.js
 * @property {() => void} unmount it listens to nothing any more
 */

/**
 * How to draw.
 * @typedef {object} Look
 * @property {PageState} state
 * @property {Palette} palette
 * @property {boolean} hurry a visitor waits for this
 */

/**
 * What the shell does for a lab.
 * @typedef {object} LabShell
 * @property {PageState} state the present one
 * @property {(command: AnyCommand) => number} send its number, 0 if it could not be sent
 * @property {(command: AnyCommand) => void} mention the same without a word where there is no connection
 * @property {(message: Unnumbered) => void} tell a message that has no answer
 * @property {(event: PageEvent) => void} dispatch
 * @property {(text: string) => void} say to screen readers
 * @property {() => void} redraw with the next frame of the screen
 * @property {Waiting} waiting controls whose answer is on its way
 */

export {};
