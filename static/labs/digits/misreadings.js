/** What each test digit is taken for: digits of a cell of the confusion, the worst pairs, the next of a kind. No page. */

/** @import {Digits} from "./page.js" */

const CLASSES = 10;
const UNKNOWN = 255; // as the server says it of a digit that was not looked at

/** A cell of the confusion: network (0 for the plain one), actual digit, and what it is read as. @typedef {{twin: number, actual: number, said: number}} Pair */

/**
 * The test digits of a cell, in their order.
 * @param {Uint8Array} said of both networks
 * @param {Digits} digits
 * @param {Pair} pair
 */
export function digitsOf(said, {labels}, {twin, actual, said: read}) {
  const own = said.subarray(twin * labels.length, (twin + 1) * labels.length);
  return [...labels.keys()].filter(i => labels[i] === actual && own[i] === read);
}

/**
 * The most frequent mistakes of a network, the worst first.
 * @param {ArrayLike<number>} counts (10, 10): actual digits by row, what they are read as by column
 * @param {number} most
 */
export function worstPairs(counts, most) {
  return Array.from(counts, (count, i) => ({
    actual: Math.floor(i / CLASSES),
    said: i % CLASSES,
    count,
  }))
    .filter(({actual, said, count}) => actual !== said && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, most);
}

/** @param {ReturnType<typeof worstPairs>} pairs */
export function worstWords(pairs) {
  if (!pairs.length) return "It misreads no test digit.";
  const times = (/** @type {number} */ count) => (count === 1 ? "once" : `${count} times`);
  const words = pairs.map(({actual, said, count}) => `${actual} as ${said}: ${times(count)}`);
  return `Most often reads ${words.join(", ")}.`;
}

/**
 * The next test digit of a kind, in their order and round again; −1 for none.
 * @param {number} count of test digits
 * @param {number | null} after the one at hand
 * @param {(digit: number) => boolean} isWanted
 */
function next(count, after, isWanted) {
  for (let i = 1; i <= count; i++) {
    const digit = ((after ?? -1) + i) % count;
    if (isWanted(digit)) return digit;
  }
  return -1;
}

/** @param {Digits} digits @param {number | null} after @param {number} label */
export function nextOfClass({labels}, after, label) {
  return next(labels.length, after, digit => labels[digit] === label);
}

/** Misread by either network. @param {Digits} digits @param {number | null} after @param {Uint8Array} said */
export function nextMisread({labels}, after, said) {
  const isMisread = (/** @type {number} */ read, /** @type {number} */ digit) =>
    read !== UNKNOWN && read !== labels[digit];
  return next(labels.length, after, digit =>
    [said[digit], said[labels.length + digit]].some(read => isMisread(read ?? UNKNOWN, digit)),
  );
}
