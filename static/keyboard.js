/** The keys that work anywhere on the page. */

/** Controls that need the space bar or letters for themselves. */
const OWN_SPACE = "button, input, select, textarea, summary, a[href], [contenteditable]";
const OWN_LETTERS = "input:not([type=checkbox], [type=radio], [type=range]), select, textarea";

/**
 * @param {Record<string, () => void>} actions by key
 * @param {HTMLDialogElement} dialog while it is open, keys are its own
 */
export function listenForKeys(actions, dialog) {
  document.addEventListener("keydown", event => {
    const action = actions[event.key];
    const target = event.target instanceof Element ? event.target : document.body;
    if (!action || dialog.open || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.matches(event.key === " " ? OWN_SPACE : OWN_LETTERS)) return;
    event.preventDefault(); // the space bar would scroll
    action();
  });
}
