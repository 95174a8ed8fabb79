/** The geometry of the loss chart: scales, ticks and lines, as plain numbers. */

/** @typedef {{x: number, y: number}} Point */
/** @typedef {{width: number, height: number, left: number, bottom: number, top: number, right: number}} Box */
/** One axis, from its lowest to its highest value. @typedef {{log: boolean, low: number, high: number}} Axis */
/** @typedef {{epoch: Axis, loss: Axis}} Scale */

/** Training rarely begins with a smaller loss. */
const LOWEST_START = 1e-3;

/**
 * An axis from zero, or from below the lowest loss if that is negative, to the highest; a logarithmic one spans the
 * decades of all losses above zero.
 * @param {readonly (readonly number[])[]} series
 * @param {boolean} log
 * @returns {Axis}
 */
export function lossAxis(series, log) {
  let [low, high, least] = [Number.POSITIVE_INFINITY, 0, 0];
  for (const losses of series)
    for (const loss of losses) {
      if (!Number.isFinite(loss)) continue;
      if (loss > high) high = loss;
      if (loss < least) least = loss;
      if (loss > 0 && loss < low) low = loss;
    }
  if (!log && least < 0)
    return {log, low: -niceAbove(-least), high: high > 0 ? niceAbove(high) : 0};
  if (high === 0) [low, high] = [0.1, 1];
  if (!log) return {log, low: 0, high: niceAbove(high)};
  // Nine decades are enough, unless the loss has climbed: then the axis shows from where.
  const bottom = 10 ** Math.floor(Math.log10(Math.max(low, Math.min(high * 1e-9, LOWEST_START))));
  return {log, low: bottom, high: Math.max(10 ** Math.ceil(Math.log10(high)), bottom * 10)};
}

/**
 * An axis up to the present epoch. A logarithmic one shows epoch 0 at 1.
 * @param {number} epoch
 * @param {boolean} log
 * @returns {Axis}
 */
export function epochAxis(epoch, log) {
  return log ? {log, low: 1, high: Math.max(epoch, 10)} : {log, low: 0, high: Math.max(epoch, 10)};
}

/**
 * The position of a value on an axis, from 0 to 1.
 * @param {Axis} axis
 * @param {number} value
 */
export function shareOf({log, low, high}, value) {
  return log
    ? Math.log(Math.max(value, low) / low) / Math.log(high / low)
    : (value - low) / (high - low);
}

/**
 * The epoch at a position from 0 to 1, as `shareOf` has it.
 * @param {Axis} axis
 * @param {number} share
 */
export function epochAt({log, low, high}, share) {
  if (log) return share <= 0 ? 0 : Math.round(low * (high / low) ** share);
  return Math.round(low + share * (high - low));
}

/**
 * The number of the last sample that is not after an epoch, 0 if there is none.
 * @param {readonly number[]} epochs ascending
 * @param {number} epoch
 */
