/** The pages of all labs, as the server has written them into this one, and the page to which a link belongs. */

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
 * Where a link leads that is of another lab than this page's; null for a link of this lab, and for none of any.
 * @param {string} link an address, or the part from its # on
 * @param {string} lab of this page
 */
export function elsewhere(link, lab) {
  const text = link.includes("#") ? link.slice(link.indexOf("#") + 1) : "";
  if (!text) return null;
  const pages = [...document.querySelectorAll("[data-lab-page]")].filter(isAnchor);
  const name = new URLSearchParams(text).get("lab") ?? pages[0]?.dataset.labPage; // the first lab's have no name
  const page = name === lab ? undefined : pages.find(each => each.dataset.labPage === name);
  return page ? `${page.href}#${text}` : null;
}

/** @param {Element} element @returns {element is HTMLAnchorElement} */
function isAnchor(element) {
  return element instanceof HTMLAnchorElement;
}
