import assert from "node:assert/strict";
import {test} from "node:test";
import {boardOf} from "../../../../../static/labs/plane/draw/board.js";
import {unsent} from "../../../../../static/labs/plane/draw/drawing.js";
import {dotPaths, learnAgain} from "../../../../../static/labs/plane/draw/own-sets.js";
import {planeState} from "../../../../../static/labs/plane/state.js";
import {firstState, reduce as reduceAny} from "../../../../../static/session/state.js";
import {SERVER} from "../../../told.js";

/** @import {Points} from "../../../../../static/labs/plane/frame.js" */
/** @import {PlanePage, PlaneState, PointEdit} from "../../../../../static/labs/plane/page.js" */
/** @import {PageEvent} from "../../../../../static/session/state.js" */

const PAGE = /** @type {PlanePage} */ (firstState(planeState));
const OWN = {count: 3, columns: [], classes: [], formula: "", notices: []};
const RED = 2;

/** @param {number} x @param {number} y @param {number} label @returns {PointEdit} */
const put = (x, y, label) => ({type: "add-points", points: [[x, y, label]]});

/** @param {number} run @param {number[]} train @param {number[]} rows @returns {Points} */
const points = (run, train, rows = []) => ({
  run,
  train: Float32Array.from(train),
  test: Float32Array.from(rows),
  features: new Uint8Array(),
});

/** @param {PageEvent[]} events */
function after(...events) {
  return events.reduce(
    (state, event) => /** @type {PlanePage} */ (reduceAny(state, event, planeState)),
    PAGE,
  );
}

/** @param {Partial<PlaneState>} [told] @returns {PageEvent} */
const state = told => ({type: "state", server: {...SERVER, ...told}});

/** @param {PlanePage} page */
function board({server, own: {draw}}) {
  assert.ok(server && draw.points);
  const {train, test: tests, classes} = boardOf(draw.points, server.facts, draw);
  return {train: [...train], test: [...tests], classes};
}

const TWO = [
  state(),
  /** @type {PageEvent} */ ({type: "own", points: points(1, [1, 2, 1], [3, 4, -1])}),
];

test("parts of a stroke that are not sent become one command", () => {
  const page = after(
    ...TWO,
    {type: "own", edit: put(0, 0, 0)},
    {type: "own", edit: put(1, 0, 1)},
    {type: "own", edit: {type: "erase-points", path: [[0, 0]], radius: 1}},
    {
      type: "own",
      edit: {
        type: "erase-points",
        path: [
          [0, 0],
          [0, 1],
        ],
        radius: 1,
      },
    },
    {type: "own", edit: {type: "erase-points", path: [[5, 5]], radius: 1}},
    {type: "own", edit: {type: "move-point", start: [1, 0], end: [2, 0]}},
    {type: "own", edit: {type: "move-point", start: [2, 0], end: [3, 0]}},
  );
  assert.deepEqual(
    unsent(page.own.draw).map(({edit}) => edit),
    [
      {
        type: "add-points",
        points: [
          [0, 0, 0],
          [1, 0, 1],
        ],
      },
      {
        type: "erase-points",
        path: [
          [0, 0],
          [0, 1],
        ],
        radius: 1,
      },
      {type: "erase-points", path: [[5, 5]], radius: 1},
      {type: "move-point", start: [1, 0], end: [3, 0]},
    ],
  );
});

test("a stroke that goes on after a part was sent is another command", () => {
  const page = after(
    ...TWO,
    {type: "own", edit: put(0, 0, 0)},
    {type: "own", sent: [7]},
    {type: "own", edit: put(1, 0, 0)},
  );
  assert.deepEqual(
    page.own.draw.strokes.map(({seq}) => seq),
    [7, 0],
  );
  assert.deepEqual(
    after(...TWO, {type: "own", edit: put(0, 0, 0)}, {type: "own", sent: [0]}).own.draw.strokes,
    [],
  );
});

test("the board shows a stroke at once, and once, when its points come", () => {
  const drawn = after(...TWO, {type: "own", edit: put(5, 5, 1)}, {type: "own", sent: [3]});
  assert.deepEqual(board(drawn), {train: [1, 2, 1, 5, 5, -1], test: [3, 4, -1], classes: 2});
  const events = /** @type {PageEvent[]} */ ([
    ...TWO,
    {type: "own", edit: put(5, 5, 1)},
    {type: "own", sent: [3]},
    state({seq: 3, run: 2}),
  ]);
  assert.deepEqual(
    board(after(...events)).train,
    [1, 2, 1, 5, 5, -1],
    "answered, points on their way",
  );
  const come = after(...events, {type: "own", points: points(2, [1, 2, 1], [3, 4, -1, 5, 5, -1])});
  assert.deepEqual(board(come), {train: [1, 2, 1], test: [3, 4, -1, 5, 5, -1], classes: 2});
  assert.deepEqual(come.own.draw.strokes, []);
});

