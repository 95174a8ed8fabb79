/** The difference of two pictures of one place: where and by how much two runs say something else. */

/**
 * Bytes of a picture, square, and what they stand for: numbers from `low` to `high`, or the numbers of classes.
 * @typedef {object} Field
 * @property {number} side in pixels
 * @property {Uint8Array} bytes
 * @property {string} what as "the output"; only fields of the same can be subtracted
 * @property {string} place of the picture, as "-6,6"; the same goes for it
 * @property {readonly [number, number] | null} range that bytes from 0 to 255 stand for; null for classes
 */

/**
 * @typedef {object} Difference
 * @property {number} side
 * @property {Float32Array} values first minus second; of classes 1 where they differ
 * @property {number} largest of the absolute values
 * @property {number} mean of the absolute values; of classes the share of the plane where they differ
 * @property {boolean} isOfClasses
 */

/**
 * Null if the two are not of the same kind. Of two sizes the smaller counts: the larger gives its pixel at each place.
 * @param {Field} a
 * @param {Field} b
 * @returns {Difference | null}
 */
export function subtract(a, b) {
  if (a.what !== b.what || a.place !== b.place) return null;
  const side = Math.min(a.side, b.side);
  const [low, high] = a.range ?? [0, 255];
  const unit = (high - low) / 255;
  const values = new Float32Array(side * side);
  let [largest, sum] = [0, 0];
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      const steps = at(a, row, column, side) - at(b, row, column, side);
      const value = a.range ? steps * unit : Number(steps !== 0);
      values[row * side + column] = value;
      largest = Math.max(largest, Math.abs(value));
      sum += Math.abs(value);
    }
  return {side, values, largest, mean: sum / values.length, isOfClasses: !a.range};
}

/** @param {Field} field @param {number} row @param {number} column @param {number} side of the picture that is made */
function at({bytes, side: own}, row, column, side) {
  if (own === side) return bytes[row * own + column] ?? 0;
  const near = (/** @type {number} */ place) => Math.floor(((place + 0.5) * own) / side);
  return bytes[near(row) * own + near(column)] ?? 0;
}

const ENDS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2];

/** The end of a scale of colours that holds a value, of few, so that it rarely changes. @param {number} largest */
export function scaleEnd(largest) {
  return ENDS.find(end => largest <= end) ?? 2;
}

/**
 * The bytes of a picture of it: 0 for minus `end`, 255 for `end`, between them in proportion.
 * @param {Difference} difference
 * @param {number} end
 */
export function differenceBytes({values}, end) {
  return Uint8Array.from(values, value =>
    Math.round((Math.max(-1, Math.min(1, value / end)) + 1) * 127.5),
  );
}
