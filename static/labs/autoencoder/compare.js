/** What the page that compares runs knows of autoencoders: squared errors beside PCA's, and the angle to its space. */

/** @import {Comparing} from "../../shell/compare/comparing.js" */
/** @import {Frame} from "./frame.js" */
/** @import {AutoencoderState} from "./page.js" */

import {formatLoss} from "../../drawing/format.js";
import {completed, readFrame} from "./frame.js";

/** @type {Comparing<AutoencoderState, Frame>} */
export const comparing = {
  readFrame,
  completed: (newest, before) => (before ? completed(newest, before) : newest),
  charts: () => [{label: "Squared error", train: "train", test: "test"}],
  words: {train: "Training error", test: "Test error"},
  results: ({angle}, {facts}) => [
    ["PCA’s error with as many numbers", formatLoss(facts.error_pca)],
    ["Angle to PCA’s space", angle === null ? "–" : `${angle.toFixed(2)}°`],
  ],
  facts: ({facts}) => [["Widths", facts.widths.join("-")]],
};
