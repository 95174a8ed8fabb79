/** The tools for drawing: which one is at hand, its radius, the class or the value of new points. */

/** @import {Frame} from "../frame.js" */
/** @import {PlaneLook} from "../look.js" */
/** @import {Drawing, PlanePage, PlaneShell, Tool} from "../page.js" */

import {pointColor} from "../../../drawing/colors.js";
import {onClick} from "../../../shell/controls.js";
import {byId} from "../../../shell/elements.js";
import {isHidden} from "../../../shell/hidden-controls.js";
import {className} from "../plane.js";
import {MOST_CLASSES} from "./drawing.js";
import {drawWords} from "./words.js";

const RADII = {least: 1, most: 20}; // per cent of the picture's side
/** What a change of the points by other means brings back to an emptied board. */
const BRINGS_BACK = new Set(["play", "step", "reset", "change", "regenerate-data", "new-weights"]);

export class DrawView {
  #shell;
  #button = byId("draw", HTMLButtonElement);
  #tools = byId("draw-tools", HTMLElement);
  #picture = byId("picture", HTMLElement);
  #chips = byId("draw-classes", HTMLElement);
  #value = byId("draw-value", HTMLInputElement);
  #radius = byId("draw-radius", HTMLInputElement);
  #words = byId("draw-words", HTMLElement);
  /** What the tools show, and the colour of the value. */
  #shown = "";
  #color = "";
  #buttons = [...this.#tools.querySelectorAll("[data-tool]")].filter(
    each => each instanceof HTMLElement,
  );

  /** @param {PlaneShell} shell */
  constructor(shell) {
    this.#shell = shell;
    onClick("draw", () => this.toggle());
    onClick("draw-clear", () => this.#clear());
    for (const button of this.#buttons)
      button.addEventListener("click", () =>
        this.#choose(/** @type {Tool} */ (button.dataset.tool)),
      );
    this.#value.addEventListener("input", () => this.#set({value: Number(this.#value.value)}));
    this.#radius.addEventListener("input", () => this.#set({radius: Number(this.#radius.value)}));
    this.#chips.addEventListener("click", ({target}) => {
      const chip = target instanceof Element ? target.closest("button") : null;
      if (chip) this.label(Number(chip.value));
    });
  }

  get isOpen() {
    return this.#drawing.isOpen;
  }

  toggle() {
    const {server} = this.#shell.state;
    if (!server || (!this.isOpen && isHidden(server, "draw"))) return;
    this.#set({isOpen: !this.isOpen, isCleared: false, said: ""});
    this.#shell.say(this.isOpen ? "Drawing" : "Drawing ended");
  }

  /** @returns {boolean} whether it was open */
  close() {
    const was = this.isOpen;
    if (was) this.toggle();
    return was;
  }

  /** The eraser, and back to the tool of before. */
  toggleEraser() {
    const {tool, last} = this.#drawing;
    this.#choose(tool === "eraser" ? last : "eraser");
    this.#shell.say(this.#drawing.tool);
  }

  /** @param {number} by */
  resize(by) {
    if (!this.isOpen) return;
    const radius = Math.min(Math.max(this.#drawing.radius + by, RADII.least), RADII.most);
    this.#set({radius});
  }

  /** New points are of this class, from 0: of one that there is, or of one more. @param {number} label */
  label(label) {
    const {classes = 0} = this.#shell.state.server?.facts ?? {};
    if (!classes || label > Math.min(classes, MOST_CLASSES - 1)) return;
    this.#set({label, ...(isPutting(this.#drawing.tool) ? {} : {tool: this.#drawing.last})});
    this.#shell.say(className(label, {classes: Math.max(classes, label + 1)}));
  }

  /** A command that trains or brings other points ends an emptied board. @param {{type: string}} command */
  note({type}) {
    if (this.#drawing.isCleared && BRINGS_BACK.has(type)) this.#set({isCleared: false});
  }

  /** @param {PlanePage} state */
  update({server, own: {draw}}) {
    const {isOpen} = draw;
    const words = server ? drawWords(server, draw) : "";
    const {tool, radius, label, value, isCleared} = draw;
    const shown = [
      isOpen,
      tool,
      radius,
      label,
      value,
      isCleared,
      words,
      server?.facts.classes,
    ].join();
    if (shown === this.#shown) return; // a stroke changes the state with each movement
    this.#shown = shown;
    this.#button.ariaPressed = String(isOpen);
    this.#tools.hidden = !isOpen;
    this.#picture.classList.toggle("drawing", isOpen);
    this.#picture.classList.toggle("emptied", draw.isCleared);
    byId("board-empty", HTMLElement).hidden = !draw.isCleared;
    if (!isOpen || !server) return;
    for (const button of this.#buttons)
      button.ariaPressed = String(button.dataset.tool === draw.tool);
    const {classes} = server.facts;
    byId("draw-value-row", HTMLElement).hidden = classes > 0;
    this.#value.value = String(draw.value);
    this.#radius.value = String(draw.radius);
    byId("draw-clear", HTMLButtonElement).disabled = draw.isCleared;
    showChips(this.#chips, classes, draw);
    this.#words.textContent = words;
    byId("draw-value-figure", HTMLElement).textContent = value.toFixed(2).replace("-", "−");
  }

  /** @param {Frame | null} _frame @param {PlaneLook} look */
  draw(_frame, {palette, state: {own}}) {
    if (!own.draw.isOpen) return;
    const color = pointColor(palette, own.draw.value, 0);
    if (color === this.#color) return;
    this.#color = color;
    byId("draw-value-color", HTMLElement).style.background = color;
  }

  get #drawing() {
    return this.#shell.state.own.draw;
  }

  /** @param {Tool} tool */
  #choose(tool) {
    this.#set({tool, said: "", ...(isPutting(tool) ? {last: tool} : {})});
  }

  #clear() {
    if (this.#shell.state.server?.playing) this.#shell.send({type: "pause"});
    const {tool, last} = this.#drawing;
    this.#set({isCleared: true, said: "", tool: isPutting(tool) ? tool : last});
    this.#shell.say("The board is empty. The first stroke begins at epoch 0.");
  }

  /** @param {Partial<Drawing>} draw */
  #set(draw) {
    this.#shell.dispatch({type: "own", draw});
  }
}

/** @param {Tool} tool */
function isPutting(tool) {
  return tool !== "eraser" && tool !== "move";
}

/**
 * A chip for each class, and one for another.
 * @param {HTMLElement} list
 * @param {number} classes
 * @param {Drawing} drawing
 */
function showChips(list, classes, {label}) {
  list.hidden = !classes;
  const shown = classes ? Math.max(classes, label + 1) : 0;
  const more = shown > 0 && shown === classes && classes < MOST_CLASSES ? 1 : 0;
  while (list.children.length > shown + more) list.lastElementChild?.remove();
  while (list.children.length < shown + more) list.append(document.createElement("button"));
  for (const [k, chip] of [...list.children].entries()) {
    if (!(chip instanceof HTMLButtonElement)) continue;
    const isMore = k === shown;
    chip.type = "button";
    chip.value = String(k);
    chip.className = "chip";
    chip.textContent = isMore ? "+" : String(k + 1);
    chip.ariaLabel = isMore ? "One more class" : chipName(k, shown);
    chip.ariaPressed = isMore ? null : String(k === label);
    chip.style.setProperty("--class", isMore ? "transparent" : chipColor(k, shown));
  }
}

/** With the number that it shows. @param {number} k @param {number} classes */
function chipName(k, classes) {
  return classes > 2
    ? className(k, {classes})
    : `Class ${k + 1}, ${className(k, {classes}).toLowerCase()}`;
}

/** @param {number} k @param {number} classes */
function chipColor(k, classes) {
  if (classes > 2) return `var(--class-${k})`;
  return k === 0 ? "var(--positive)" : "var(--negative)";
}
