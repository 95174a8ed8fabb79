/** Paints ink, and pictures of values, on canvases. */

/** @import {Sheet} from "./dense.js" */

/** @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Context */

const INK = {light: 0x201d1b, dark: 0xeaecec}; // blue, green, red: `--text` of theme.css

/** Ink of one theme, from none to full; what is without ink is clear. @param {number} color */
function ramp(color) {
  return Uint32Array.from({length: 256}, (_, ink) => ((ink << 24) | color) >>> 0);
}

const RAMPS = {light: ramp(INK.light), dark: ramp(INK.dark)};

/** Colours of 256 degrees of ink, in the present theme. */
export function inkColors() {
  return matchMedia("(prefers-color-scheme: dark)").matches ? RAMPS.dark : RAMPS.light;
}

/**
 * Colours of the shades of a picture whose first and last stand for other values than −1 and 1.
 * @param {Uint32Array} colors 256 of them, 128 for zero
 * @param {{low: number, high: number}} range low is at most 0, high at least 0
 */
export function signedColors(colors, {low, high}) {
  const largest = Math.max(-low, high) || 1;
  return Uint32Array.from({length: 256}, (_, shade) => {
    const value = low + (shade * (high - low)) / 255;
    return colors[Math.round(128 + (127 * value) / largest)] ?? 0;
  });
}

/**
 * A small canvas with one pixel for each byte, to be drawn at any size.
 * @param {Uint8Array} bytes
 * @param {number} width
 * @param {Uint32Array} colors 256 of them
 */
export function bitmap(bytes, width, colors) {
  const canvas = new OffscreenCanvas(width, bytes.length / width);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("a 2D canvas is needed");
  put(context, bytes, width, colors);
  return canvas;
}

/**
 * @param {Context} context
 * @param {Uint8Array} bytes
 * @param {number} width
 * @param {Uint32Array} colors 256 of them
 */
export function put(context, bytes, width, colors) {
  const image = new ImageData(width, bytes.length / width);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < bytes.length; i++) pixels[i] = colors[bytes[i] ?? 0] ?? 0; // sixty times a second
  context.putImageData(image, 0, 0);
}

/**
 * Fill a canvas of its own with a picture, pixel for pixel; the style sheet makes it large.
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array} bytes
 * @param {number} width
 * @param {Uint32Array} colors
 */
export function fill(canvas, bytes, width, colors) {
  const height = bytes.length / width;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext("2d");
  if (context) put(context, bytes, width, colors);
}

/**
 * Fill a canvas of its own with numbers where a sheet has them, and give it that shape; what is no cell is clear.
 * @param {HTMLCanvasElement} canvas
 * @param {Pick<Sheet, "width" | "height" | "inputs">} sheet
 * @param {Float32Array} numbers
 * @param {Uint32Array} colors 256 of them
 * @param {(number: number) => number} shadeOf 0 to 255
 */
export function fillSheet(canvas, {width, height, inputs}, numbers, colors, shadeOf) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let cell = 0; cell < inputs.length; cell++) {
    const input = inputs[cell] ?? -1;
    if (input >= 0) pixels[cell] = colors[shadeOf(numbers[input] ?? 0)] ?? 0;
  }
  canvas.style.aspectRatio = `${width} / ${height}`;
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}

/** Shades of signed numbers, 128 for zero. @param {number} largest */
export function signedShades(largest) {
  return (/** @type {number} */ number) => Math.round(128 + (127 * number) / (largest || 1));
}

/** @param {Float32Array} numbers */
export function largestOf(numbers) {
  let largest = 0;
  for (const number of numbers) largest = Math.max(largest, Math.abs(number));
  return largest;
}

/**
 * Signed numbers as bytes, 128 for zero, the largest at an end of the scale.
 * @param {readonly number[]} numbers
 */
export function signedBytes(numbers) {
  const largest = Math.max(...numbers.map(Math.abs)) || 1;
  return Uint8Array.from(numbers, number => Math.round(128 + (127 * number) / largest));
}
