/** Hides the controls that a lesson does without; `data-control` in the page names the control of each element. */

/** @import {PageState, View} from "../session/state.js" */

export class HiddenControls {
  /** @param {PageState} state @param {PageState | null} before */
  update({server}, before) {
    if (server && server.view !== before?.server?.view) hideControls(server.view);
  }
}

/** @param {View} view */
function hideControls(view) {
  const hidden = new Set(view.hide ?? []);
  for (const element of document.querySelectorAll("[data-control]"))
    if (element instanceof HTMLElement)
      element.hidden =
        hidden.has(element.dataset.control ?? "") || isOfHiddenLayer(element, hidden);
  hideEmptyGroups();
  for (const element of document.querySelectorAll("[data-text]"))
    if (element instanceof HTMLElement) element.hidden = view.hide_text ?? false;
}

/**
 * Whether a lesson does without a control, everywhere or in one layer.
 * @param {{view: {hide: readonly string[]}}} server
 * @param {string} name
 * @param {number} layer
 */
export function isHidden({view: {hide}}, name, layer = 0) {
  return hide.includes(name) || hide.includes(`${name}_${layer}`);
}

/**
 * The buttons of one layer can be hidden by themselves.
 * @param {HTMLElement} element
 * @param {Set<string>} hidden
 */
function isOfHiddenLayer({dataset}, hidden) {
  return hidden.has(`${dataset.control}_${dataset.layer}`);
}

/** A row, or a button that opens a panel, is hidden when all its controls are. */
function hideEmptyGroups() {
  for (const group of document.querySelectorAll("[data-group]"))
    group.classList.toggle("empty", isEmpty(group));
  for (const button of document.querySelectorAll("[data-group-of]")) {
    const id = button instanceof HTMLElement ? (button.dataset.groupOf ?? "") : "";
    const panel = document.getElementById(id);
    const empty = panel !== null && isEmpty(panel);
    button.classList.toggle("empty", empty);
    panel?.classList.toggle("empty", empty);
  }
}

/** @param {Element} group */
function isEmpty(group) {
  const controls = [...group.querySelectorAll("[data-control]")];
  return controls.length > 0 && controls.every(each => each instanceof HTMLElement && each.hidden);
}
