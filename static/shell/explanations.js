/** What each control is and when to change it: one tooltip that a pointer, the keyboard and a finger reach.
 *
 * Screen readers get the same words as the control's description. The tooltip takes no clicks, so what lies under it can
 * be used as if it were not there; it goes as soon as the pointer, the keyboard or a finger goes elsewhere.
 */

import {byId} from "./elements.js";
import {listenForPointing} from "./resting.js";
import {placeTip} from "./tip-place.js";

const PATIENCE = 500; // ms over a label: whoever passes by wants no words
const SETTLED = 250; // ms with the keyboard: whoever tabs on wants none either
/** Some say all in their names, and what a section holds speaks for itself. */
const SILENT = "[data-silent], [data-silent=all] *";
const EXPLAINED = "[data-explain], [data-control]";
const CONTROL = "select, input, button";
const RESTED_ON = "button, [data-rested], [role=radiogroup] label";

/** Describe every control that there is, and listen for those who want to know. */
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
  document.addEventListener("keydown", ({key}) => {
    if (key === "Escape") tip.hide();
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
 * A finger taps the name of a field or the sign beside it, or rests on what has no room for a sign.
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
    if (!isSign(target) && !isTouchedName(target)) tip.hide(); // those toggle
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

/** The name of a field, which a mouse would use to focus it. @param {Element} target */
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
 * What an explanation is about: a slider has a field beside it.
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

/** @param {Element} name */
function addSign(name) {
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
  /** What the words are about. @type {Element | null} */
  #about = null;
  /** What was pressed: it is known by then. @type {Element | null} */
  #refused = null;
  #timer = 0;

  /** @param {HTMLElement} element */
  constructor(element) {
    this.#element = element;
  }

  /** Say something about what is pointed at, once it stays so. @param {Element} target @param {number} wait ms */
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

  /** What is being used needs no words until it is pointed at again. */
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
