/** The page may move below a pointer that rests. The browser then reports that the pointer is over something else. */

let [x, y] = [Number.NaN, Number.NaN];
/** Whether the newest event came without a move. */
let rests = false;

for (const type of /** @type {const} */ (["pointerover", "pointermove"]))
  document.addEventListener(
    type,
    ({clientX, clientY}) => {
      rests = clientX === x && clientY === y;
      if (type === "pointermove") [x, y] = [clientX, clientY];
    },
    {capture: true, passive: true},
  );

/**
 * Calls `act` for what a visitor points at: when the pointer comes to it, or first moves after the page has moved.
 * @param {Document | HTMLElement} root
 * @param {(event: PointerEvent) => void} act
 */
export function listenForPointing(root, act) {
  let isUnasked = false;
  const point = (/** @type {PointerEvent} */ event) => {
    isUnasked = rests;
    if (!rests) act(event);
  };
  root.addEventListener("pointerover", event => point(/** @type {PointerEvent} */ (event)));
  root.addEventListener("pointermove", event => {
    if (isUnasked) point(/** @type {PointerEvent} */ (event));
  });
}
