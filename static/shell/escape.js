/** Escape takes back one thing, the innermost. A field with unfinished typing comes first and does it itself: see
 * number-field.js.
 */

/**
 * @param {(() => boolean)[]} layers from the inside out: each closes something and says whether there was anything
 */
export function takeBack(layers) {
  return [closePopover, ...layers].some(close => close());
}

/** At most one is open. Explanations and errors do not count: they close by themselves. */
function closePopover() {
  const popover = document.querySelector("[popover]:not([popover=manual]):popover-open");
  if (!(popover instanceof HTMLElement)) return false;
  popover.hidePopover();
  return true;
}

/** A click beside a dialog closes it. Safari does not know `closedby`, which does this elsewhere. */
export function closeDialogsBeside() {
  if ("closedBy" in HTMLDialogElement.prototype) return;
  let isBeside = false;
  addEventListener("pointerdown", event => {
    isBeside = isBesideDialog(event);
  });
  // The press must begin beside it too: a selection of text with the mouse may end there.
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
