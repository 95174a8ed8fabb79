/** Numbers as a reader likes them. */

const counts = new Intl.NumberFormat("en-US", {maximumFractionDigits: 0});

/**
 * A whole number with its thousands apart.
 * @param {number} value
 */
export function formatCount(value) {
  return counts.format(value);
}

/**
 * A speed: whole, in millions above a million, with a digit below ten.
 * @param {number} value
 */
export function formatRate(value) {
  if (value >= 1e6) return `${(value / 1e6).toFixed(2)} M`;
  if (value > 0 && value < 10) return value.toFixed(1);
  return formatCount(value);
}

/**
 * Four decimals, or an exponent where they would say nothing; never wider than eight digits.
 * @param {number | null} value
 */
export function formatLoss(value) {
  if (value === null) return "–";
  const small = value !== 0 && value < 0.001;
  const isLong = value >= 1e10 || value < 1e-9;
  return small || value >= 10_000 ? value.toExponential(isLong ? 1 : 2) : value.toFixed(4);
}

const LARGE = 10_000;

/**
 * A loss after training has diverged: how many digits it has got by then says nothing.
 * @param {number | null} value
 */
export function formatDiverged(value) {
  return value !== null && value < LARGE ? formatLoss(value) : `> ${formatCount(LARGE)}`;
}

/**
 * How far into an epoch a run is; nothing at its end.
 * @param {{stepInEpoch: number, stepsInEpoch: number}} place
 */
export function batchText({stepInEpoch, stepsInEpoch}) {
  return stepInEpoch > 0 ? `batch ${formatCount(stepInEpoch)} of ${formatCount(stepsInEpoch)}` : "";
}

/**
 * A weight, with enough digits to compare.
 * @param {number} value
 */
export function formatWeight(value) {
  const size = Math.abs(value);
  const text = size >= 1000 || (size > 0 && size < 0.001) ? size.toExponential(2) : size.toFixed(3);
  return value < 0 ? `−${text}` : text;
}

/**
 * A share as per cent with one decimal; whole where it is all or nothing, so that nearly all is not called all.
 * @param {number} share from 0 to 1
 */
export function formatShare(share) {
  if (!Number.isFinite(share)) return "–";
  if (share === 0 || share === 1) return `${share * 100} %`;
  return `${Math.min(Math.max(share * 100, 0.1), 99.9).toFixed(1)} %`;
}
