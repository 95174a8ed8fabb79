/** Turns the counts of a frame into the figures that people report. */

/**
 * @typedef {object} Scores
 * @property {number} accuracy
 * @property {number} precision the share of points classified as blue that are blue
 * @property {number} recall the share of blue points that are classified as blue
 */

/**
 * For more than two classes: accuracy, and each class's precision and recall; NaN if there is nothing to count.
 * @param {ArrayLike<number>} counts how many of each class are taken for which, row by row
 */
export function classScores(counts) {
  const classes = Math.round(Math.sqrt(counts.length));
  const numbers = Array.from({length: classes}, (_, k) => k);
  const at = (/** @type {number} */ row, /** @type {number} */ column) =>
    counts[row * classes + column] ?? 0;
  const sum = (/** @type {(k: number) => number} */ count) =>
    numbers.reduce((total, k) => total + count(k), 0);
  return {
    accuracy: sum(k => at(k, k)) / sum(k => sum(l => at(k, l))),
    precision: numbers.map(k => at(k, k) / sum(l => at(l, k))),
    recall: numbers.map(k => at(k, k) / sum(l => at(k, l))),
  };
}

/**
 * Shares from 0 to 1; NaN if there is nothing to count.
 * @param {ArrayLike<number>} counts true positives, false negatives, false positives, true negatives
 * @returns {Scores}
 */
export function scores(counts) {
  const [tp = 0, fn = 0, fp = 0, tn = 0] = Array.from(counts);
  return {
    accuracy: (tp + tn) / (tp + fn + fp + tn),
    precision: tp / (tp + fp),
    recall: tp / (tp + fn),
  };
}
