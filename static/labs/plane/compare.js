/** What the page that compares runs knows of the plane: the decision field with its points, and the accuracy. */

/** @import {Comparing} from "../../shell/compare/comparing.js" */
/** @import {Frame, Points} from "./frame.js" */
/** @import {PlaneState} from "./page.js" */

import {context2d} from "../../drawing/canvas.js";
import {pointColor} from "../../drawing/colors.js";
import {formatCount, formatLoss, formatShare} from "../../drawing/format.js";
import {paintBytes, paintClasses} from "../../drawing/picture.js";
import {completed, readFrame, readPoints} from "./frame.js";
import {classScores} from "./metrics.js";
import {paintPoints} from "./points-view.js";

/** @type {Comparing<PlaneState, Frame, Points>} */
export const comparing = {
  readFrame,
  completed,
  charts: () => [{label: "Loss", train: "train", test: "test"}],
  words: {train: "Training loss", test: "Test loss"},
  results: ({metrics}, {facts: {classes}}) =>
    [
      ["Training accuracy", "train"],
      ["Test accuracy", "test"],
    ].map(([label = "", set]) => {
      const counts = metrics[/** @type {"train" | "test"} */ (set)];
      if (classes > 0) return [label, formatShare(classScores(counts).accuracy)];
      return [label.replace("accuracy", "RMSE"), formatLoss(finite(counts[0]))];
    }),
  facts: ({facts, settings}) => [
    ["Shape", facts.shape.join("-")],
    ["Weights and biases", formatCount(facts.parameter_count)],
    ["Points", facts.own ? `${formatCount(facts.own.count)} of their own` : settings.dataset],
  ],
  picture: {
    label: "Decision boundary",
    readMaterial: readPoints,
    paint: (canvas, {frame: {side, output, classes}, server, palette}) => {
      const {discretize} = server.view;
      if (canvas.width !== side) canvas.width = canvas.height = side;
      const context = context2d(canvas);
      if (output) paintBytes(context, output, side, discretize ? palette.steps : palette.field);
      else if (classes) paintClasses(context, classes, side, palette, discretize);
    },
    paintOver: (context, size, {server: {facts, view}, material, palette}) => {
      if (!material) return;
      const look = {
        color: (/** @type {number} */ label) => pointColor(palette, label, facts.classes),
        outline: palette.outline,
        domain: facts.domain,
      };
      if (view.show_test) paintPoints(context, material.test, size, {...look, hollow: true});
      paintPoints(context, material.train, size, {...look, hollow: false});
    },
    field: ({side, output, classes}, {facts}) => {
      const place = facts.domain.join();
      if (classes) return {side, bytes: classes.winners, what: "classes", place, range: null};
      if (!output) return null;
      const isProbability = facts.objective === "cross-entropy";
      return {
        side,
        bytes: output,
        place,
        what: isProbability ? "the probability of blue" : "the output",
        range: isProbability ? [0, 1] : [-1, 1],
      };
    },
  },
};

/** @param {number | undefined} value */
function finite(value) {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
