/** What a lesson does without is taken off the page; `data-control` in the page says what belongs to which name. */

/** @import {View} from "./protocol.js" */

/** @param {View} view */
export function hideControls(view) {
  const hidden = new Set(view.hide ?? []);
  for (const element of document.querySelectorAll("[data-control]"))
    if (element instanceof HTMLElement)
      element.hidden =
        hidden.has(element.dataset.control ?? "") || isOfHiddenLayer(element, hidden);
  for (const group of document.querySelectorAll("#more fieldset"))
    if (group instanceof HTMLElement)
      group.hidden = !group.querySelector("[data-control]:not([hidden])");
  for (const element of document.querySelectorAll("[data-text]"))
    if (element instanceof HTMLElement) element.hidden = view.hide_text ?? false;
}

/**
 * Whether a lesson does without a control, everywhere or in one layer.
 * @param {{view: View}} server
 * @param {string} name
 * @param {number} layer
 */
export function isHidden({view: {hide = []}}, name, layer = 0) {
  return hide.includes(name) || hide.includes(`${name}_${layer}`);
}

/**
 * The buttons of one layer's neurons can be hidden by themselves.
 * @param {HTMLElement} element
 * @param {Set<string>} hidden
 */
function isOfHiddenLayer({dataset}, hidden) {
  return dataset.control === "neurons" && hidden.has(`neurons_${dataset.layer}`);
}
