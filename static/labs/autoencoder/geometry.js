/** Where places of a plane lie in a canvas, and which is nearest. */

/** From the least to the greatest. @typedef {readonly [number, number]} Range */
/** What a plane shows. @typedef {{across: Range, up: Range}} Window */
/** @typedef {{width: number, height: number}} Size */
/** Every `count`-th pair of numbers: those at `across` and `up` of each row. @typedef {{rows: Float32Array, count: number, across: number, up: number}} Places */

const PAD = 0.06; // of the range, on each side
const LOOSE = 1.5; // times as wide as needed: the window then follows

/**
 * The window of these places. It stays as it is while they fit and fill it: a plane that breathes with every frame
 * cannot be read.
 * @param {Places} places
 * @param {Window | null} before
 * @returns {Window}
 */
export function windowOf(places, before = null) {
  return {
    across: settled(rangeOf(places, places.across), before?.across),
    up: settled(rangeOf(places, places.up), before?.up),
  };
}

/** @param {Places} places @param {number} number @returns {Range} */
function rangeOf({rows, count}, number) {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = number; i < rows.length; i += count) {
    const value = rows[i] ?? 0;
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low < high ? [low, high] : Number.isFinite(low) ? [low - 1, low + 1] : [-1, 1];
}

/** @param {Range} needed @param {Range | undefined} before @returns {Range} */
function settled([low, high], before) {
  const width = high - low;
  const fits = before && before[0] <= low && high <= before[1];
  if (fits && before[1] - before[0] <= LOOSE * width) return before;
  return [low - PAD * width, high + PAD * width];
}

/** The same scale in both directions, so that distances can be seen. @param {Window} window @param {Size} size @returns {Window} */
export function evened({across, up}, {width, height}) {
  const scale = Math.max((across[1] - across[0]) / width, (up[1] - up[0]) / height);
  return {across: around(across, scale * width), up: around(up, scale * height)};
}

/** @param {Range} range @param {number} length @returns {Range} */
function around([low, high], length) {
  const middle = (low + high) / 2;
  return [middle - length / 2, middle + length / 2];
}

/** @param {Window} window @param {Size} size @param {number} x @param {number} y @returns {[number, number]} */
export function toPixel({across, up}, {width, height}, x, y) {
  return [
    ((x - across[0]) / (across[1] - across[0])) * width,
    height - ((y - up[0]) / (up[1] - up[0])) * height,
  ];
}

/** @param {Window} window @param {Size} size @param {number} left @param {number} top @returns {[number, number]} */
export function toPlace({across, up}, {width, height}, left, top) {
  return [
    across[0] + (left / width) * (across[1] - across[0]),
    up[0] + (1 - top / height) * (up[1] - up[0]),
  ];
}

/**
 * Which place is nearest to a pixel, at most so many pixels away; null for none.
 * @param {Places} places
 * @param {Window} window
 * @param {Size} size
 * @param {readonly [number, number]} pixel
 * @param {number} most
 */
export function nearest({rows, count, across, up}, window, size, [left, top], most) {
  let [best, found] = [most * most, /** @type {number | null} */ (null)];
  for (let i = 0; i * count < rows.length; i++) {
    const [x, y] = toPixel(window, size, rows[i * count + across] ?? 0, rows[i * count + up] ?? 0);
    const away = (x - left) ** 2 + (y - top) ** 2;
    if (away <= best) [best, found] = [away, i];
  }
  return found;
}

/** The place on a line through points that is nearest to a point: how far along. @param {ArrayLike<number>} mean @param {ArrayLike<number>} direction of length 1 @param {number} x @param {number} y */
export function along(mean, direction, x, y) {
  return (x - (mean[0] ?? 0)) * (direction[0] ?? 0) + (y - (mean[1] ?? 0)) * (direction[1] ?? 0);
}

/**
 * The number whose place on a decoded curve is nearest to a point. The curve's places are evenly apart in the code, from
 * the least of these codes to the greatest.
 * @param {Float32Array | null | undefined} curve x and y, x and y, …
 * @param {Float32Array | null | undefined} codes
 * @param {number} x
 * @param {number} y
 */
export function alongCurve(curve, codes, x, y) {
  if (!curve || !codes || curve.length < 4) return null;
  let [best, found] = [Number.POSITIVE_INFINITY, 0];
  for (let i = 0; i + 1 < curve.length; i += 2) {
    const away = ((curve[i] ?? 0) - x) ** 2 + ((curve[i + 1] ?? 0) - y) ** 2;
    if (away < best) [best, found] = [away, i / 2];
  }
  const [low, high] = rangeOf({rows: codes, count: 1, across: 0, up: 0}, 0);
  return low + (found / (curve.length / 2 - 1)) * (high - low);
}
