/** The panel that goes through a training step: what it is of, its phases, and the formulas of the phase. */

/** @import {Frame} from "../frame.js" */
/** @import {PlaneLook} from "../look.js" */
/** @import {Explaining, PlanePage, PlaneShell} from "../page.js" */
/** @import {Explanation} from "./explanation.js" */
/** @import {Phase} from "./phases.js" */

import {throttle} from "../../../drawing/throttle.js";
import {byId} from "../../../shell/elements.js";
import {Panel} from "../panel.js";
import {Blocks, blockText} from "./blocks.js";
import {contentOf} from "./content.js";
import {FIRST, phaseName, phaseSign, phasesOf, phaseText, placeOf} from "./phases.js";
import {isAtOnce, phaseShown, subjectShown, typedSubject, unitShown} from "./subject.js";

const OPENS = "1"; // the first training point
const STEPS = {ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -99, End: 99};
const SPOKEN_AFTER = 400; // ms that a phase is shown before a screen reader hears it

export class ExplainView {
  #title = byId("explain-title", HTMLElement);
  #phases = byId("explain-phases", HTMLElement);
  #before = byId("explain-before", HTMLButtonElement);
  #after = byId("explain-after", HTMLButtonElement);
  #number = byId("explain-number", HTMLInputElement);
  #numberWord = byId("explain-number-word", HTMLElement);
  #batch = byId("explain-batch", HTMLInputElement);
  #point = byId("explain-point", HTMLInputElement);
  #check = byId("explain-check", HTMLInputElement);
  #apply = byId("explain-apply", HTMLButtonElement);
  #lecture = byId("explain-lecture", HTMLButtonElement);
  #blocks = new Blocks(byId("explain-body", HTMLElement));
  /** Opens, closes and asks the engine. @type {Panel} */
  panel;
  #shell;
  #write;
  /** The phase that the link was told. */
  #told = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #speaking;
  /** @type {Phase[]} */
  #known = [FIRST];

  /** @param {PlaneShell} shell @param {AbortSignal} signal */
  constructor(shell, signal) {
    this.#shell = shell;
    this.panel = new Panel("explain", shell, () => OPENS, wishOf);
    this.#write = throttle((/** @type {() => void} */ act) => act(), 1, signal);
    signal.addEventListener("abort", () => clearTimeout(this.#speaking));
    this.#listen();
  }

  /** @param {PlanePage} state @param {PlanePage | null} before */
  update(state, before) {
    if (state.server?.view.explain || before?.server?.view.explain) this.#keepPhase(state, before);
    if (!this.panel.update(state, before) || !state.server) return;
    this.#write.hurry();
    this.#showSubject(state);
    const {loss, activation, activations} = state.server.settings;
    const isLectures = loss === "cross-entropy" && activation === "sigmoid" && !activations?.length;
    this.#lecture.hidden = isLectures || state.server.facts.classes !== 2;
    const {kind} = state.own.explain.phase;
    const check = this.#check.closest("label");
    if (check) check.hidden = kind !== "gradient";
    this.#check.checked = state.own.explain.isChecked;
    this.#apply.hidden = kind !== "update";
    this.#apply.disabled = state.server.view.explain !== "batch";
  }

  /** @param {Frame} frame @param {PlaneLook} look */
  draw({explanation, parameters}, {state}) {
    const {server} = state;
    if (!server?.view.explain || !explanation || !answers(explanation, state)) return;
    if (isAtOnce(state)) this.#write.hurry();
    this.#write.soon(() => {
      if (explanation.head.refused)
        this.#say(`This cannot be explained: ${explanation.head.refused}.`);
      else this.#render({explanation, parameters, server}, this.#shell.state);
    });
  }

