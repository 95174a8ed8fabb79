/** The geometry and the pens of the pictures in the plane. */

/** @typedef {{left: number, top: number, side: number}} Box the square in a canvas, in CSS pixels */

/** The largest square in a canvas. @param {number} width @param {number} height @returns {Box} */
export function squareIn(width, height) {
  const side = Math.max(Math.min(width, height), 10);
  return {left: (width - side) / 2, top: (height - side) / 2, side};
}

/** @param {Box} box @param {number} farthest @param {number} x @param {number} y @returns {[number, number]} */
export function toPixel({left, top, side}, farthest, x, y) {
  const scale = side / (2 * farthest);
  return [left + (x + farthest) * scale, top + (farthest - y) * scale];
}

/** The inverse, within the square and to two digits. @param {Box} box @param {number} farthest @param {number} left @param {number} top @returns {[number, number]} */
export function toPlace(box, farthest, left, top) {
  const scale = (2 * farthest) / box.side;
  const within = (/** @type {number} */ value) =>
    Math.round(Math.min(Math.max(value, -farthest), farthest) * 100) / 100 + 0;
  return [within((left - box.left) * scale - farthest), within(farthest - (top - box.top) * scale)];
}

/**
 * Dots at places x and y, x and y, …
 * @param {CanvasRenderingContext2D} context
 * @param {Box} box
 * @param {number} farthest
 * @param {Float32Array} places
 * @param {{color: string, edge?: string, radius: number}} how
 */
export function paintDots(context, box, farthest, places, {color, edge, radius}) {
  context.beginPath();
  for (let i = 0; i + 1 < places.length; i += 2) {
    const [x, y] = toPixel(box, farthest, places[i] ?? 0, places[i + 1] ?? 0);
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
  }
  context.fillStyle = color;
  if (edge) {
    context.strokeStyle = edge;
    context.lineWidth = 1.5;
    context.stroke();
  }
  context.fill();
}

/**
 * Ways from places, the longest of them as long as `most` pixels.
 * @param {CanvasRenderingContext2D} context
 * @param {Box} box
 * @param {number} farthest
 * @param {Float32Array} places
 * @param {Float32Array} ways
 * @param {number} most
 */
export function paintArrows(context, box, farthest, places, ways, most) {
  const longest = longestOf(ways);
  if (!(longest > 0)) return;
  context.beginPath();
  for (let i = 0; i + 1 < places.length; i += 2) {
    const [x, y] = toPixel(box, farthest, places[i] ?? 0, places[i + 1] ?? 0);
    const across = ((ways[i] ?? 0) / longest) * most;
    const down = (-(ways[i + 1] ?? 0) / longest) * most;
    context.moveTo(x, y);
    context.lineTo(x + across, y + down);
  }
  context.stroke();
}

/** @param {Float32Array} ways */
export function longestOf(ways) {
  let longest = 0;
  for (let i = 0; i + 1 < ways.length; i += 2) {
    const length = Math.hypot(ways[i] ?? 0, ways[i + 1] ?? 0);
    if (length < 1e6 && length > longest) longest = length;
  }
  return longest;
}

/**
 * The lines of a bent square, row by row, or one bent line.
 * @param {CanvasRenderingContext2D} context
 * @param {Box} box
 * @param {number} farthest
 * @param {Float32Array} places
 * @param {boolean} isLine
 */
export function paintGrid(context, box, farthest, places, isLine) {
  const count = places.length / 2;
  const side = isLine ? count : Math.round(Math.sqrt(count));
  const at = (/** @type {number} */ k) =>
    toPixel(box, farthest, places[2 * k] ?? 0, places[2 * k + 1] ?? 0);
  context.beginPath();
  for (let row = 0; row < count / side; row++)
    for (let column = 0; column < side; column++) {
      const here = at(row * side + column);
      if (column === 0) context.moveTo(...here);
      else context.lineTo(...here);
    }
  if (!isLine)
    for (let column = 0; column < side; column++)
      for (let row = 0; row < side; row++) {
        const here = at(row * side + column);
        if (row === 0) context.moveTo(...here);
        else context.lineTo(...here);
      }
  context.stroke();
}
