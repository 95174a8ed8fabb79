/** Loads the shell, and the lab that this page is for. */

import {Shell} from "./shell/shell.js";

/** @type {{lab: import("./shell/lab.js").Lab}} */
const {lab} = await import(`./labs/${document.body.dataset.lab}/lab.js`);
new Shell(lab).open();
