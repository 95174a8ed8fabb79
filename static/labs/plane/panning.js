/** Moves content that is wider than its panel by the wheel and by dragging its ground; the scroll bar works too. */

const DRAG = 4; // px before a press becomes a drag
const LINE = 16;

/**
 * How far a turn of the wheel moves the panel sideways; 0 if the wheel is not meant for it.
 * @param {{deltaX: number, deltaY: number, deltaMode: number, shiftKey: boolean, ctrlKey: boolean}} wheel
 * @param {{scrollLeft: number, scrollWidth: number, clientWidth: number}} panel
 */
export function sideways(wheel, {scrollLeft, scrollWidth, clientWidth}) {
  const {deltaX, deltaY, deltaMode, shiftKey, ctrlKey} = wheel;
  if (ctrlKey || shiftKey || Math.abs(deltaX) >= Math.abs(deltaY)) return 0; // zoom, or sideways already
  const most = scrollWidth - clientWidth;
  const pixels = deltaMode === 1 ? deltaY * LINE : deltaY; // Firefox counts lines
  return Math.min(Math.max(scrollLeft + pixels, 0), most) - scrollLeft;
}

/**
 * @param {HTMLElement} panel
 * @param {(target: EventTarget | null) => boolean} isGround what can be dragged
 */
export function pan(panel, isGround) {
  panel.addEventListener(
    "wheel",
    event => {
      const step = sideways(event, panel);
      if (!step) return; // at its end the page scrolls on
      event.preventDefault();
      panel.scrollLeft += step;
    },
    {passive: false},
  );
  panel.addEventListener("pointerdown", event => {
    if (event.pointerType !== "mouse" || event.button !== 0 || !isGround(event.target)) return;
    if (panel.scrollWidth > panel.clientWidth) drag(panel, event);
  });
}

/**
 * Drag until the button is let go. Fingers need no help.
 * @param {HTMLElement} panel
 * @param {PointerEvent} start
 */
function drag(panel, start) {
  const left = panel.scrollLeft;
  const ended = new AbortController();
  let moved = false;
  const {signal} = ended;
  const end = () => {
    ended.abort();
    panel.classList.remove("dragged");
  };
  panel.addEventListener(
    "pointermove",
    event => {
      moved ||= Math.abs(event.clientX - start.clientX) > DRAG;
      if (!moved) return;
      if (!panel.hasPointerCapture(start.pointerId)) panel.setPointerCapture(start.pointerId);
      panel.classList.add("dragged");
      panel.scrollLeft = left + start.clientX - event.clientX;
    },
    {signal},
  );
  panel.addEventListener("pointercancel", end, {signal});
  panel.addEventListener(
    "pointerup",
    () => {
      end();
      // The click that follows a drag does not count.
      const clicked = new AbortController();
      if (moved)
        panel.addEventListener("click", event => event.stopPropagation(), {
          capture: true,
          signal: clicked.signal,
        });
      setTimeout(() => clicked.abort());
    },
    {signal},
  );
}
