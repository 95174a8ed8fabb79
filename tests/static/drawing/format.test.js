import assert from "node:assert/strict";
import {test} from "node:test";
import {formatCount, formatLoss, formatRate, formatWeight} from "../../../static/drawing/format.js";

test("counts have their thousands apart", () => {
  assert.equal(formatCount(1234567), "1,234,567");
});

test("rates are short", () => {
  assert.equal(formatRate(0), "0");
  assert.equal(formatRate(2.04), "2.0");
  assert.equal(formatRate(48_211.7), "48,212");
  assert.equal(formatRate(3_092_000), "3.09 M");
});

test("losses keep digits that mean something", () => {
  assert.equal(formatLoss(null), "–");
  assert.equal(formatLoss(0), "0.0000");
  assert.equal(formatLoss(0.51234), "0.5123");
  assert.equal(formatLoss(0.000042), "4.20e-5");
  assert.equal(formatLoss(6e9), "6.00e+9");
  assert.equal(formatLoss(6e34), "6.0e+34");
  assert.equal(formatLoss(6.42e-11), "6.4e-11");
  assert.equal(formatLoss(-0.26), "-0.2600");
  assert.equal(formatLoss(-0.000042), "-4.20e-5");
});

test("weights have a real minus", () => {
  assert.equal(formatWeight(-0.4), "−0.400");
  assert.equal(formatWeight(1e-5), "1.00e-5");
  assert.equal(formatWeight(0), "0.000");
});
