/** Formats numbers for readers. */

const counts = new Intl.NumberFormat("en-US", {maximumFractionDigits: 0});

/**
 * A whole number with separated thousands.
 * @param {number} value
 */
export function formatCount(value) {
  return counts.format(value);
}

/**
 * A speed: in millions above a million, with a decimal below ten, else whole.
 * @param {number} value
 */
export function formatRate(value) {
  if (value >= 1e6) return `${(value / 1e6).toFixed(2)} M`;
  if (value > 0 && value < 10) return value.toFixed(1);
  return formatCount(value);
}

/**
 * Four decimals, or an exponent if they would show nothing; never wider than eight digits.
 * @param {number | null} value
 */
export function formatLoss(value) {
  if (value === null) return "–";
  const size = Math.abs(value);
  const small = size !== 0 && size < 0.001;
  const isLong = size >= 1e10 || size < 1e-9;
  return small || size >= 10_000 ? value.toExponential(isLong ? 1 : 2) : value.toFixed(4);
}

const LARGE = 10_000;

/**
 * A loss after training has diverged, cut off at a limit, as its size then means nothing.
 * @param {number | null} value
 */
export function formatDiverged(value) {
  return value !== null && value < LARGE ? formatLoss(value) : `> ${formatCount(LARGE)}`;
}

/**
 * The batch within an epoch; empty between epochs.
 * @param {{stepInEpoch: number, stepsInEpoch: number}} place
 */
export function batchText({stepInEpoch, stepsInEpoch}) {
  return stepInEpoch > 0 ? `batch ${formatCount(stepInEpoch)} of ${formatCount(stepsInEpoch)}` : "";
}

/**
 * A weight with enough digits for comparisons.
 * @param {number} value
 */
export function formatWeight(value) {
  const size = Math.abs(value);
  const text = size >= 1000 || (size > 0 && size < 0.001) ? size.toExponential(2) : size.toFixed(3);
  return value < 0 ? `−${text}` : text;
}

/**
 * A percentage with one decimal, from 0.1 to 99.9; only exactly none or all become 0 % or 100 %.
 * @param {number} share from 0 to 1
 */
export function formatShare(share) {
  if (!Number.isFinite(share)) return "–";
  if (share === 0 || share === 1) return `${share * 100} %`;
  return `${Math.min(Math.max(share * 100, 0.1), 99.9).toFixed(1)} %`;
}
