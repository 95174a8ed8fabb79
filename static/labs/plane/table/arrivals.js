/** Tables that come to the page by themselves: a file that is dropped, a range that is pasted. */

import {byId} from "../../../shell/elements.js";

/** A table and its name. @typedef {{name: string, table: Blob | string}} Brought */

const TEXT = "input:not([type=checkbox], [type=radio], [type=range], [type=file]), textarea";

/**
 * @param {(brought: Brought) => void} take
 * @param {(words: string) => void} refuse
 * @param {() => boolean} isWanted whether tables are taken now
 * @param {AbortSignal} signal
 */
export function listenForTables(take, refuse, isWanted, signal) {
  const places = byId("drop-here", HTMLElement);
  const isTaken = (/** @type {DragEvent} */ {dataTransfer}) =>
    isWanted() && (dataTransfer?.types.includes("Files") ?? false);
  const show = (/** @type {boolean} */ isShown) => {
    if (isShown === places.matches(":popover-open")) return;
    if (isShown)
      places.showPopover(); // above an open dialog too
    else places.hidePopover();
  };
  document.addEventListener(
    "dragover",
    event => {
      if (!isTaken(event)) return;
      event.preventDefault(); // or the browser would open the file in place of the page
      show(true);
    },
    {signal},
  );
  document.addEventListener("dragleave", event => event.relatedTarget || show(false), {signal});
  document.addEventListener(
    "drop",
    event => {
      show(false);
      if (!isTaken(event)) return;
      event.preventDefault();
      const [file, ...others] = event.dataTransfer?.files ?? [];
      if (others.length) refuse(`${others.length + 1} files came, expected one.`);
      else if (file) take({name: file.name, table: file});
    },
    {signal},
  );
  document.addEventListener(
    "paste",
    event => {
      if (!isWanted() || (event.target instanceof Element && event.target.matches(TEXT))) return;
      const [file] = event.clipboardData?.files ?? [];
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (!text && !file) return;
      event.preventDefault();
      take(text || !file ? {name: "Pasted table", table: text} : {name: file.name, table: file});
    },
    {signal},
  );
}
