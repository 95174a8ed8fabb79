import assert from "node:assert/strict";
import {test} from "node:test";

import {placeTip} from "../../../static/shell/tip-place.js";

const PHONE = {width: 390, height: 844};

test("a tip is below its control, and above it where there is no room below", () => {
  const tip = {width: 300, height: 60};
  assert.deepEqual(placeTip({left: 20, top: 100, width: 120, height: 50}, tip, PHONE), {
    left: 20,
    top: 156,
  });
  assert.deepEqual(placeTip({left: 20, top: 780, width: 120, height: 50}, tip, PHONE), {
    left: 20,
    top: 714,
  });
});

test("a tip covers no control and leaves the window at no side, wherever the control is", () => {
  const tip = {width: 320, height: 74};
  for (let left = -20; left < PHONE.width; left += 35)
    for (let top = 0; top + 50 <= PHONE.height; top += 22) {
      const placed = placeTip({left, top, width: 150, height: 50}, tip, PHONE);
      assert.ok(placed.left >= 8 && placed.left + tip.width <= PHONE.width - 8);
      assert.ok(placed.top >= 0 && placed.top + tip.height <= PHONE.height);
      assert.ok(placed.top >= top + 50 || placed.top + tip.height <= top, `${top}`);
    }
});
