/** Taking the experiment home, on pages that offer it. */

/** @import {LabShell} from "../lab.js" */

import {isMoment, MomentFiles} from "./moment-files.js";
import {TakeHomeDialog} from "./take-home-dialog.js";

/**
 * @typedef {object} Page what the page does for it
 * @property {(file: ArrayBuffer) => void} bring to the session
 * @property {() => void} redrawAll
 */

export class TakingHome {
  /** @type {MomentFiles | null} */
  #files = null;
  /** @type {TakeHomeDialog | null} */
  #dialog = null;

  /** @param {LabShell} shell @param {Page} page */
  constructor(shell, {bring, redrawAll}) {
    const dialog = document.getElementById("take-home");
    if (!dialog) return;
    const line = {bring, send: shell.send.bind(shell)};
    this.#files = new MomentFiles(line, Number(dialog.dataset.most));
    this.#dialog = new TakeHomeDialog(shell, this.#files, redrawAll);
  }

  /** A lesson may do without it. */
  open() {
    if (!document.getElementById("show-take-home")?.hidden) this.#dialog?.open();
  }

  /** @param {File} file @returns {Promise<boolean>} whether it is an experiment, which is opened */
  async openFile(file) {
    if (!this.#dialog || !(await isMoment(file))) return false;
    this.#dialog.openFile(file);
    return true;
  }

  /** @param {ArrayBuffer} file */
  came(file) {
    this.#files?.came(file);
  }

  /** @param {number} seq */
  answered(seq) {
    this.#files?.answered(seq);
  }

  forget() {
    this.#files?.forget();
  }
}