export function sampleFrom(epochs, epoch) {
  let [low, high] = [0, epochs.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((epochs[middle] ?? 0) <= epoch) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * @param {Axis} axis
 * @param {Box} box
 * @param {number} loss
 */
export function lossToY(axis, box, loss) {
  return box.height - box.bottom - shareOf(axis, loss) * (box.height - box.bottom - box.top);
}

/**
 * @param {Axis} axis
 * @param {Box} box
 * @param {number} epoch
 */
export function epochToX(axis, box, epoch) {
  return box.left + shareOf(axis, epoch) * (box.width - box.left - box.right);
}

/**
 * The sample nearest to x, null outside the chart.
 * @param {Axis} axis
 * @param {Box} box
 * @param {number} x
 * @param {readonly number[]} epochs ascending
 * @returns {number | null}
 */
export function sampleAt(axis, box, x, epochs) {
  if (epochs.length === 0 || x < box.left - 6 || x > box.width - box.right + 6) return null;
  let [low, high] = [0, epochs.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (epochToX(axis, box, epochs[middle] ?? 0) <= x) low = middle;
    else high = middle;
  }
  const away = (/** @type {number} */ i) => Math.abs(epochToX(axis, box, epochs[i] ?? 0) - x);
  return away(low) <= away(high) ? low : high;
}

/**
 * Lines through the samples, with gaps where a loss is not finite or smaller than the axis shows: no line runs along
 * the bottom, as if the loss were that.
 * @param {readonly number[]} epochs
 * @param {readonly number[]} losses
 * @param {Scale} scale
 * @param {Box} box
 * @returns {Point[][]}
 */
export function lossLines(epochs, losses, scale, box) {
  /** @type {Point[][]} */
  const lines = [[]];
  const bottom = box.height - box.bottom;
  /** @type {Point | null} */
  let before = null;
  for (const [i, loss] of losses.entries()) {
    const x = epochToX(scale.epoch, box, epochs[i] ?? 0);
    /** @type {Point | null} */
    const point = Number.isFinite(loss) ? {x, y: heightOf(scale.loss, box, loss)} : null;
    if (before && point && before.y > bottom !== point.y > bottom)
      lines.at(-1)?.push(crossing(before, point, bottom));
    if (point && point.y <= bottom) lines.at(-1)?.push(point);
    else lines.push([]);
    before = point;
  }
  return lines.filter(line => line.length > 0);
}

/** As `lossToY`, but also below the chart. @param {Axis} axis @param {Box} box @param {number} loss */
function heightOf(axis, box, loss) {
  const share = axis.log
    ? Math.log(loss / axis.low) / Math.log(axis.high / axis.low)
    : shareOf(axis, loss);
  return box.height - box.bottom - share * (box.height - box.bottom - box.top);
}

/** Where a line crosses a height; a loss of 0 is infinitely low. @param {Point} a @param {Point} b @param {number} y */
function crossing(a, b, y) {
  if (!Number.isFinite(a.y)) return {x: b.x, y};
  if (!Number.isFinite(b.y)) return {x: a.x, y};
  return {x: a.x + ((b.x - a.x) * (y - a.y)) / (b.y - a.y), y};
}

/**
 * Places of texts that stand below one another: as near to where they belong as they can be, and none over another.
 * @param {readonly number[]} places where they belong; of two that belong to one place the first is the lower
 * @param {number} apart least distance
 * @param {number} lowest of all
 * @returns {number[]} in the same order
 */
export function spread(places, apart, lowest) {
  const order = [...places.keys()].sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0) || b - a);
  /** Texts that touch, by the mean of where they belong. @type {{size: number, middle: number}[]} */
  const groups = [];
  for (const i of order) {
    let group = {size: 1, middle: places[i] ?? 0};
    for (let above = groups.at(-1); above && touch(above, group, apart); above = groups.at(-1)) {
      groups.pop();
      const size = above.size + group.size;
      group = {size, middle: (above.middle * above.size + group.middle * group.size) / size};
    }
    groups.push(group);
  }
  const free = groups.flatMap(({size, middle}) =>
    Array.from({length: size}, (_, k) => middle + (k - (size - 1) / 2) * apart),
  );
  const found = [...places];
  for (const [k, i] of [...order.entries()].reverse())
    found[i] = Math.min(free[k] ?? 0, lowest - (order.length - 1 - k) * apart);
  return found;
}

/**
 * @param {{size: number, middle: number}} above
 * @param {{size: number, middle: number}} below
 * @param {number} apart
 */
function touch(above, below, apart) {
  return below.middle - above.middle < ((above.size + below.size) / 2) * apart;
}

/**
 * Values to mark: ends and middle, or at most `most` decades.
 * @param {Axis} axis
 * @param {number} most
 * @returns {number[]}
 */
export function ticks({log, low, high}, most = 4) {
  if (!log) return [low, (low + high) / 2, high];
  const decades = Math.floor(Math.log10(high / low) + 1e-9);
  const step = Math.ceil((decades + 1) / most);
  return Array.from({length: Math.floor(decades / step) + 1}, (_, i) => low * 10 ** (i * step));
}

/**
 * The shortest text of a loss, for an axis.
 * @param {number} loss
 */
export function lossText(loss) {
  if (loss === 0) return "0";
  const size = Math.abs(loss);
  return size >= 0.001 && size < 10_000
    ? String(Number(loss.toPrecision(3)))
    : loss.toExponential(0).replace("+", ""); // the margin is narrow
}

/**
 * The text of an epoch, for an axis.
 * @param {number} epoch
 */
export function epochText(epoch) {
  if (epoch >= 1e6) return `${Number((epoch / 1e6).toPrecision(3))}M`;
  if (epoch >= 1e3) return `${Number((epoch / 1e3).toPrecision(3))}k`;
  return String(Math.round(epoch));
}

/** @param {number} value */
function niceAbove(value) {
  const decade = 10 ** Math.floor(Math.log10(value));
  const nice = [1, 2, 3, 4, 5, 6, 8, 10].find(n => n * decade >= value * 0.999) ?? 10;
  return Number((nice * decade).toPrecision(3)); // not 0.6000000000000001
}
