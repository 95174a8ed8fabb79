/** What the page that compares runs knows of the digits: four losses, and how many test digits each network reads. */

/** @import {Comparing} from "../../shell/compare/comparing.js" */
/** @import {Frame} from "./frame.js" */
/** @import {DigitsState} from "./page.js" */

import {formatShare} from "../../drawing/format.js";
import {completed, readFrame} from "./frame.js";

/** @type {Comparing<DigitsState, Frame>} */
export const comparing = {
  readFrame,
  completed,
  charts: () => [
    {label: "Convolutional network", train: "convolutional_train", test: "convolutional_test"},
    {label: "Plain network", train: "plain_train", test: "plain_test"},
  ],
  words: {
    convolutional_train: "Convolutional, training loss",
    convolutional_test: "Convolutional, test loss",
    plain_train: "Plain, training loss",
    plain_test: "Plain, test loss",
  },
  results: ({accuracy}) => [
    ["Convolutional, test accuracy", formatShare(accuracy?.[1] ?? Number.NaN)],
    ["Plain, test accuracy", formatShare(accuracy?.[0] ?? Number.NaN)],
  ],
  facts: () => [],
};
