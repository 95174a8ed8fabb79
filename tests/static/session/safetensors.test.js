import assert from "node:assert/strict";
import {test} from "node:test";
import {readSafetensors} from "../../../static/session/safetensors.js";
import {write} from "../written.js";

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
