/**
 * A message as the server writes it, made by hand.
 * @param {Record<string, string>} metadata
 * @param {Record<string, Float32Array | Uint8Array>} arrays those of four-byte elements first
 */
export function write(metadata, arrays) {
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
