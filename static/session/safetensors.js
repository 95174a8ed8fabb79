/** Reads binary messages: eight bytes of header length, a JSON header, aligned arrays. */

/** @typedef {Float32Array | Uint8Array} Values */
/** @typedef {{shape: number[], values: Values}} Tensor */
/** @typedef {{metadata: Record<string, string>, tensors: Record<string, Tensor>}} Message */

const VIEWS = {F32: Float32Array, U8: Uint8Array};

/** What a message says before its arrays. @typedef {{metadata: Record<string, string>, entries: Record<string, any>, length: number}} Header */

/** @param {ArrayBuffer} buffer @returns {Header} */
export function readHeader(buffer) {
  const length = Number(new DataView(buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)));
  const {__metadata__: metadata = {}, ...entries} = header;
  return {metadata, entries, length};
}

/**
 * Read a message; the arrays are views of it, not copies.
 * @param {ArrayBuffer} buffer
 * @param {Header} header
 * @returns {Message}
 */
export function readSafetensors(buffer, {metadata, entries, length} = readHeader(buffer)) {
  /** @type {Record<string, Tensor>} */
  const tensors = {};
  for (const [name, entry] of Object.entries(entries)) {
    const {dtype, shape, data_offsets: offsets} = entry;
    const View = VIEWS[/** @type {keyof typeof VIEWS} */ (dtype)];
    if (!View) throw new Error(`${name}: dtype ${dtype} came, expected F32 or U8`);
    const [start, end] = offsets;
    tensors[name] = {
      shape,
      values: new View(buffer, 8 + length + start, (end - start) / View.BYTES_PER_ELEMENT),
    };
  }
  return {metadata, tensors};
}
