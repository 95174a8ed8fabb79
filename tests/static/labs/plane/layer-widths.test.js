import assert from "node:assert/strict";
import {test} from "node:test";
import {LayerWidths} from "../../../../static/labs/plane/layer-widths.js";

test("a layer that was removed comes back as wide as it was", () => {
  const widths = new LayerWidths();
  widths.note({type: "remove-layer", layer: 3}, [4, 2, 7]);
  widths.note({type: "remove-layer", layer: 2}, [4, 2]);
  assert.deepEqual(widths.after([4], 2), [2]);
  assert.deepEqual(widths.after([5], 3), [2, 7]);
  assert.deepEqual(widths.after([5], 5), [2, 7, 7, 7]);
});

test("only what was at the end is remembered, and only in the same experiment", () => {
  const widths = new LayerWidths();
  widths.note({type: "remove-layer", layer: 1}, [4, 2]);
  assert.deepEqual(widths.after([3], 2), [3]);
  widths.note({type: "set-layers", layers: 0, neurons: []}, [4, 2]);
  assert.deepEqual(widths.after([], 2), [4, 2]);
  widths.note({type: "open-link", link: "#v=1"}, [6]);
  assert.deepEqual(widths.after([3], 2), [3]);
});

test("what a first layer is like is left to the server", () => {
  assert.deepEqual(new LayerWidths().after([], 3), []);
});
