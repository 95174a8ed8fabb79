/** The kinds of numbers that a visitor can type, by their names in `data-number`: how each is read and written.
 *
 * The server writes the numbers that a list offers in the same way: app/pages/fields.py.
 */

/** @import {Reading} from "./numbers.js" */

import {formatCount} from "../drawing/format.js";
import {nextByDigit, readNumber, readShare, tidy} from "./numbers.js";

/**
 * How the numbers of a list are typed and written.
 * @typedef {object} Typed
 * @property {(text: string) => Reading} read
 * @property {(value: number) => string} show in the field
 * @property {(value: number) => string} says in the list
 * @property {(value: number, steps: number) => number} step
 * @property {boolean} [whole]
 */

/** @type {Typed} */
const rate = {
  read: text => readNumber(text),
  show: String,
  says: String,
  step: nextByDigit,
};
/** @type {Typed} */
const whole = {
  read: text => readNumber(text, {whole: true}),
  show: String,
  says: formatCount,
  step: (value, steps) => Math.max(0, value + steps),
  whole: true,
};
/** A share, which the lists write in per cent. @type {Typed} */
const share = {
  read: readShare,
  show: value => `${tidy(value * 100)} %`,
  says: value => `${tidy(value * 100)} %`,
  step: (value, steps) => tidy(value + steps / 100),
};
/** @type {Typed} */
const perCent = {
  read: text => readNumber(text, {unit: "%"}),
  show: value => `${value} %`,
  says: value => `${value} %`,
  step: (value, steps) => tidy(value + steps),
};
/** @type {Typed} */
const patience = {...whole, says: value => `For ${formatCount(value)} epochs`};
/** @type {Typed} */
export const SPEED = {...rate, says: value => `${value} ${unit()}s/s`};

/** The lab's word for an epoch, as the server has written it into the page. */
function unit() {
  return globalThis.document?.body.dataset.unit ?? "epoch";
}

/** @type {Readonly<Record<string, Typed>>} */
export const NUMBER_KINDS = {rate, whole, share, "per-cent": perCent, patience};
