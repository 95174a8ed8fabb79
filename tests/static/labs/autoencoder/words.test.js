import assert from "node:assert/strict";
import {test} from "node:test";
import {angleText, comparison, errorText} from "../../../../static/labs/autoencoder/bars-view.js";
import {completed} from "../../../../static/labs/autoencoder/frame.js";
import {numberName} from "../../../../static/labs/autoencoder/numbers-view.js";
import {costWords} from "../../../../static/labs/autoencoder/stack-view.js";
import {asksTheSame, autoencoderState} from "../../../../static/labs/autoencoder/state.js";

test("errors of images and of points", () => {
  assert.deepEqual([52.7178, 0.04761, null].map(errorText), ["52.72", "0.0476", "–"]);
});

test("angles", () => {
  assert.deepEqual([0.1034, 13.14].map(angleText), ["0.10°", "13.1°"]);
});

test("how an error compares with PCA's", () => {
  assert.equal(comparison(32.52, 43.36), "25 % less error than PCA.");
  assert.equal(comparison(43.4, 43.36), "As good as PCA, within half a per cent.");
  assert.equal(comparison(48.5, 43.36), "12 % more error than PCA.");
  assert.equal(comparison(4336, 43.36), "Far more error than PCA.");
  assert.equal(comparison(null, 43.36), "");
});

test("a number is named after what it follows, unless it follows hardly anything", () => {
  const server = /** @type {any} */ ({facts: {factors: ["head turned", "smile"]}});
  assert.equal(numberName(6, {factor: 1, correlation: -0.712}, server), "7 smile −0.71");
  assert.equal(numberName(6, {factor: 1, correlation: 0.2}, server), "7");
  assert.equal(numberName(0, undefined, server), "1");
});

test("what a stack costs is said", () => {
  assert.equal(
    costWords(2_823_286, 6.776e10),
    "2,823,286 parameters; an epoch takes about 3.4 s of a core.",
  );
  assert.match(costWords(211, 3e5), /less than a tenth of a second/);
});

test("what a frame leaves out stays as it was", () => {
  const codes = Float32Array.from([1]);
  const before = /** @type {any} */ ({
    codes,
    curve: null,
    rebuiltAll: null,
    followed: [1],
    angle: 3,
  });
  const newest = /** @type {any} */ ({
    codes: null,
    curve: null,
    rebuiltAll: null,
    followed: [],
    angle: 2,
  });
  const {codes: kept, followed, angle} = completed(newest, before);
  assert.deepEqual([kept, followed, angle], [codes, [1], 2]);
});

const SERVER = /** @type {any} */ ({settings: {code: 2}, facts: {test_examples: 500}});
const {reduce} = autoencoderState;

test("what is looked at ends where it is not there any more", () => {
  const own = {example: 700, code: [1, 2], by: "decoder"};
  const event = /** @type {any} */ ({type: "welcome"});
  assert.deepEqual(reduce(own, event, SERVER), {...own, example: null});
  assert.deepEqual(reduce({...own, example: 3, code: [1]}, event, SERVER), {
    ...own,
    example: 3,
    code: null,
  });
  assert.equal(reduce(own, event, null), own);
});

test("the page says what it looks at only when that changes", () => {
  const own = /** @type {const} */ ({example: 3, code: [1, 2], by: "decoder"});
  assert.ok(asksTheSame({...own, code: [1, 2]}, {...own, code: [1, 2]}));
  assert.ok(!asksTheSame({...own, code: [1, 2]}, {...own, code: [1, 3]}));
  assert.ok(!asksTheSame(null, {...own, code: [1, 2]}));
});
