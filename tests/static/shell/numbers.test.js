import assert from "node:assert/strict";
import {test} from "node:test";
import {
  nextByDigit,
  placeOf,
  readNumber,
  readShare,
  withOtherSign,
} from "../../../static/shell/numbers.js";

/** @param {string} text @param {import("../../../static/shell/numbers.js").Wish} [wish] */
const value = (text, wish) => readNumber(text, wish).value;
/** @param {string} text @param {import("../../../static/shell/numbers.js").Wish} [wish] */
const fault = (text, wish) => readNumber(text, wish).fault;

test("a number may have a comma, any minus, spaces around and an exponent", () => {
  for (const [text, expected] of /** @type {const} */ ([
    ["0,5", 0.5],
    ["0.5", 0.5],
    ["-2", -2],
    ["−2,25", -2.25],
    ["–3", -3],
    ["+4", 4],
    ["  7 ", 7],
    ["\u00a07\u202f", 7],
    [".5", 0.5],
    [",5", 0.5],
    ["5.", 5],
    ["1e-3", 0.001],
    ["1,5E3", 1500],
    ["2e−2", 0.02],
    ["007", 7],
    ["1,125", 1.125],
    ["0,125", 0.125],
    ["1e-400", 0],
    ["-0", 0],
  ]))
    assert.equal(value(text), expected, text);
  assert.ok(Object.is(value("-0"), 0));
});

test("what is no number says so", () => {
  for (const text of [
    "abc",
    "1 000",
    "0x10",
    "1e",
    "--1",
    "1e5.5",
    "Infinity",
    "NaN",
    "5 %",
    "-",
    "1_000",
    "½",
    "e5",
  ])
    assert.equal(fault(text), `“${text}” is not a number.`);
  for (const text of ["", "  ", "\u00a0"])
    assert.equal(fault(text), "An empty field is not a number.");
  assert.match(fault("1e400") ?? "", /^“1e400” is not a number .* too large/);
  assert.match(fault("-1e400") ?? "", /too large/);
});

test("what can be read in two ways is not guessed", () => {
  for (const text of [
    "1.234,5",
    "1,234.5",
    "1.234.567",
    "1,234,567",
    "1.2,3e4",
    "1,,5",
    "-1.234,5",
  ])
    assert.match(fault(text) ?? "", /two ways/, text);
});

test("of whole numbers a comma or point before three digits is in doubt, as the page writes 10,000", () => {
  const wish = {whole: true};
  for (const text of ["10,000", "1.000", "−2,500"])
    assert.match(fault(text, wish) ?? "", /two ways/);
  assert.equal(value("10000", wish), 10000);
  assert.equal(value("1e4", wish), 10000);
  assert.equal(value("15.0", wish), 15);
  assert.equal(fault("1,5", wish), "“1,5” is not a whole number.");
  assert.equal(fault("1e20", wish), "“1e20” is not a whole number.");
});

test("a number out of its range says which range", () => {
  assert.equal(fault("81", {min: 0, max: 80}), "“81” came, expected a number from 0 to 80.");
  assert.equal(fault("-1", {min: 0, max: 80}), "“-1” came, expected a number from 0 to 80.");
  assert.equal(value("80", {min: 0, max: 80}), 80);
});

test("a unit may follow", () => {
  assert.equal(value("12,5 %", {unit: "%"}), 12.5);
  assert.equal(value("12%", {unit: "%"}), 12);
  assert.equal(fault("%", {unit: "%"}), "An empty field is not a number.");
});

test("a share is per cent, or a fraction below one", () => {
  assert.equal(readShare("25").value, 0.25);
  assert.equal(readShare("25 %").value, 0.25);
  assert.equal(readShare("0,25").value, 0.25);
  assert.equal(readShare("0.5 %").value, 0.005);
  assert.equal(readShare("7").value, 0.07);
  assert.equal(readShare("abc").fault, "“abc” is not a number.");
});

test("a finger changes the sign", () => {
  assert.equal(withOtherSign("2,5"), "-2,5");
  assert.equal(withOtherSign("−2,5"), "2,5");
  assert.equal(withOtherSign("+2"), "-2");
  assert.equal(withOtherSign(""), "-");
});

test("an arrow moves a rate by its first digit", () => {
  assert.equal(nextByDigit(0.03, 1), 0.04);
  assert.equal(nextByDigit(0.03, -1), 0.02);
  assert.equal(nextByDigit(0.01, -1), 0.009);
  assert.equal(nextByDigit(0.09, 1), 0.1);
  assert.equal(nextByDigit(1000, 1), 2000);
  assert.equal(nextByDigit(0, 1), 0.001);
  assert.equal(nextByDigit(0, -1), 0);
  assert.equal(nextByDigit(-0.1, 1), -0.09);
  assert.equal(nextByDigit(0.03, -10), 0.002);
});

test("a number takes its place in a list that rises", () => {
  const values = ["1", "5", "10", "all", "other"];
  assert.equal(placeOf(values, 0.5), 0);
  assert.equal(placeOf(values, 7), 2);
  assert.equal(placeOf(values, 15), 3);
});

test("and in one that falls behind a zero for never", () => {
  const values = ["0", "0.2", "0.1", "0.05", "other"];
  assert.equal(placeOf(values, 0.5), 1);
  assert.equal(placeOf(values, 0.15), 2);
  assert.equal(placeOf(values, 0.01), 4);
});

test("a number below zero comes before it", () => {
  assert.equal(placeOf(["0", "0.1", "1", "other"], -0.5), 0);
});
