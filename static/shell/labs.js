/** Finds the page to which a link belongs, among the pages of all labs that the server has written into this one. */

/**
 * The lab of the page.
 * @typedef {object} Place
 * @property {string} lab its name
 * @property {string} path of its page behind the server's own: "" for the first lab
 */

/** @param {DOMStringMap} data of the page's body @returns {Place} */
export function placeOf({lab = "", path = ""}) {
  return {lab, path};
}

/**
 * The address at which a link of another lab opens; null for a link of this lab, or of no lab.
 * @param {string} link an address, or the part from its # on
 * @param {string} lab of this page
 */
export function elsewhere(link, lab) {
  const text = link.includes("#") ? link.slice(link.indexOf("#") + 1) : "";
  if (!text) return null;
  const pages = [...document.querySelectorAll("[data-lab-page]")].filter(isAnchor);
  const name = new URLSearchParams(text).get("lab") ?? pages[0]?.dataset.labPage; // links of the first lab have no name
  const page = name === lab ? undefined : pages.find(each => each.dataset.labPage === name);
  return page ? `${page.href}#${text}` : null;
}

/** @param {Element} element @returns {element is HTMLAnchorElement} */
function isAnchor(element) {
  return element instanceof HTMLAnchorElement;
}
