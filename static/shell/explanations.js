/** Explains each control and when to change it: in one tooltip, for a pointer, the keyboard and a finger.
 *
 * Screen readers get the same words as the control's description. The tooltip takes no clicks, so a visitor can use
 * the controls under it. It closes as soon as the pointer, the keyboard or a finger goes elsewhere.
 */

import {byId} from "./elements.js";
import {listenForPointing} from "./resting.js";
import {placeTip} from "./tip-place.js";

const PATIENCE = 500; // ms over a label: a pointer that passes by opens nothing
const SETTLED = 250; // ms with the keyboard: a visitor who tabs on opens nothing
/** Controls without a tooltip: their names say everything. */
const SILENT = "[data-silent], [data-silent=all] *";
const EXPLAINED = "[data-explain], [data-control]";
const CONTROL = "select, input, button";
const RESTED_ON = "button, [data-rested], [role=radiogroup] label";

/** Describe every control, and open the tooltip for visitors who point at one. */
export function explainControls() {
  describe(document);
  for (const template of document.querySelectorAll("template")) describe(template.content);
  const tip = new Tip(byId("explanation", HTMLElement));
  listenToPointers(tip);
  listenToFingers(tip);
  document.addEventListener("focusin", ({target}) => {
    if (target instanceof Element && target.matches(":focus-visible")) tip.wish(target, SETTLED);
  });
  document.addEventListener("focusout", () => tip.hide());
  document.addEventListener("keydown", ({key, target}) => {
    const isMoved = target instanceof Element && target.matches("input[type=range]"); // whose effect is to be seen
    if (key === "Escape" || (isMoved && key !== "Tab")) tip.hide();
  });
  document.addEventListener("scroll", () => tip.hide(), {capture: true, passive: true});
}

/** @param {Tip} tip */
function listenToPointers(tip) {
  listenForPointing(document, ({target, pointerType}) => {
    if (pointerType !== "touch" && target instanceof Element) tip.wish(target, PATIENCE);
  });
  document.addEventListener("pointerdown", ({pointerType}) => {
    if (pointerType !== "touch") tip.refuse();
  });
  document.documentElement.addEventListener("pointerleave", ({pointerType}) => {
    if (pointerType !== "touch") tip.hide(); // a finger leaves before it clicks
  });
}

/**
 * A finger taps the name of a field or the sign beside it, or rests on a control without room for a sign.
 * @param {Tip} tip
 */
function listenToFingers(tip) {
  let resting = 0;
  let rested = false;
  const lift = () => clearTimeout(resting);
  document.addEventListener("pointerdown", ({target, pointerType}) => {
    lift();
    rested = false;
    if (pointerType !== "touch" || !(target instanceof Element)) return;
    if (!isSign(target) && !isTouchedName(target)) tip.hide(); // these open and close it by a click
    if (!target.closest(RESTED_ON)) return;
    resting = setTimeout(() => {
      rested = tip.show(target);
    }, PATIENCE);
  });
  for (const type of ["pointerup", "pointercancel", "pointermove"])
    document.addEventListener(type, lift);
  document.addEventListener(
    "click",
    event => {
      const {target} = event;
      if (!(target instanceof Element)) return;
      const isSaid = rested || isSign(target) || isTouchedName(target);
      if (!isSaid) return;
      event.preventDefault();
      event.stopPropagation();
      if (!rested) tip.toggle(target);
      rested = false;
    },
    {capture: true},
  );
}

/** @param {Element} target */
function isSign(target) {
  return target.classList.contains("about");
}

/** The name of a field: a finger opens the tooltip by it; a mouse focuses the field. @param {Element} target */
function isTouchedName(target) {
  return (
    matchMedia("(pointer: coarse)").matches &&
    target instanceof HTMLLabelElement &&
    target.matches(".field")
  );
}

/** A description for screen readers, and a sign for fingers. @param {ParentNode} root */
function describe(root) {
  for (const element of root.querySelectorAll(EXPLAINED)) {
    const text = textFor(element);
    if (!text || element.matches(SILENT)) continue;
    for (const control of controlsOf(element)) addDescription(control, text.id);
    const name = element instanceof HTMLLabelElement ? element : element.querySelector("label");
    if (name?.matches(".field, .check, .slider label")) addSign(name);
  }
}

/**
 * The controls that an explanation is about: a slider has a field beside it.
 * @param {Element} element
 * @returns {Iterable<Element>}
 */
function controlsOf(element) {
  if (element.matches(`${CONTROL}, [role=radiogroup]`)) return [element];
  const fields = element.querySelectorAll("select, input");
  return fields.length ? fields : element.querySelectorAll("button");
}

/** @param {Element} control @param {string} id */
function addDescription(control, id) {
  const described = control.getAttribute("aria-describedby");
  control.setAttribute("aria-describedby", described ? `${described} ${id}` : id);
}

/** One: a group and the first control in it may have the same name. @param {Element} name */
function addSign(name) {
  if (name.querySelector(".about")) return;
  const sign = document.createElement("span");
  sign.className = "about";
  sign.ariaHidden = "true";
  name.append(sign);
}

/** The element that holds the words for a control. @param {Element} element */
function textFor(element) {
  const {explain, control} = element instanceof HTMLElement ? element.dataset : {};
  return document.getElementById(`about-${explain ?? control}`);
}

class Tip {
  #element;
  /** The control that is explained. @type {Element | null} */
  #about = null;
  /** The control that was pressed: its visitor needs no explanation. @type {Element | null} */
  #refused = null;
  #timer = 0;

  /** @param {HTMLElement} element */
  constructor(element) {
    this.#element = element;
  }

  /** Explain a control if the visitor stays at it. @param {Element} target @param {number} wait ms */
  wish(target, wait) {
    const about = aboutOf(target);
    if (about === this.#about) return;
    this.hide();
    if (about !== this.#refused) this.#refused = null;
    this.#about = about;
    if (about && !this.#refused) this.#timer = setTimeout(() => this.show(about), wait);
  }

  /** @param {Element} target */
  show(target) {
    const about = aboutOf(target);
    const text = about && textFor(about)?.textContent;
    this.hide();
    if (!about || !text) return false;
    this.#about = about;
    this.#element.textContent = text;
    this.#element.showPopover();
    const {left, top} = placeTip(
      about.getBoundingClientRect(),
      this.#element.getBoundingClientRect(),
      {
        width: document.documentElement.clientWidth,
        height: window.innerHeight,
      },
    );
    this.#element.style.translate = `${left}px ${top}px`;
    return true;
  }

  /** @param {Element} target */
  toggle(target) {
    if (this.#element.matches(":popover-open") && aboutOf(target) === this.#about) this.hide();
    else this.show(target);
  }

  hide() {
    clearTimeout(this.#timer);
    this.#about = null;
    if (this.#element.matches(":popover-open")) this.#element.hidePopover();
  }

  /** The control is being used: do not explain it until the visitor points at it again. */
  refuse() {
    const about = this.#about;
    this.hide();
    this.#about = this.#refused = about;
  }
}

/** The control that an element belongs to. @param {Element} target */
function aboutOf(target) {
  const about = target.closest(EXPLAINED);
  return about && textFor(about) && !about.matches(SILENT) ? about : null;
}