test("points that come before the state that answers end the stroke with it", () => {
  const page = after(
    ...TWO,
    {type: "own", edit: put(5, 5, 1)},
    {type: "own", sent: [3]},
    {type: "own", points: points(2, [1, 2, 1, 5, 5, -1])},
    state({seq: 3, run: 2}),
  );
  assert.deepEqual(page.own.draw.strokes, []);
});

test("what is refused is taken back", () => {
  const page = after(
    ...TWO,
    {type: "own", edit: put(5, 5, 1)},
    {type: "own", sent: [3]},
    {
      type: "rejected",
      rejected: {
        type: "rejected",
        seq: 3,
        field: "points",
        came: "1201",
        expected: "less",
        place: null,
      },
    },
  );
  assert.deepEqual(board(page).train, [1, 2, 1]);
});

test("a third class changes how all labels are counted", () => {
  const page = after(...TWO, {type: "own", edit: put(5, 5, RED)});
  assert.deepEqual(board(page), {train: [1, 2, 0, 5, 5, 2], test: [3, 4, 1], classes: 3});
});

test("the eraser takes what its way touches, a move the nearest point", () => {
  const erased = after(...TWO, {
    type: "own",
    edit: {
      type: "erase-points",
      path: [
        [0, 0],
        [2, 4],
      ],
      radius: 0.1,
    },
  });
  assert.deepEqual(board(erased), {train: [], test: [3, 4, -1], classes: 2});
  const moved = after(...TWO, {
    type: "own",
    edit: {type: "move-point", start: [3, 3], end: [0, 0]},
  });
  assert.deepEqual(board(moved).test, [0, 0, -1]);
});

test("an emptied board shows nothing until its first stroke", () => {
  const cleared = after(...TWO, {type: "own", draw: {isCleared: true}});
  assert.deepEqual(board(cleared), {train: [], test: [], classes: 2});
  const page = after(
    ...TWO,
    {type: "own", draw: {isCleared: true}},
    {type: "own", edit: {type: "learn-points", targets: "classes", points: [[5, 5, 0]]}},
    {type: "own", edit: put(6, 6, 1)},
  );
  assert.equal(page.own.draw.isCleared, false);
  assert.deepEqual(board(page).train, [5, 5, 1, 6, 6, -1]);
  assert.equal(unsent(page.own.draw).length, 1);
});

test("own points are kept while another set is chosen", () => {
  const facts = {...SERVER.facts, own: OWN};
  const page = after(
    state({facts}),
    {type: "own", points: points(1, [1.25, 2, 1], [3, 0.1, -1])},
    state({run: 2, facts: {...SERVER.facts, own: null}}),
    {type: "own", points: points(2, [9, 9, 1])},
    {type: "state", server: {...SERVER, run: 3}, isOpened: true},
  );
  const {kept} = page.own.draw;
  assert.equal(kept.regression, null);
  assert.ok(kept.classification);
  assert.deepEqual(learnAgain(kept.classification), {
    type: "learn-points",
    targets: "classes",
    points: [
      [1.25, 2, 0],
      [3, 0.1, 1],
    ],
    columns: [],
    names: [],
  });
});

test("a tile shows at most so many dots, in the colours of the classes", () => {
  const rows = Float32Array.from(
    Array.from({length: 900}, (_, i) => [0, 0, i < 450 ? 0 : 2]).flat(),
  );
  const set = {train: rows, test: new Float32Array(), classes: 3, columns: [], names: []};
  const paths = dotPaths(set, 100, [-6, 6]);
  assert.deepEqual([...paths.keys()], ["--class-0", "--class-2"]);
  assert.equal([...paths.values()].join("").split("h0").length - 1, 100);
  const pair = {...set, train: Float32Array.from([6, -6, 1, -6, 6, -1]), classes: 2};
  assert.deepEqual(
    [...dotPaths(pair, 100, [-6, 6])],
    [
      ["--high", "M60 60h0"],
      ["--low", "M-60 -60h0"],
    ],
  );
});

test("the class that new points have is one of those there are, or one more", () => {
  const facts = (/** @type {number} */ classes) => ({...SERVER.facts, classes});
  const page = after(
    state({facts: facts(4)}),
    {type: "own", draw: {label: 4}},
    state({facts: facts(4)}),
  );
  assert.equal(page.own.draw.label, 4);
  assert.equal(after(state(), {type: "own", draw: {label: 4}}, state()).own.draw.label, 2);
});
