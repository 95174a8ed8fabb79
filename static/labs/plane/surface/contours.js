/** Contour lines of a grid of heights, by marching squares. */

/**
 * The pieces of a level's line, in columns and rows of the grid: x, y, x, y for each. Squares at unknown heights have
 * none; a saddle is joined by the mean of its corners.
 * @param {Float32Array} heights row by row
 * @param {number} side
 * @param {number} level
 * @returns {number[]}
 */
export function contour(heights, side, level) {
  /** @type {number[]} */
  const pieces = [];
  for (let row = 0; row + 1 < side; row++)
    for (let column = 0; column + 1 < side; column++) {
      const at = row * side + column;
      const corners = [heights[at], heights[at + 1], heights[at + side + 1], heights[at + side]];
      addPieces(pieces, /** @type {number[]} */ (corners), column, row, level);
    }
  return pieces;
}

/** Corners of a square, counted from its lower left, against the clock. */
const CORNERS = /** @type {const} */ ([
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
]);

/**
 * @param {number[]} pieces
 * @param {readonly number[]} corners heights
 * @param {number} column
 * @param {number} row
 * @param {number} level
 */
function addPieces(pieces, corners, column, row, level) {
  if (!corners.every(Number.isFinite)) return;
  /** @type {[number, number][]} */
  const crossings = [];
  for (const [i, [x, y]] of CORNERS.entries()) {
    const next = (i + 1) % 4;
    const [here, there] = [corners[i] ?? 0, corners[next] ?? 0];
    if (here < level === there < level) continue;
    const [x2, y2] = CORNERS[next] ?? [0, 0];
    const share = (level - here) / (there - here);
    crossings.push([column + x + (x2 - x) * share, row + y + (y2 - y) * share]);
  }
  if (crossings.length === 4) {
    const mean = corners.reduce((sum, height) => sum + height, 0) / 4;
    // The first crossing lies between the corners 0 and 1: join it around corner 1, or around corner 0.
    if (mean < level === (corners[0] ?? 0) < level) addPiece(pieces, crossings, [0, 1, 2, 3]);
    else addPiece(pieces, crossings, [3, 0, 1, 2]);
  } else if (crossings.length === 2) addPiece(pieces, crossings, [0, 1]);
}

/** @param {number[]} pieces @param {readonly [number, number][]} crossings @param {readonly number[]} order */
function addPiece(pieces, crossings, order) {
  for (const i of order) pieces.push(...(crossings[i] ?? []));
}
