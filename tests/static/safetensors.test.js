import assert from "node:assert/strict";
import {test} from "node:test";
import {readFrame, readPoints} from "../../static/session/frame.js";
import {readSafetensors} from "../../static/session/safetensors.js";

/**
 * A message as the server writes it, made by hand.
 * @param {Record<string, string>} metadata
 * @param {Record<string, Float32Array | Uint8Array>} arrays those of four-byte elements first
 */
function write(metadata, arrays) {
  /** @type {Record<string, unknown>} */
  const header = {__metadata__: metadata};
  let end = 0;
  for (const [name, array] of Object.entries(arrays)) {
    const dtype = array instanceof Float32Array ? "F32" : "U8";
    header[name] = {dtype, shape: [array.length], data_offsets: [end, end + array.byteLength]};
    end += array.byteLength;
  }
  const json = JSON.stringify(header);
  const text = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 8) * 8));
  const bytes = new Uint8Array(8 + text.length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  let place = 8 + text.length;
  for (const array of Object.values(arrays)) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), place);
    place += array.byteLength;
  }
  return bytes.buffer;
}

test("arrays are views of the message", () => {
  const buffer = write({kind: "x"}, {a: new Float32Array([1.5, -2]), b: new Uint8Array([7, 8, 9])});
  const {metadata, tensors} = readSafetensors(buffer);
  assert.deepEqual(metadata, {kind: "x"});
  assert.deepEqual(tensors.a?.values, new Float32Array([1.5, -2]));
  assert.deepEqual(tensors.b?.values, new Uint8Array([7, 8, 9]));
  assert.equal(tensors.a?.values.buffer, buffer);
});

test("an unknown type of numbers is named", () => {
  const header = '{"a":{"dtype":"I64","shape":[0],"data_offsets":[0,0]}}  ';
  const bytes = new Uint8Array(8 + header.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(new TextEncoder().encode(header), 8);
  assert.throws(() => readSafetensors(bytes.buffer), /a: dtype I64 came, expected F32 or U8/);
});

test("a frame has numbers, and null for a loss that is not finite", () => {
  const frame = readFrame(
    readSafetensors(
      write(
        {
          run: "2",
          frame: "5",
          applied: "3",
          epoch: "12",
          step: "300",
          loss_train: "0.25",
          loss_test: "",
          epochs_per_second: "60.0",
          steps_per_second: "1500.0",
          history_start: "4",
          focus: "",
        },
        {
          parameters: new Float32Array([1]),
          metrics: new Float32Array([3, 1, 0, 4, 5, 0, 2, 6]),
          history: new Float32Array([12, 0.25, 0.5]),
          output: new Uint8Array(4),
          neurons: new Uint8Array(0),
        },
      ),
    ),
  );
  assert.equal(frame.epoch, 12);
  assert.equal(frame.lossTrain, 0.25);
  assert.equal(frame.lossTest, null);
  assert.equal(frame.history.start, 4);
  assert.equal(frame.focusPicture, null);
  assert.deepEqual([...frame.metrics.test], [5, 0, 2, 6]);
});

test("points lack nothing, or it is said what", () => {
  const message = readSafetensors(write({run: "1"}, {train: new Float32Array(3)}));
  assert.throws(() => readPoints(message), /expected a tensor of F32/);
});
