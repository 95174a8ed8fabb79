import assert from "node:assert/strict";
import {test} from "node:test";
import {boxOf, sheetsOf, shrinkingFactor} from "../../../../static/labs/plane/tile-painter.js";

test("a picture is made smaller by whole pixels, and keeps as many as its tile", () => {
  for (const [side, size, factor] of /** @type {const} */ ([
    [200, 40, 5],
    [200, 33, 5],
    [200, 80, 2],
    [200, 120, 1],
    [100, 40, 2],
    [60, 40, 1],
    [60, 80, 1],
    [200, 66, 2],
  ])) {
    assert.equal(shrinkingFactor(side, size), factor, `${side} in ${size}`);
    assert.equal(side % factor, 0);
  }
});

test("no sheet is higher than a canvas may be", () => {
  const pictures = Array.from({length: 4112}, (_, i) => i);
  const sheets = sheetsOf(pictures);
  assert.deepEqual(sheets.flat(), pictures);
  assert.ok(Math.max(...sheets.map(sheet => sheet.length)) * 52 <= 32_767);
  assert.deepEqual(sheetsOf([]), []);
});

test("a tile's picture begins and ends with pixels of the screen", () => {
  assert.deepEqual(boxOf({x: 30.3, y: 20}, 15, 1), {x: 23, y: 13, width: 15, height: 15});
  assert.deepEqual(boxOf({x: 30.3, y: 20}, 15, 2), {x: 23, y: 12.5, width: 15, height: 15});
});
