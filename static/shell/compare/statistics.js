/** Median and spread of a few numbers, some of which may be missing. */

/**
 * @typedef {object} Spread
 * @property {number} count of finite numbers
 * @property {number} low
 * @property {number} first quartile
 * @property {number} median
 * @property {number} third quartile
 * @property {number} high
 */

/**
 * Quartiles lie between two numbers in proportion, as NumPy's `quantile` has them unless told. Null without numbers.
 * @param {readonly (number | null | undefined)[]} values
 * @returns {Spread | null}
 */
export function spreadOf(values) {
  const known = values
    .filter(value => typeof value === "number" && Number.isFinite(value))
    .map(Number)
    .sort((a, b) => a - b);
  if (known.length === 0) return null;
  const at = (/** @type {number} */ share) => quantile(known, share);
  return {
    count: known.length,
    low: at(0),
    first: at(0.25),
    median: at(0.5),
    third: at(0.75),
    high: at(1),
  };
}

/** @param {readonly number[]} sorted @param {number} share */
function quantile(sorted, share) {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? low;
  return low + (high - low) * (place - below);
}

/** A run: its samples, each the epoch and then the losses. @typedef {readonly (readonly (number | null)[])[]} History */

/**
 * The spread of one loss at each epoch that any of the runs has a sample of. A run that has ended or overflowed before
 * is not counted there.
 * @param {readonly History[]} runs
 * @param {number} column of the loss, from 0
 * @returns {{epochs: number[], spreads: (Spread | null)[]}}
 */
export function band(runs, column) {
  /** @type {Map<number, (number | null)[]>} */
  const found = new Map();
  for (const history of runs)
    for (const [epoch, ...losses] of history) {
      const values = found.get(epoch ?? 0) ?? [];
      values.push(losses[column] ?? null);
      found.set(epoch ?? 0, values);
    }
  const epochs = [...found.keys()].sort((a, b) => a - b);
  return {epochs, spreads: epochs.map(epoch => spreadOf(found.get(epoch) ?? []))};
}
