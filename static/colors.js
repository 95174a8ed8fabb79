/** The diverging scale from −1 (orange) over 0 to 1 (blue), for fields, points and weights, in both themes. */

/** @typedef {readonly [number, number, number]} Rgb */

/**
 * @typedef {object} Palette
 * @property {Uint32Array} field 256 pixels for the bytes of a picture
 * @property {Uint32Array} steps the same in two colours
 * @property {string[]} points 33 colours from −1 to 1
 * @property {string} outline of a point
 * @property {string} positive colour of a link
 * @property {string} negative
 */

/** @type {Record<"light" | "dark", {ends: [Rgb, Rgb, Rgb, Rgb, Rgb], points: [Rgb, Rgb, Rgb], outline: string}>} */
const SCALES = {
  light: {
    ends: [
      [243, 163, 84],
      [251, 212, 168],
      [250, 249, 246],
      [178, 208, 239],
      [99, 159, 217],
    ],
    points: [
      [190, 84, 0],
      [160, 160, 156],
      [18, 88, 168],
    ],
    outline: "#ffffff",
  },
  dark: {
    ends: [
      [196, 104, 18],
      [104, 62, 24],
      [20, 22, 25],
      [24, 62, 106],
      [38, 112, 190],
    ],
    points: [
      [255, 176, 92],
      [130, 134, 140],
      [116, 184, 255],
    ],
    outline: "#0e1013",
  },
};

const POINT_STEPS = 33;

/**
 * @param {"light" | "dark"} theme
 * @returns {Palette}
 */
export function makePalette(theme) {
  const {ends, points, outline} = SCALES[theme];
  return {
    field: Uint32Array.from({length: 256}, (_, byte) => pixel(between(ends, byte / 255))),
    steps: Uint32Array.from({length: 256}, (_, byte) =>
      pixel(between(ends, byte < 128 ? 0.06 : 0.94)),
    ),
    points: Array.from({length: POINT_STEPS}, (_, i) =>
      css(between(points, i / (POINT_STEPS - 1))),
    ),
    outline,
    positive: css(/** @type {Rgb} */ (points[2])),
    negative: css(/** @type {Rgb} */ (points[0])),
  };
}

/**
 * The colour of a point.
 * @param {Palette} palette
 * @param {number} label from −1 to 1
 */
export function pointColor(palette, label) {
  const share = (Math.max(-1, Math.min(1, label)) + 1) / 2;
  return palette.points[Math.round(share * (POINT_STEPS - 1))] ?? "";
}

/**
 * @param {readonly Rgb[]} stops evenly spaced
 * @param {number} share from 0 to 1
 * @returns {Rgb}
 */
export function between(stops, share) {
  const place = share * (stops.length - 1);
  const first = Math.min(Math.floor(place), stops.length - 2);
  const [a, b] = [stops[first], stops[first + 1]];
  if (!a || !b) throw new Error("a scale needs two colours");
  const mix = (/** @type {number} */ x, /** @type {number} */ y) =>
    Math.round(x + (y - x) * (place - first));
  return [mix(a[0], b[0]), mix(a[1], b[1]), mix(a[2], b[2])];
}

/** As ImageData has it on machines that put the low byte first, which all of today's do. @param {Rgb} color */
function pixel([red, green, blue]) {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** @param {Rgb} color */
function css([red, green, blue]) {
  return `rgb(${red} ${green} ${blue})`;
}