  /** @param {import("./symbols.js").Given} given @param {PlanePage} state */
  #render(given, state) {
    this.#known = phasesOf(given.explanation.head);
    const phase = this.#known[placeOf(this.#known, phaseShown(state))] ?? FIRST;
    const unit = unitShown(state);
    const layers = given.explanation.head.layers.length;
    if (unit.layer > layers) return; // the network has changed, and another explanation is on its way
    this.#showPhases(phase, layers);
    const {title, blocks} = contentOf(given, phase, unit, state.own.explain);
    if (this.#title.textContent !== title) {
      this.#title.textContent = title;
      this.#speak(() => [title, ...blocks.map(blockText)].join(". "));
    }
    this.#blocks.show(blocks);
  }

  /** @param {string} text */
  #say(text) {
    this.#blocks.show([{kind: "words", text}]);
  }

  /** A screen reader hears where it is when the visitor rests there. @param {() => string} text */
  #speak(text) {
    clearTimeout(this.#speaking);
    if (this.panel.element.contains(document.activeElement))
      this.#speaking = setTimeout(() => this.#shell.say(text()), SPOKEN_AFTER);
  }

  /** @param {Phase} phase @param {number} layers */
  #showPhases(phase, layers) {
    const place = placeOf(this.#known, phase);
    while (this.#phases.children.length > this.#known.length)
      this.#phases.lastElementChild?.remove();
    for (const [i, each] of this.#known.entries()) {
      const button = this.#phases.children[i] ?? this.#phases.appendChild(makePhase());
      if (!(button instanceof HTMLButtonElement)) continue;
      const sign = phaseSign(each, layers);
      if (button.textContent !== sign) button.textContent = sign;
      button.ariaLabel = nameWith(sign, phaseName(each, layers));
      button.dataset.kind = each.kind;
      button.ariaCurrent = i === place ? "step" : null;
      button.tabIndex = i === place ? 0 : -1;
    }
    const now = this.#phases.children[place];
    const isFocusLeft =
      this.#phases.contains(document.activeElement) && now !== document.activeElement;
    if (isFocusLeft && now instanceof HTMLElement) now.focus();
    this.#before.disabled = place === 0;
    this.#after.disabled = place === this.#known.length - 1;
  }

  /** @param {PlanePage} state */
  #showSubject(state) {
    const subject = subjectShown(state);
    const isBatch = subject === "batch";
    this.#batch.checked = isBatch;
    this.#point.checked = !isBatch;
    this.#numberWord.textContent = isBatch ? "Its point" : "Point or x, y";
    this.#number.ariaLabel = isBatch
      ? "Point of the batch"
      : "Training point by its number, or x and y";
    const value = isBatch
      ? state.own.explain.example + 1
      : Array.isArray(subject)
        ? subject.join(", ")
        : (subject ?? "");
    if (this.#number !== document.activeElement) this.#number.value = String(value);
  }

  /** Links carry the phase; the page does not wait for them. @param {PlanePage} state @param {PlanePage | null} before */
  #keepPhase({server, own}, before) {
    const phase = server?.view.explain ? phaseText(own.explain.phase) : "";
    if (phase === this.#told) return;
    this.#told = phase;
    const isOpened = server !== before?.server && phase === server?.view.phase; // by a link that says it
    if (!isOpened) this.#shell.mention({type: "show", phase});
  }

  /** @param {Partial<Explaining>} explain */
  #change(explain) {
    this.#shell.dispatch({type: "own", explain});
  }

  /** @param {number} by */
  #step(by) {
    const place = placeOf(this.#known, phaseShown(this.#shell.state)) + by;
    const phase = this.#known[Math.min(Math.max(place, 0), this.#known.length - 1)];
    if (phase) this.#change({phase, chosen: 0});
  }

  #listen() {
    this.#before.addEventListener("click", () => this.#step(-1));
    this.#after.addEventListener("click", () => this.#step(1));
    this.#phases.addEventListener("click", ({target}) => {
      const place = [...this.#phases.children].indexOf(/** @type {Element} */ (target));
      const phase = this.#known[place];
      if (phase) this.#change({phase, chosen: 0});
    });
    this.panel.element.addEventListener("keydown", event => this.#key(event));
    this.#batch.addEventListener("change", () => this.panel.show("batch"));
    this.#point.addEventListener("change", () => this.panel.show(OPENS));
    this.#number.addEventListener("change", () => this.#setNumber());
    this.#check.addEventListener("change", () => this.#change({isChecked: this.#check.checked}));
    this.#apply.addEventListener("click", () => this.#shell.send({type: "step", unit: "batch"}));
    this.#lecture.addEventListener("click", () =>
      this.#shell.send({
        type: "change",
        settings: {activation: "sigmoid", activations: [], loss: "cross-entropy"},
      }),
    );
    byId("explain-body", HTMLElement).addEventListener("click", ({target}) => this.#choose(target));
    this.panel.element.addEventListener("copy", event => copyExactly(event));
  }

  /** The step is written for the parameter of that row. @param {EventTarget | null} target */
  #choose(target) {
    const row = target instanceof HTMLElement ? target.dataset.row : undefined;
    if (row === undefined) return;
    this.#change({chosen: Number(row)});
    requestAnimationFrame(() => {
      const button = this.panel.element.querySelector(`[data-row="${row}"]`);
      if (button instanceof HTMLElement) button.focus({preventScroll: true});
    });
  }

  #setNumber() {
    const {value, fault} = typedSubject(this.#number.value, this.#shell.state.server?.facts.domain);
    const isPlace = value?.includes(",") ?? false;
    const refused =
      this.#batch.checked && isPlace
        ? "A batch has no place: type the number of its point."
        : fault;
    this.#number.setCustomValidity(refused ?? "");
    if (refused || !value) this.#number.reportValidity();
    else if (this.#batch.checked) this.#change({example: Number(value) - 1});
    else this.panel.show(value);
  }

  /** Arrows go from phase to phase. @param {KeyboardEvent} event */
  #key(event) {
    const by = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
    if (
      by === undefined ||
      event.target instanceof HTMLInputElement ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey
    )
      return;
    event.preventDefault();
    this.#step(by);
  }
}

/** What the engine is asked for. @param {PlanePage} state */
function wishOf(state) {
  const {explain} = state.own;
  const {layer, neuron} = unitShown(state);
  return {
    of: subjectShown(state),
    example: explain.example,
    unit: [layer, neuron],
    check: explain.isChecked && explain.phase.kind === "gradient",
  };
}

/** Whether the explanation is of the point and the unit that are looked at: another one may be on its way. @param {Explanation} explanation @param {PlanePage} state */
function answers({head: {of, unit, refused}}, state) {
  const {layer, neuron} = unitShown(state);
  const isOfUnit = refused !== undefined || (unit?.[0] === layer && unit[1] === neuron);
  return isOfUnit && JSON.stringify(of) === JSON.stringify(subjectShown(state));
}

/** A name has what is to be seen on its button, so that it can be said aloud. @param {string} sign @param {string} name */
function nameWith(sign, name) {
  return name.split(/[ :]+/).includes(sign) ? name : `${name}, ${sign}`;
}

function makePhase() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "phase";
  return button;
}

/** A copy has all digits. @param {ClipboardEvent} event */
function copyExactly(event) {
  const selection = getSelection();
  if (!selection?.rangeCount || !event.clipboardData) return;
  const fragment = selection.getRangeAt(0).cloneContents();
  for (const number of fragment.querySelectorAll("[data-exact]"))
    number.textContent = number.getAttribute("data-exact");
  for (const row of fragment.querySelectorAll("p, tr")) row.append("\n");
  for (const cell of fragment.querySelectorAll("td, th")) cell.append("\t");
  event.clipboardData.setData("text/plain", fragment.textContent ?? "");
  event.preventDefault();
}
