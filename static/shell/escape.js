/** Escape takes back one thing, the innermost; a field being typed in comes first, by itself: see number-field.js. */

/**
 * @param {(() => boolean)[]} layers from the inside out: each closes something and says whether there was anything
 */
export function takeBack(layers) {
  return [closePopover, ...layers].some(close => close());
}

/** The browser keeps at most one open. Explanations and errors are none to be closed: they go by themselves. */
function closePopover() {
  const popover = document.querySelector("[popover]:not([popover=manual]):popover-open");
  if (!(popover instanceof HTMLElement)) return false;
  popover.hidePopover();
  return true;
}

/** A click beside a dialog closes it; Safari knows no `closedby`. */
export function closeDialogsBeside() {
  if ("closedBy" in HTMLDialogElement.prototype) return;
  let isBeside = false;
  addEventListener("pointerdown", event => {
    isBeside = isBesideDialog(event);
  });
  // Beside from the beginning: text that is selected with the mouse may end there.
  addEventListener("click", event => {
    if (isBeside && isBesideDialog(event) && event.target instanceof HTMLDialogElement)
      event.target.close();
  });
}

/** @param {MouseEvent} event */
function isBesideDialog({target, clientX: x, clientY: y}) {
  if (!(target instanceof HTMLDialogElement)) return false;
  const {left, right, top, bottom} = target.getBoundingClientRect();
  return x < left || x > right || y < top || y > bottom;
}

/** Escape in a field of a dialog takes back what was typed there before it closes the dialog. @param {HTMLInputElement} field */
export function takeBackTyping(field) {
  field.addEventListener("keydown", event => {
    if (event.key !== "Escape" || field.value === field.defaultValue) return;
    field.value = field.defaultValue;
    event.preventDefault();
  });
}
