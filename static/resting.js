/** The page may move below a pointer that rests. The browser then says that the pointer is over something else. */

let [x, y] = [Number.NaN, Number.NaN];

document.addEventListener(
  "pointermove",
  ({clientX, clientY}) => {
    [x, y] = [clientX, clientY];
  },
  {capture: true, passive: true},
);

/** Whether nobody has pointed there: the pointer is where it was. @param {PointerEvent} event */
export function isResting({clientX, clientY}) {
  return clientX === x && clientY === y;
}
