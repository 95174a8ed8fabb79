/** Places a tooltip so that it does not cover its control. */

const GAP = 6; // px from the control
const MARGIN = 8; // px from the window's edges

/**
 * @typedef {object} Box
 * @property {number} left
 * @property {number} top
 * @property {number} width
 * @property {number} height
 */

/**
 * Where a tip of this size goes: below the control, else above it, never over it and never out of the window.
 * @param {Box} control
 * @param {{width: number, height: number}} tip
 * @param {{width: number, height: number}} space the window's
 */
export function placeTip(control, tip, space) {
  const below = control.top + control.height + GAP;
  const isRoomBelow = below + tip.height + MARGIN <= space.height;
  const top = isRoomBelow ? below : Math.max(MARGIN, control.top - GAP - tip.height);
  const rightmost = Math.max(MARGIN, space.width - MARGIN - tip.width);
  return {left: Math.min(Math.max(control.left, MARGIN), rightmost), top};
}
