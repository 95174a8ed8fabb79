/** Gives a visitor a file, or a text for other programs. */

/** @param {Blob} file @param {string} name */
export function save(file, name) {
  const address = URL.createObjectURL(file);
  Object.assign(document.createElement("a"), {href: address, download: name}).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/**
 * Browsers give the clipboard only to pages of this machine or over https, and some only while a click lasts: so they
 * are promised the text.
 * @param {Promise<string>} text
 * @returns {Promise<boolean>} whether it could be copied; rejects as the text does
 */
export async function copy(text) {
  try {
    const blob = text.then(found => new Blob([found], {type: "text/plain"}));
    await navigator.clipboard.write([new ClipboardItem({"text/plain": blob})]);
    return true;
  } catch {
    await text;
    return false;
  }
}
