/** Draws on a canvas at the screen's own resolution, or for a moment at another one. */

/** What is drawn has so many pixels for each of CSS; 0 for those of the screen. */
let chosen = 0;
/** Of canvases that have been drawn. @type {WeakMap<HTMLCanvasElement, number>} */
const ratios = new WeakMap();

/** Pixels for each of CSS, in both directions. */
export function pixelRatio() {
  return chosen || devicePixelRatio;
}

/** From the next drawing on. @param {number} ratio 0 for that of the screen */
export function choosePixelRatio(ratio) {
  chosen = ratio;
}

/** Whether a canvas was drawn at another ratio than the present one. @param {HTMLCanvasElement} canvas */
export function isAtOtherRatio(canvas) {
  return (ratios.get(canvas) ?? pixelRatio()) !== pixelRatio();
}

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {CanvasRenderingContext2D}
 */
export function context2d(canvas) {
  const context = canvas.getContext("2d");
  if (!context) throw new Error("a 2D canvas is needed");
  return context;
}

/**
 * Clear the canvas and give it the screen's resolution at this size in CSS pixels, in which callers draw.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 * @returns {CanvasRenderingContext2D}
 */
export function sharpen(canvas, width, height) {
  const ratio = pixelRatio();
  ratios.set(canvas, ratio);
  const [pixelWidth, pixelHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== pixelWidth) canvas.width = pixelWidth;
  if (canvas.height !== pixelHeight) canvas.height = pixelHeight;
  const context = context2d(canvas);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}
