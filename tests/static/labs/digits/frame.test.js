import assert from "node:assert/strict";
import {test} from "node:test";
import {
  completed,
  parametersIn,
  readDigits,
  readFrame,
} from "../../../../static/labs/digits/frame.js";
import {readSafetensors} from "../../../../static/session/safetensors.js";
import {write} from "../../written.js";

const HEADER = {
  run: "3",
  frame: "4",
  losses: "plain_test",
  loss_plain_test: "0.5",
  cell: "2,-1",
  map_ranges: "0.0,2.5;-1.0,1.0",
  layer: "plain,1",
  strongest_done: "1.000",
};

/**
 * Maps are of one filter each.
 * @param {Record<string, Float32Array | Uint8Array>} arrays
 */
function frameOf(arrays) {
  const message = readSafetensors(write(HEADER, {history: new Float32Array(0), ...arrays}));
  for (const [name, tensor] of Object.entries(message.tensors)) {
    const side = Math.sqrt(tensor.values.length);
    if (name.startsWith("maps_")) tensor.shape = [1, side, side];
  }
  return readFrame(message);
}

test("a frame has what the server has sent, and nothing for the rest", () => {
  const frame = frameOf({
    answers: new Float32Array(20).fill(0.1),
    misread: new Float32Array([1, 1999, 7, 0, 3, 2]),
    image: new Uint8Array(784),
    maps_2: new Uint8Array([1, 2, 3, 4]),
    strongest: new Float32Array([17, 2.5, 4, 1, 0, Number.NEGATIVE_INFINITY]),
  });
  assert.deepEqual([frame.strongest, frame.isIdle], [[17, 4], false]);
  assert.deepEqual(frame.losses, {plain_test: 0.5});
  assert.equal(frame.answers?.length, 20);
  assert.deepEqual(frame.misread, [
    {twin: 1, digit: 1999, said: 7},
    {twin: 0, digit: 3, said: 2},
  ]);
  assert.deepEqual(frame.maps[1], {
    side: 2,
    pictures: new Uint8Array([1, 2, 3, 4]),
    low: -1,
    high: 1,
  });
  assert.deepEqual([frame.maps[0], frame.inside, frame.misreadAt], [null, null, "2,-1"]);
  assert.equal(frame.shiftMap, null);
});

test("a unit that says 0 to every digit is excited by none", () => {
  const frame = frameOf({strongest: new Float32Array([0, 0, 1, 0])});
  assert.deepEqual([frame.strongest, frame.isIdle], [[], true]);
  assert.equal(frameOf({}).isIdle, false);
});

test("numbers of a layer stay until it has new ones, and go with the image", () => {
  const numbers = {
    layer_source: new Float32Array([1, 2]),
    layer_sums: new Float32Array([-3]),
    layer_values: new Float32Array([0]),
    parameters_plain: new Float32Array([4]),
    image: new Uint8Array(784),
  };
  const before = frameOf(numbers);
  assert.equal(before.inside?.layer, "plain,1");
  assert.deepEqual([...(before.inside?.sums ?? [])], [-3]);
  const drawn = completed(frameOf({image: new Uint8Array(784)}), before);
  assert.equal(drawn.inside, before.inside);
  assert.equal(parametersIn(drawn, "plain"), before.plainParameters);
  const empty = completed(frameOf({}), before);
  assert.deepEqual([empty.inside, parametersIn(empty, "convolutional")], [null, null]);
  assert.equal(parametersIn(empty, "plain"), before.plainParameters);
});

test("answers go with their image, and what is of the networks stays", () => {
  const before = frameOf({
    parameters_convolutional: new Float32Array([1]),
    accuracy: new Float32Array([0.9, 0.97]),
    answers: new Float32Array(20),
    image: new Uint8Array(784),
    maps_1: new Uint8Array([5]),
  });
  const empty = completed(frameOf({}), before);
  assert.equal(empty.parameters, before.parameters);
  assert.equal(empty.accuracy, before.accuracy);
  assert.equal(empty.answers, null);
  assert.equal(empty.maps[0], null);
  const drawn = completed(frameOf({image: new Uint8Array(784)}), before);
  assert.equal(drawn.maps[0], before.maps[0]);
});

test("the test digits are read once a run", () => {
  const digits = readDigits(
    readSafetensors(
      write(
        {run: "3"},
        {
          test: new Uint8Array(1568),
          labels: new Uint8Array([7, 2, 0, 0]),
          pixels: new Float32Array([1, 0]),
        },
      ),
    ),
  );
  assert.deepEqual([digits.run, digits.images.length, digits.labels[1]], [3, 1568, 2]);
  assert.deepEqual([...digits.pixels], [1, 0]);
});
