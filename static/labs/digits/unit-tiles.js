/** A button for each filter or unit of a layer, with its pictures. */

/**
 * @typedef {object} Tile
 * @property {HTMLButtonElement} button
 * @property {HTMLCanvasElement} picture a filter's map, or a unit's weights
 * @property {HTMLCanvasElement | null} filter in the map's corner
 * @property {HTMLElement | null} value of a unit
 */

/**
 * @param {number} unit from 1
 * @param {"filter" | "unit" | "output"} kind
 * @returns {Tile}
 */
export function tileOf(unit, kind) {
  const [button, picture] = [document.createElement("button"), document.createElement("canvas")];
  button.type = "button";
  button.className = kind === "filter" ? "unit" : "unit of-dense";
  button.dataset.unit = String(unit);
  picture.ariaHidden = "true";
  button.append(picture);
  if (kind === "filter") return {button, picture, filter: withFilter(button), value: null};
  if (kind === "output") button.append(withDigit(unit - 1));
  return {button, picture, filter: null, value: withValue(button)};
}

/** @param {HTMLElement} button */
function withFilter(button) {
  const filter = document.createElement("canvas");
  filter.className = "filter";
  filter.ariaHidden = "true";
  button.append(filter);
  return filter;
}

/** An output's own. @param {number} digit */
function withDigit(digit) {
  const label = document.createElement("span");
  label.className = "digit";
  label.ariaHidden = "true";
  label.textContent = String(digit);
  return label;
}

/** @param {HTMLElement} button */
function withValue(button) {
  const value = document.createElement("span");
  value.className = "value";
  value.ariaHidden = "true"; // the button's description says it
  button.append(value);
  return value;
}
