/** Reads numbers as people type them: with a comma or a point, any minus, spaces around, an exponent. */

/**
 * The number that was typed, or why the text is none.
 * @typedef {{value: number, fault: null} | {value: null, fault: string}} Reading
 */

/**
 * @typedef {object} Wish
 * @property {boolean} [whole] only whole numbers
 * @property {number} [min]
 * @property {number} [max]
 * @property {string} [unit] that may follow the number, such as %
 */

/** Keyboards and word processors write a minus in many ways. */
const MINUS = /[\u2010-\u2015\u2212\ufe63\uff0d]/g;
const NUMBER = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i;
/** Digits in groups of three after a comma or point: some people write thousands so, others fractions. */
const GROUPED = /^[+-]?[1-9]\d{0,2}[.,]\d{3}$/;
const TWO_SIGNS = /^[+-]?\d[\d.,]*[.,]\d*[.,]\d*(e[+-]?\d+)?$/i;

/**
 * Read a number. Where a comma may separate thousands as well as decimals, it is refused rather than guessed.
 * @param {string} text
 * @param {Wish} wish
 * @returns {Reading}
 */
export function readNumber(text, wish = {}) {
  const {whole = false, unit = ""} = wish;
  const said = text.trim();
  const plain = withoutUnit(said.replace(MINUS, "-"), unit);
  if (plain === "") return refuse("An empty field is not a number.");
  if (TWO_SIGNS.test(plain) || (whole && GROUPED.test(plain)))
    return refuse(`“${said}” can be read in two ways: leave the thousands together, as in 1234.5.`);
  if (!NUMBER.test(plain)) return refuse(`“${said}” is not a number.`);
  const value = Number(plain.replace(",", "."));
  if (!Number.isFinite(value)) return refuse(`“${said}” is not a number that fits: too large.`);
  if (whole && !Number.isSafeInteger(value)) return refuse(`“${said}” is not a whole number.`);
  return within(value, said, wish);
}

/**
 * @param {number} value
 * @param {string} said
 * @param {Wish} wish
 * @returns {Reading}
 */
function within(value, said, {min = -Infinity, max = Infinity}) {
  if (value >= min && value <= max) return {value: value === 0 ? 0 : value, fault: null}; // no -0
  return refuse(`“${said}” came, expected a number from ${min} to ${max}.`);
}

/**
 * @param {string} text
 * @param {string} unit
 */
function withoutUnit(text, unit) {
  return unit && text.endsWith(unit) ? text.slice(0, -unit.length).trim() : text;
}

/** @param {string} fault @returns {Reading} */
function refuse(fault) {
  return {value: null, fault};
}

/**
 * A share, typed as per cent (25 or 25 %) or as a fraction below one (0.25): nobody drops 0.25 % of the neurons.
 * @param {string} text
 * @returns {Reading} the share, from 0 to 1 if it is one
 */
export function readShare(text) {
  const reading = readNumber(text, {unit: "%"});
  if (reading.fault !== null || (!text.includes("%") && Math.abs(reading.value) < 1))
    return reading;
  return {value: tidy(reading.value / 100), fault: null};
}

/**
 * The same number with the other sign, as text; text that is no number yet gets a sign too.
 * @param {string} text
 */
export function withOtherSign(text) {
  const plain = text.trim().replace(MINUS, "-");
  return plain.startsWith("-") ? plain.slice(1) : `-${plain.replace(/^\+/, "")}`;
}

/**
 * Moves the first digit up or down by some steps: 0.03 to 0.04, 0.01 to 0.009, 1000 to 2000.
 * @param {number} value
 * @param {number} steps
 */
export function nextByDigit(value, steps) {
  let result = value;
  for (let i = 0; i < Math.abs(steps); i++) result = oneByDigit(result, Math.sign(steps));
  return result;
}

/**
 * @param {number} value
 * @param {number} direction 1 or -1
 */
function oneByDigit(value, direction) {
  if (value === 0) return direction > 0 ? 0.001 : 0;
  const power = Math.floor(Math.log10(Math.abs(value)));
  const isFirst = Math.abs(value) <= 10 ** power * (1 + 1e-9);
  const shrinks = direction * value < 0;
  return tidy(value + direction * 10 ** (isFirst && shrinks ? power - 1 : power));
}

/**
 * Rounds off the errors of binary fractions: 0.30000000000000004 becomes 0.3.
 * @param {number} value
 */
export function tidy(value) {
  return Number(value.toPrecision(12));
}

/**
 * The place of a number in a list that rises or falls. Words keep their places, and so does a zero that means “none”.
 * @param {readonly string[]} values
 * @param {number} value
 */
export function placeOf(values, value) {
  const numbers = values.map(Number);
  const counts = (/** @type {number} */ one) => Number.isFinite(one) && (one !== 0 || value < 0);
  const places = [...numbers.keys()].filter(i => counts(numbers[i] ?? Number.NaN));
  const [first = 0, last = -1] = [places[0], places.at(-1)];
  const falls = (numbers[first] ?? 0) > (numbers[last] ?? 0);
  const next = places.find(i => (falls ? (numbers[i] ?? 0) < value : (numbers[i] ?? 0) > value));
  return next ?? last + 1;
}
