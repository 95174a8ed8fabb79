/** Mathematics as plain objects, which become MathML in the page and text for a copy. */

/** @typedef {{tag: string, text?: string, exact?: string, parts?: Math[]}} Math */

/** @param {string} text @returns {Math} */
export const name = text => ({tag: "mi", text});
/** @param {string} text @returns {Math} */
export const op = text => ({tag: "mo", text});
/** Words. @param {string} text @returns {Math} */
export const words = text => ({tag: "mtext", text});
/** @param {...Math} parts @returns {Math} */
export const row = (...parts) => ({tag: "mrow", parts});
/** @param {Math} base @param {Math} low @returns {Math} */
export const sub = (base, low) => ({tag: "msub", parts: [base, low]});
/** @param {Math} base @param {Math} high @returns {Math} */
export const sup = (base, high) => ({tag: "msup", parts: [base, high]});
/** @param {Math} base @param {Math} low @param {Math} high @returns {Math} */
export const subsup = (base, low, high) => ({tag: "msubsup", parts: [base, low, high]});
/** @param {Math} over @param {Math} under @returns {Math} */
export const frac = (over, under) => ({tag: "mfrac", parts: [over, under]});
/** @param {Math} inner @returns {Math} */
export const root = inner => ({tag: "msqrt", parts: [inner]});
/** @param {Math} inner @returns {Math} */
export const brackets = inner => row(op("("), inner, op(")"));
/** A whole number, or a constant of a formula. @param {number | string} value @returns {Math} */
export const whole = value => ({tag: "mn", text: String(value)});

/** A number of the engine: four digits to read, all of them to copy. @param {number | null} value @returns {Math} */
export function num(value) {
  const text = short(value);
  return {tag: "mn", text, exact: exact(value)};
}

/** The same inside a product or behind a sign: a negative one in brackets. @param {number} value @returns {Math} */
export function factor(value) {
  return value < 0 || Object.is(value, -0) ? brackets(num(value)) : num(value);
}

/** ∂E/∂name @param {Math} under @param {Math} over @returns {Math} */
export function slope(under, over = name("E")) {
  return frac(row(op("∂"), over), row(op("∂"), under));
}

/** Four decimals, or four digits and an exponent where they would show nothing. @param {number | null} value */
export function short(value) {
  if (value === null || !Number.isFinite(value))
    return value === Number.POSITIVE_INFINITY ? "∞" : "–";
  const size = Math.abs(value);
  const text =
    size >= 10_000 || (size > 0 && size < 0.001) ? size.toExponential(3) : size.toFixed(4);
  return `${value < 0 ? "−" : ""}${text.replace("e-", "e−").replace("e+", "e")}`;
}

/** The nine digits that tell a float32 from any other; a loss has more. @param {number | null} value */
export function exact(value) {
  if (value === null || !Number.isFinite(value)) return short(value);
  const isFloat32 = Math.fround(value) === value;
  return String(isFloat32 ? Number(value.toPrecision(9)) : value);
}

/** As one line of text, with all digits. @param {Math} math @returns {string} */
export function asText({tag, text = "", exact: digits, parts = []}) {
  const inner = parts.map(asText);
  switch (tag) {
    case "mfrac":
      return `${inner[0]}/${inner[1]}`;
    case "msub":
      return `${inner[0]}_${inner[1]}`;
    case "msup":
      return `${inner[0]}^${inner[1]}`;
    case "msubsup":
      return `${inner[0]}_${inner[1]}^${inner[2]}`;
    case "msqrt":
      return `√(${inner.join("")})`;
    case "mrow":
      return inner.join("");
    case "mo":
      return /[=+−·×]/.test(text) ? ` ${text} ` : text;
    default:
      return digits ?? text;
  }
}

/** Signs that stand between two things, also where a line begins with them. */
const BETWEEN = new Set(["=", "+", "·", "←"]);
const NAMESPACE = "http://www.w3.org/1998/Math/MathML";

/** A formula for the page. @param {Math} math */
export function mathElement(math) {
  const element = document.createElementNS(NAMESPACE, "math");
  element.setAttribute("displaystyle", "true");
  element.append(elementOf(math));
  return element;
}

/** @param {Math} math @returns {Element} */
function elementOf({tag, text, exact: digits, parts = []}) {
  const element = document.createElementNS(NAMESPACE, tag);
  if (text !== undefined) element.textContent = text;
  if (tag === "mo" && BETWEEN.has(text ?? "")) element.setAttribute("form", "infix");
  if (digits !== undefined) {
    element.setAttribute("data-exact", digits);
    element.setAttribute("title", digits);
  }
  element.append(...parts.map(elementOf));
  return element;
}
