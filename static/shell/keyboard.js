/** The keys that work anywhere on the page. Space and letters belong to the page or to the control with the focus.
 *
 * Space plays, as in media players, whatever was clicked last. A control that the keyboard has reached keeps it. The
 * focus stays where a click has put it, as Tab and screen readers go on from there; but this control gets the keys
 * only when Tab or an arrow shows that the visitor moves by keyboard.
 */

/** Controls that need the space bar or letters for themselves; a slider needs neither. */
const OWN_SPACE =
  "button, input:not([type=range]), select, textarea, summary, a[href], [contenteditable]";
const OWN_LETTERS = "select";
const TEXT = "input:not([type=checkbox], [type=radio], [type=range]), textarea, [contenteditable]";
const MOVES = new Set(["Tab", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]);

/** The controls that got the focus by a click since the visitor last moved by keyboard. @type {Set<EventTarget>} */
const clicked = new Set();
let isClicking = false;

/**
 * While a dialog is open, the keys belong to it.
 * @param {Record<string, () => void>} actions by key
 */
export function listenForKeys(actions) {
  watchClicks();
  document.addEventListener("keydown", event => {
    const action = actions[event.key];
    if (!action || isOwnKey(event)) return;
    event.preventDefault(); // or the space bar would scroll, or press a button
    action();
  });
  // Some browsers press a button when Space is let go.
  document.addEventListener("keyup", event => {
    if (event.key === " " && actions[" "] && !isOwnKey(event)) event.preventDefault();
  });
}

/** Whether a key is for the control that has the focus, or a dialog, or the browser. @param {KeyboardEvent} event */
function isOwnKey({key, target, ctrlKey, metaKey, altKey}) {
  if (ctrlKey || metaKey || altKey || document.querySelector("dialog[open]")) return true;
  const element = target instanceof Element ? target : document.body;
  if (key === "Escape") return false;
  if (element.matches(TEXT)) return true;
  return element.matches(key === " " ? OWN_SPACE : OWN_LETTERS) && !clicked.has(element);
}

/** Whether text is being typed, which has keys of its own for undo. @param {KeyboardEvent} event */
export function isTyping({target}) {
  return target instanceof Element && target.matches(TEXT);
}

function watchClicks() {
  const options = {capture: true};
  addEventListener("pointerdown", event => begin(event.target), options);
  addEventListener("pointerup", end, options);
  addEventListener("pointercancel", end, options);
  // A keyboard's click has no pointer. A pointer's click may open or close something, which moves the focus for it.
  addEventListener(
    "click",
    event => "pointerType" in event && event.pointerType && begin(event.target),
    options,
  );
  addEventListener("click", end);
  addEventListener(
    "focusin",
    event => isClicking && event.target && clicked.add(event.target),
    options,
  );
  addEventListener("keydown", event => MOVES.has(event.key) && clicked.clear(), options);
}

/** @param {EventTarget | null} target */
function begin(target) {
  isClicking = true;
  if (!(target instanceof Element)) return;
  const control = target.closest("label")?.control ?? target.closest(OWN_SPACE);
  if (control) clicked.add(control);
}

/** Wait until the events of the click are over: the focus moves within them. */
function end() {
  setTimeout(() => {
    isClicking = false;
  });
}
