/** What the page that compares runs knows of GANs: both losses, the modes covered and the share of good fakes. */

/** @import {Comparing} from "../../shell/compare/comparing.js" */
/** @import {Frame} from "./frame.js" */
/** @import {AdversarialState} from "./page.js" */

import {formatShare} from "../../drawing/format.js";
import {completed, readFrame} from "./frame.js";

/** @type {Comparing<AdversarialState, Frame>} */
export const comparing = {
  readFrame,
  completed: (newest, before) => (before ? completed(before, newest) : newest),
  charts: () => [
    {label: "Discriminator", train: "discriminator", test: null},
    {label: "Generator", train: "generator", test: null},
  ],
  words: {discriminator: "Loss of the discriminator", generator: "Loss of the generator"},
  results: ({numbers}) => [
    ["Modes covered", numbers?.modes ? `${numbers.covered} of ${numbers.modes}` : "–"],
    ["Good fakes", numbers ? formatShare(numbers.good) : "–"],
  ],
  facts: () => [],
};
