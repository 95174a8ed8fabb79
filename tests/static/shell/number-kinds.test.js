import assert from "node:assert/strict";
import {test} from "node:test";

import {NUMBER_KINDS} from "../../../static/shell/number-kinds.js";

test("numbers are said as the server says those of the lists", () => {
  assert.equal(NUMBER_KINDS.rate?.says(0.00001), "0.00001");
  assert.equal(NUMBER_KINDS.whole?.says(100_000), "100,000");
  assert.equal(NUMBER_KINDS.share?.says(0.3), "30 %");
  assert.equal(NUMBER_KINDS["per-cent"]?.says(95), "95 %");
  assert.equal(NUMBER_KINDS.patience?.says(1000), "For 1,000 epochs");
});

test("what each says is read as the same number", () => {
  for (const [name, value] of /** @type {const} */ ([
    ["rate", 0.0003],
    ["whole", 70],
    ["share", 0.15],
    ["per-cent", 12.5],
    ["patience", 5],
  ]))
    assert.equal(NUMBER_KINDS[name]?.read(NUMBER_KINDS[name].show(value)).value, value);
});
