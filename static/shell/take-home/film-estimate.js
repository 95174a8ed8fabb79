/** Says what a film will be before it is made, and how long it still takes. */

const FRAMES_PER_SECOND = 20;
const HOLD = 1.5; // seconds that the last frame is seen, at most a third of the film
const TITLE = 34; // 480ths of the picture's side, as the caption and the chart below it
const CAPTION = 42;
const CHART = 116;

// Measured with six layers of eight on the spiral (docs/export.md): bytes and seconds for a million pixels of a film.
const GIF = 160_000;
const VIDEO = 30_000;
const SECONDS = 0.2;

const BESIDE = 0.75; // of the picture's side, for the neurons

/**
 * @param {{seconds: number, size: number, show: string, first: number}} film `first`: the first epoch that is kept
 * @returns {string}
 */
export function filmEstimate({seconds, size, show, first}) {
  const frames = Math.round((seconds - Math.min(HOLD, seconds / 3)) * FRAMES_PER_SECOND) + 1;
  const height = (size * (480 + TITLE + CAPTION + (show === "boundary" ? 0 : CHART))) / 480;
  const width = size * (show === "neurons" ? 1 + BESIDE : 1);
  const millions = (frames * width * height) / 1e6;
  const from =
    first > 0 ? ` It begins at epoch ${first.toLocaleString("en")}, the first that is kept.` : "";
  return (
    `${frames} frames, the epochs ever farther apart: about ${megabytes(millions * GIF)} as GIF, ` +
    `${megabytes(millions * VIDEO)} as MP4 or WebM, and ${time(millions * SECONDS)} to make.${from}`
  );
}

/**
 * @param {number} share that is done
 * @param {number} took seconds so far
 * @returns {string} to be joined to other words
 */
export function secondsLeft(share, took) {
  if (share < 0.05 || took < 0.5) return "";
  return `, ${time((took / share) * (1 - share))} left`;
}

/** @param {number} bytes */
function megabytes(bytes) {
  const size = bytes / 1e6;
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} MB`;
}

/** @param {number} seconds */
function time(seconds) {
  return seconds < 90 ? `${Math.max(1, Math.ceil(seconds))} s` : `${Math.round(seconds / 60)} min`;
}
