/** The geometry of the pictures: from weights to pixels, shades of heights, contours, ticks. Plain numbers. */

/** @typedef {[number, number]} Range */
/** @typedef {{x: number, y: number}} Point */
/** Where the window lies in the canvas, in CSS pixels. @typedef {{left: number, top: number, width: number, height: number}} Box */

const STEEP = 200; // how much more the shades tell of low errors than of high ones

/**
 * The position of a place in the window.
 * @param {Box} box
 * @param {Range} across
 * @param {Range} up
 * @param {number} x
 * @param {number} y
 * @returns {Point}
 */
export function toPixel(box, across, up, x, y) {
  return {
    x: box.left + ((x - across[0]) / (across[1] - across[0])) * box.width,
    y: box.top + ((up[1] - y) / (up[1] - up[0])) * box.height,
  };
}

/**
 * The place at a pixel: the inverse of `toPixel`, within the window.
 * @param {Box} box
 * @param {Range} across
 * @param {Range} up
 * @param {Point} pixel
 * @returns {[number, number]}
 */
export function toPlace(box, across, up, {x, y}) {
  const right = within((x - box.left) / box.width, 0, 1);
  const down = within((y - box.top) / box.height, 0, 1);
  return [across[0] + right * (across[1] - across[0]), up[1] - down * (up[1] - up[0])];
}

/** @param {number} value @param {number} low @param {number} high */
export function within(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

/**
 * A number near `value` with as many digits as a pixel can tell.
 * @param {number} value
 * @param {Range} range of the window
 */
export function rounded(value, [low, high]) {
  const unit = 10 ** Math.floor(Math.log10((high - low) / 300));
  return Number((Math.round(value / unit) * unit).toPrecision(12)) || 0; // no -0
}

/**
 * From 0 for the lowest error to 1 for the highest; low errors are told apart better than high ones.
 * @param {Range} range
 * @param {number} error
 */
export function shadeOf([low, high], error) {
  if (!(high > low)) return 0;
  return Math.log1p((STEEP * (error - low)) / (high - low)) / Math.log1p(STEEP);
}

/**
 * The errors of contours: evenly spaced in shade.
 * @param {Range} range
 * @param {number} count
 */
export function levels([low, high], count) {
  return Array.from({length: count}, (_, i) => {
    const share = (i + 1) / (count + 1);
    return low + ((high - low) * Math.expm1(share * Math.log1p(STEEP))) / STEEP;
  });
}

/** @param {ArrayLike<number>} values @returns {Range} */
export function rangeOf(values) {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** Corner by corner around a cell: how far right and down it lies. */
const CORNERS = /** @type {const} */ ([
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
]);

/**
 * The lines on which the error has a value, by marching squares, in columns and rows of the grid.
 * @param {ArrayLike<number>} heights row by row
 * @param {number} side
 * @param {number} level
 * @returns {[Point, Point][]}
 */
export function contour(heights, side, level) {
  /** @type {[Point, Point][]} */
  const lines = [];
  for (let row = 0; row + 1 < side; row++)
    for (let column = 0; column + 1 < side; column++) {
      const found = crossings(heights, side, row, column, level);
      for (let i = 0; i + 1 < found.length; i += 2) {
        const [a, b] = [found[i], found[i + 1]];
        if (a && b) lines.push([a, b]);
      }
    }
  return lines;
}

/**
 * Where the level crosses the sides of a cell.
 * @param {ArrayLike<number>} heights
 * @param {number} side
 * @param {number} row
 * @param {number} column
 * @param {number} level
 * @returns {Point[]}
 */
function crossings(heights, side, row, column, level) {
  const at = CORNERS.map(([x, y]) => (heights[(row + y) * side + column + x] ?? 0) - level);
  /** @type {Point[]} */
  const found = [];
  for (let i = 0; i < 4; i++) {
    const [a = 0, b = 0] = [at[i], at[(i + 1) % 4]];
    if (a < 0 === b < 0) continue;
    const share = a / (a - b);
    const [from, to] = [CORNERS[i], CORNERS[(i + 1) % 4]];
    if (!from || !to) continue;
    found.push({
      x: column + from[0] + share * (to[0] - from[0]),
      y: row + from[1] + share * (to[1] - from[1]),
    });
  }
  return found;
}

/**
 * About so many round numbers in a range.
 * @param {Range} range
 * @param {number} most
 */
export function roundTicks([low, high], most) {
  const rough = (high - low) / most;
  const decade = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(each => each * decade).find(each => each >= rough) ?? 10 * decade;
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({length: count}, (_, i) => Number(((first + i) * step).toPrecision(12)));
}
