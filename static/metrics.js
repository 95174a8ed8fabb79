/** What the counts of a frame mean, in the figures that people report. */

/**
 * @typedef {object} Scores
 * @property {number} accuracy
 * @property {number} precision of those that were said to be blue, how many are
 * @property {number} recall of those that are blue, how many were found
 */

/**
 * Shares from 0 to 1; NaN where there is nothing to count.
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
