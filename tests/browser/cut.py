"""Finds what is cut off: text wider than its element, and lists narrower than their longest choice."""

# A list shows its choices beside an arrow. Text that is hidden, ellipsed on purpose or scrollable is no fault.
CUT = """() => {
  const shown = element => element.checkVisibility({visibilityProperty: true}) && element.clientWidth > 1;
  const called = element => element.id || element.ariaLabel || element.textContent.trim().slice(0, 30);
  const pen = new OffscreenCanvas(1, 1).getContext("2d");
  const lists = [...document.querySelectorAll("select")].filter(shown).flatMap(select => {
    const style = getComputedStyle(select);
    pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const choices = [...select.options].filter(one => !one.hidden).map(one => pen.measureText(one.label).width);
    const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const need = Math.max(...choices) + 16;
    return need > room + 1 ? [`${called(select)}: ${Math.ceil(need)} in ${Math.floor(room)}`] : [];
  });
  const reasons = [...document.querySelectorAll(".why")]; // may be longer than what they stand below
  for (const reason of reasons) reason.style.display = "none";
  const texts = "label, button:not(.unit), h1, h2, h3, legend, dt, dd, output, th, td, p, figcaption, .card-name";
  const wide = [...document.querySelectorAll(texts)].filter(shown).flatMap(element => {
    if (element.closest(".hint, .unseen, .skip, dialog, [popover]")) return [];
    const box = element.getBoundingClientRect();
    const outside = element.closest("#network") ? false : box.right > innerWidth + 0.5 || box.left < -0.5;
    return element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== "inline" || outside
      ? [`${called(element)}: ${element.scrollWidth} in ${element.clientWidth}, to ${Math.round(box.right)}`]
      : [];
  });
  for (const reason of reasons) reason.style.display = "";
  const boxes = reasons.filter(shown).map(reason => [reason, reason.getBoundingClientRect()]);
  const late = boxes.flatMap(([reason, box], i) => {
    const meets = boxes.slice(i + 1).some(([, other]) => Math.abs(other.top - box.top) < 8 &&
      box.right > other.left && other.right > box.left);
    return meets || box.right > innerWidth ? [`${reason.textContent} meets another, or the edge`] : [];
  });
  return [...lists, ...wide, ...late];
}"""
