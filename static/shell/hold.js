/** A + or − that is held repeats, as fast as answers come back, so that a slow line is not flooded. */

const DELAY = 400; // ms until the repetition begins
const PACE = 125; // ms from one to the next

/**
 * @param {string} buttons a selector
 * @param {() => boolean} isAnswered whether the server has answered all that was sent
 */
export function repeatWhileHeld(buttons, isAnswered) {
  const hold = new Hold(isAnswered);
  addEventListener("pointerdown", ({button, isPrimary, target}) =>
    hold.begin(button === 0 && isPrimary ? buttonAt(target, buttons) : null),
  );
  addEventListener("pointermove", event => hold.follow(event));
  for (const type of ["pointerup", "pointercancel", "blur"])
    addEventListener(type, () => hold.stop());
  const options = {capture: true};
  // The click that ends a hold does not count. A keyboard's click, whose detail is 0, ends no hold.
  addEventListener(
    "click",
    event => {
      if (!event.isTrusted || !event.detail || !buttonAt(event.target, buttons)) return;
      if (hold.isOver()) swallow(event);
    },
    options,
  );
  // A finger that rests on the button opens no menu.
  addEventListener(
    "contextmenu",
    event => hold.isOn && event.button !== 2 && swallow(event),
    options,
  );
}

class Hold {
  #isAnswered;
  /** @type {HTMLButtonElement | null} */
  #held = null;
  #timer = 0;
  #hasRepeated = false;

  /** @param {() => boolean} isAnswered */
  constructor(isAnswered) {
    this.#isAnswered = isAnswered;
  }

  get isOn() {
    return this.#held !== null;
  }

  /** @param {HTMLButtonElement | null} button that is pressed, if it can repeat */
  begin(button) {
    this.stop();
    this.#hasRepeated = false;
    this.#held = button;
    if (button) this.#timer = setTimeout(() => this.#repeat(), DELAY);
  }

  /** @param {PointerEvent} event */
  follow(event) {
    if (this.#held && !isOver(this.#held, event)) this.stop();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#held = null;
  }

  /** Whether a hold has just ended that repeated its button; asked once. */
  isOver() {
    const hasRepeated = this.#hasRepeated;
    this.#hasRepeated = false;
    return hasRepeated;
  }

  #repeat() {
    if (!this.#held?.isConnected || this.#held.disabled) return this.stop();
    this.#timer = setTimeout(() => this.#repeat(), PACE);
    if (!this.#isAnswered()) return;
    this.#hasRepeated = true;
    this.#held.click();
  }
}

/** @param {Event} event */
function swallow(event) {
  event.preventDefault();
  event.stopPropagation();
}

/** @param {EventTarget | null} target @param {string} buttons */
function buttonAt(target, buttons) {
  const button = target instanceof Element ? target.closest(buttons) : null;
  return button instanceof HTMLButtonElement && !button.disabled ? button : null;
}

/** By its place: a touch stays with the button on which it began. @param {Element} button @param {PointerEvent} event */
function isOver(button, {clientX: x, clientY: y}) {
  const {left, right, top, bottom} = button.getBoundingClientRect();
  return x >= left && x <= right && y >= top && y <= bottom;
}
