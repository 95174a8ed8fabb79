/** Loads the page that compares runs, and what it must know of the lab whose runs they are. */

import {Comparison} from "./shell/compare/comparison.js";

/** @type {{comparing: import("./shell/compare/comparing.js").Comparing}} */
const {comparing} = await import(`./labs/${document.body.dataset.lab}/compare.js`);
new Comparison(comparing).open();
