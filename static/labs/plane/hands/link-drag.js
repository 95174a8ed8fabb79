/** Drags a link up or down for its weight: up adds, as a slider does. */

/** @import {Link} from "../network-layout.js" */
/** @import {PlaneShell} from "../page.js" */

const DRAG = 4; // px before a press becomes a drag; a click edits the weight as a number
const PER_PIXEL = 0.02; // of the weight
const FINE = 0.1; // of that, with Shift
const WAITS = "link"; // the name by which a drag waits for its answer

/**
 * @param {HTMLElement} stage
 * @param {PlaneShell} shell
 * @param {(event: PointerEvent) => Link | null} linkAt
 * @param {(index: number) => number} weightAt as it is now, by its place among the parameters
 */
export function dragLinks(stage, shell, linkAt, weightAt) {
  stage.addEventListener("pointerdown", start => {
    const link = start.pointerType === "mouse" && start.button === 0 ? linkAt(start) : null;
    if (link) drag(stage, shell, start, {index: link.index, first: weightAt(link.index)});
  });
}

/**
 * Until the button is let go; the next value is sent when the answer to the last has come.
 * @param {HTMLElement} stage
 * @param {PlaneShell} shell
 * @param {PointerEvent} start
 * @param {{index: number, first: number}} weight
 */
function drag(stage, shell, start, {index, first}) {
  const ended = new AbortController();
  const {signal} = ended;
  let [before, value, sent, isMoved] = [start.clientY, first, first, false];
  const send = () => {
    if (value === sent || shell.waiting.has(WAITS)) return;
    sent = value;
    shell.waiting.sendFor(WAITS, {type: "set-parameter", index, value});
  };
  const again = setInterval(send, 1000 / 60);
  signal.addEventListener("abort", () => clearInterval(again));
  stage.addEventListener(
    "pointermove",
    ({clientY, shiftKey}) => {
      isMoved ||= Math.abs(clientY - start.clientY) > DRAG;
      if (!isMoved) return;
      if (!stage.hasPointerCapture(start.pointerId)) stage.setPointerCapture(start.pointerId);
      stage.classList.add("dragged");
      value = moved(value, before - clientY, shiftKey);
      before = clientY;
      send();
    },
    {signal},
  );
  const end = () => {
    ended.abort();
    stage.classList.remove("dragged");
    if (value !== sent) shell.send({type: "set-parameter", index, value});
    if (isMoved) swallowClick(stage);
  };
  for (const type of /** @type {const} */ (["pointerup", "pointercancel"]))
    stage.addEventListener(type, end, {signal});
}

/** @param {number} value @param {number} pixels up @param {boolean} isFine */
export function moved(value, pixels, isFine) {
  return Math.min(Math.max(value + pixels * PER_PIXEL * (isFine ? FINE : 1), -1e6), 1e6);
}

/** The click that follows a drag does not count. @param {HTMLElement} stage */
function swallowClick(stage) {
  const clicked = new AbortController();
  stage.addEventListener("click", event => event.stopPropagation(), {
    capture: true,
    signal: clicked.signal,
  });
  setTimeout(() => clicked.abort());
}
