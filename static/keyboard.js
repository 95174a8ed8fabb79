/** The keys that work anywhere on the page. */

/** Controls that need the space bar or letters for themselves. */
const OWN_SPACE = "button, input, select, textarea, summary, a[href], [contenteditable]";
const OWN_LETTERS = "input:not([type=checkbox], [type=radio], [type=range]), select, textarea";

/**
 * While a dialog is open, keys are its own.
 * @param {Record<string, () => void>} actions by key
 */
export function listenForKeys(actions) {
  document.addEventListener("keydown", event => {
    const action = actions[event.key];
    const target = event.target instanceof Element ? event.target : document.body;
    if (!action || document.querySelector("dialog[open]")) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.matches(event.key === " " ? OWN_SPACE : OWN_LETTERS)) return;
    event.preventDefault(); // the space bar would scroll
    action();
  });
}
