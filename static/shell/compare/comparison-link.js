/** The part of the page's address behind the #: the link of each column, and which seeds are tried. */

export const LETTERS = /** @type {const} */ (["A", "B", "C", "D"]);
/** @typedef {typeof LETTERS[number]} Letter */

/**
 * @typedef {object} Compared
 * @property {[Letter, string][]} columns each with its link, from its # on
 * @property {number} seeds how many; 0 for the page's own number
 * @property {number} epochs of each seed; 0 as above
 * @property {boolean} isFromPage the runs begin with copies of the one in the lab's page
 */

/** What the lab's page puts behind the # of this one's address. */
export const FROM_PAGE = "#from=page";

/** @param {string} hash @returns {Compared} */
export function readComparison(hash) {
  const said = new URLSearchParams(hash.replace(/^#/, ""));
  /** @type {[Letter, string][]} */
  const columns = [];
  for (const letter of LETTERS) {
    const link = said.get(letter);
    if (link !== null) columns.push([letter, `#${link.replace(/^#/, "")}`]);
  }
  const count = (/** @type {string} */ name) => {
    const value = Number(said.get(name));
    return Number.isSafeInteger(value) && value > 0 ? value : 0;
  };
  return {
    columns,
    seeds: Math.min(count("seeds"), 16),
    epochs: Math.min(count("epochs"), 100_000),
    isFromPage: said.get("from") === "page",
  };
}

/** @param {Omit<Compared, "isFromPage">} compared @returns {string} with its # */
export function writeComparison({columns, seeds, epochs}) {
  const said = columns.map(([letter, link]) => `${letter}=${encodeURIComponent(link.slice(1))}`);
  if (seeds) said.push(`seeds=${seeds}`, `epochs=${epochs}`);
  return `#${said.join("&")}`;
}
