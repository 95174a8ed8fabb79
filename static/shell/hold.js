/** Holding a + or − repeats it, as fast as answers come back: a slow line is not flooded. */

const DELAY = 400; // ms until it begins
const PACE = 125; // ms from one to the next

/**
 * @param {string} buttons a selector
 * @param {() => boolean} isAnswered whether the server has answered all that was sent
 */
export function repeatWhileHeld(buttons, isAnswered) {
  /** @type {HTMLButtonElement | null} */
  let held = null;
  let timer = 0;
  let hasRepeated = false;

  const stop = () => {
    clearTimeout(timer);
    held = null;
  };
  const repeat = () => {
    if (!held?.isConnected || held.disabled) return stop();
    timer = setTimeout(repeat, PACE);
    if (!isAnswered()) return;
    hasRepeated = true;
    held.click();
  };

  addEventListener("pointerdown", event => {
    stop();
    hasRepeated = false;
    held = event.button === 0 && event.isPrimary ? buttonAt(event.target, buttons) : null;
    if (held) timer = setTimeout(repeat, DELAY);
  });
  addEventListener("pointermove", event => {
    if (held && !isOver(held, event)) stop();
  });
  for (const type of ["pointerup", "pointercancel", "blur"]) addEventListener(type, stop);
  // The click at the end of a hold is not one more; a keyboard's click, whose detail is 0, ends none.
  addEventListener(
    "click",
    event => {
      if (!hasRepeated || !event.isTrusted || !event.detail) return;
      if (!buttonAt(event.target, buttons)) return;
      hasRepeated = false;
      event.preventDefault();
      event.stopPropagation();
    },
    {capture: true},
  );
  // A finger that rests on the button asks for no menu.
  addEventListener(
    "contextmenu",
    event => {
      if (!held || event.button === 2) return;
      event.preventDefault();
      event.stopPropagation();
    },
    {capture: true},
  );
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
