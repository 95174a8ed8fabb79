import assert from "node:assert/strict";
import {test} from "node:test";
import {readComparison, writeComparison} from "../../../../static/shell/compare/comparison-link.js";
import {report} from "../../../../static/shell/compare/report.js";
import {SeedResults, spreadTexts} from "../../../../static/shell/compare/seeds.js";
import {differing, meantBy, wordsOf} from "../../../../static/shell/compare/settings.js";

/** @import {Seeded} from "../../../../static/session/protocol.js" */

const SAID = {
  title: "Plane",
  version: "0.1.0",
  date: "2026-11-28",
  address: "http://host/compare#A=v%3D1",
  columns: [
    {letter: "A", address: "http://host/#v=1", note: ""},
    {letter: "B", address: "http://host/#v=1&learning_rate=0.3", note: "diverged at epoch 7"},
  ],
  differing: [{label: "Learning rate", texts: ["0.03", "0.3"]}],
  results: [{label: "Test loss", texts: ["0.0090", "a | b"]}],
  difference: "A − B, the output: largest difference 0.573, mean 0.0143 (absolute values).",
  seeds: {head: ["Column", "Median"], rows: [["A", "0.1"]], note: "From epoch 0 to 300."},
};

test("a report says what differs, the results, the seeds and where each run is", () => {
  const text = report(SAID);
  for (const line of [
    "# Plane: A and B compared",
    "| Setting | A | B |",
    "| Learning rate | 0.03 | 0.3 |",
    "| Test loss | 0.0090 | a \\| b |",
    "- B: diverged at epoch 7",
    "| A | 0.1 |",
    "- [B](http://host/#v=1&learning_rate=0.3)",
  ])
    assert.ok(text.split("\n").includes(line), line);
  assert.ok(text.includes("largest difference 0.573") && text.endsWith(")\n"));
  const plain = report({...SAID, differing: [], difference: "", seeds: null});
  assert.ok(plain.includes("All settings are the same."));
  assert.ok(!plain.includes("Difference") && !plain.includes("seeds"));
});

test("the address holds links of any kind, and they come back", () => {
  const columns = /** @type {["A" | "B" | "C" | "D", string][]} */ ([
    ["A", "#v=1&seed=a%26b%3D%23&names=%C3%A4%2Cb"],
    ["C", "#networkShape=8,8&seed=0.5"],
  ]);
  const hash = writeComparison({columns, seeds: 8, epochs: 500});
  assert.deepEqual(readComparison(hash), {columns, seeds: 8, epochs: 500, isFromPage: false});
  assert.deepEqual(readComparison("#A=v%3D1&E=x&seeds=99&epochs=-3").columns, [["A", "#v=1"]]);
  assert.equal(readComparison("#A=v%3D1&seeds=99&epochs=-3").seeds, 16);
  assert.equal(readComparison("#from=page").isFromPage, true);
});

test("only what differs is told, in the words of the page", () => {
  const columns = [
    {hidden: [4, 2], learning_rate: 0.03, batch_norm: false},
    {hidden: [4, 3], learning_rate: 0.03, batch_norm: true},
  ];
  assert.deepEqual(differing(["hidden", "learning_rate", "batch_norm"], columns), [
    "hidden",
    "batch_norm",
  ]);
  const words = new Map([["sgd", "Gradient descent"]]);
  assert.equal(wordsOf({form: "list", number: "", words}, "sgd"), "Gradient descent");
  assert.equal(wordsOf({form: "box", number: "", words}, true), "On");
  assert.equal(wordsOf({form: "text", number: "", words}, [8, 8]), "8, 8");
  assert.equal(wordsOf({form: "list", number: "share", words}, 0.1), "10 %");
});

test("what is typed becomes what a message has", () => {
  assert.deepEqual(meantBy({form: "text"}, "8, 4", [1]), [8, 4]);
  assert.deepEqual(meantBy({form: "text"}, "", [1]), []);
  assert.deepEqual(meantBy({form: "text"}, "x,sinX", ["x"]), ["x", "sinX"]);
  assert.equal(meantBy({form: "text"}, "7", "0.5"), "7"); // a seed is a text
  assert.equal(meantBy({form: "list"}, "0.3", 0.1), 0.3);
  assert.equal(meantBy({form: "list"}, "adam", "sgd"), "adam");
});

/** @param {string} seed @param {number} loss @returns {Seeded} */
function ended(seed, loss, diverged = false) {
  return {
    type: "seeded",
    seq: 4,
    seed,
    epoch: 10,
    done: true,
    diverged,
    history: /** @type {any} */ ([
      [0, 1, 1],
      [10, loss, loss / 2],
    ]),
    metrics: {accuracy_test: 1 - loss},
  };
}

test("seeds are counted, those that diverged apart, and those of another command are not taken", () => {
  const results = new SeedResults(4, 10, "settings");
  results.ask(4);
  assert.deepEqual(results.left, ["1", "2", "3", "4"]);
  results.take({...ended("1", 0.2), done: false, epoch: 5});
  assert.equal(results.share, 0.125);
  results.take(ended("1", 0.2));
  results.take(ended("2", 0.4));
  results.take(ended("3", 0.9, true));
  results.take({...ended("4", 0.5), seq: 3});
  assert.deepEqual(results.left, ["4"]);
  assert.equal(results.diverged, 1);
  const end = results.atEnd(1);
  assert.ok(end && Math.abs(end.median - 0.15) < 1e-12);
  assert.equal(results.metric("accuracy_test")?.count, 2);
  assert.deepEqual(spreadTexts(end, 1, false), [
    "0.1500",
    "0.1250 to 0.1750",
    "0.1000",
    "0.2000",
    "2",
    "1",
  ]);
});
