/** Which layer is open and what its axes are, as the view's `space` says it in links. */

/** No units: the principal plane. @typedef {{layer: number, units: number[]}} Choice */

/** @param {string} text "2-1-2" or "2-plane"; null where nothing is open @returns {Choice | null} */
export function choiceOf(text) {
  if (!text) return null;
  const [layer, ...axes] = text.split("-");
  return {layer: Number(layer), units: axes[0] === "plane" ? [] : axes.map(Number)};
}

/** @param {Choice} choice */
export function choiceText({layer, units}) {
  return `${layer}-${units.length ? units.join("-") : "plane"}`;
}

/**
 * What opens first: the last hidden layer, behind which the boundary is straight.
 * @param {readonly number[]} shape
 * @returns {Choice}
 */
export function firstChoice(shape) {
  const layer = Math.max(1, shape.length - 2);
  return {layer, units: unitsFor(shape[layer] === 3 ? 3 : 2, [], shape[layer] ?? 1, true)};
}

/**
 * So many units of a layer, those that are chosen first.
 * @param {number} count
 * @param {readonly number[]} chosen
 * @param {number} width of the layer
 * @param {boolean} isOnlyIfWhole whether a wider layer has its principal plane instead
 * @returns {number[]}
 */
export function unitsFor(count, chosen, width, isOnlyIfWhole = false) {
  if (isOnlyIfWhole && width > count) return [];
  const known = chosen.filter(unit => unit <= width);
  const others = Array.from({length: width}, (_, i) => i + 1).filter(unit => !known.includes(unit));
  const found = [...known, ...others].slice(0, count);
  return found.length > 1 ? found : [1, 2];
}

/**
 * The units after axis `axis` has got another one; two axes with the same unit change places.
 * @param {readonly number[]} units
 * @param {number} axis
 * @param {number} unit
 */
export function withUnit(units, axis, unit) {
  return units.map((each, i) => (i === axis ? unit : each === unit ? (units[axis] ?? unit) : each));
}
