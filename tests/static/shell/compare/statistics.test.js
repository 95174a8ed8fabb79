import assert from "node:assert/strict";
import {test} from "node:test";
import {band, spreadOf} from "../../../../static/shell/compare/statistics.js";

// numpy.quantile(values, [0, 0.25, 0.5, 0.75, 1]) with NumPy 2
const NUMPY = /** @type {const} */ ([
  [[3], [3, 3, 3, 3, 3]],
  [
    [4, 1],
    [1, 1.75, 2.5, 3.25, 4],
  ],
  [
    [0.1, 0.7, 0.3, 0.2],
    [0.1, 0.175, 0.25, 0.4, 0.7],
  ],
  [
    [5, -2, 8, 0.5, 1],
    [-2, 0.5, 1, 5, 8],
  ],
  [
    [9, 7, 7, 1, 2, 40],
    [1, 3.25, 7, 8.5, 40],
  ],
]);

test("median and quartiles are NumPy's", () => {
  for (const [values, [low, first, median, third, high]] of NUMPY) {
    const found = spreadOf(values);
    assert.ok(found);
    assert.equal(found.count, values.length);
    for (const [one, other] of [
      [found.low, low],
      [found.first, first],
      [found.median, median],
      [found.third, third],
      [found.high, high],
    ])
      assert.ok(Math.abs((one ?? 0) - (other ?? 0)) < 1e-12, `${values}`);
  }
});

test("what is no number does not count", () => {
  assert.equal(spreadOf([null, Number.NaN, undefined]), null);
  assert.equal(spreadOf([]), null);
  assert.deepEqual(spreadOf([null, 2, Number.POSITIVE_INFINITY]), {
    count: 1,
    low: 2,
    first: 2,
    median: 2,
    third: 2,
    high: 2,
  });
});

test("a band has each epoch that a run has, and counts who is there", () => {
  const runs = [
    [
      [0, 1, 10],
      [1, 3, 30],
    ],
    [
      [0, 2, 20],
      [1, null, 50],
      [2, 7, 70],
    ],
  ];
  const first = band(runs, 0);
  assert.deepEqual(first.epochs, [0, 1, 2]);
  assert.deepEqual(
    first.spreads.map(each => each && [each.median, each.count]),
    [
      [1.5, 2],
      [3, 1],
      [7, 1],
    ],
  );
  assert.equal(band(runs, 1).spreads[1]?.median, 40);
});
