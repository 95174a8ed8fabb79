/** Writes words below a control: why it has no effect, say. */

/**
 * Words below a control, which describe it for screen readers too.
 * @param {HTMLElement} control
 * @param {string} text
 */
export function say(control, text) {
  const id = `why-${control.id}`;
  const place = document.getElementById(id) ?? (text ? makePlace(control, id) : null);
  if (place && place.textContent !== text) place.textContent = text;
}

/**
 * @param {HTMLElement} control
 * @param {string} id
 */
function makePlace(control, id) {
  const place = document.createElement("span");
  place.className = "why";
  place.id = id;
  control.closest("label")?.append(place);
  const described = control.getAttribute("aria-describedby");
  control.setAttribute("aria-describedby", described ? `${id} ${described}` : id);
  return place;
}
