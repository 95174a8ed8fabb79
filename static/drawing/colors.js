/** Colours of fields, points and weights in both themes: from −1 (orange) over 0 to 1 (blue), or one for each class. */

/** @typedef {readonly [number, number, number]} Rgb */
/**
 * @typedef {object} ClassColor
 * @property {Uint32Array} field 256 pixels, from undecided to sure
 * @property {string} point
 */

/**
 * @typedef {object} Palette
 * @property {Uint32Array} field 256 pixels for the bytes of a picture
 * @property {Uint32Array} steps the same in two colours
 * @property {string[]} points 33 colours from −1 to 1
 * @property {ClassColor[]} classes ten of them
 * @property {string} outline of a point
 * @property {string} neutral colour of a link that has no weight
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
 * Colours of the classes: the hues of Okabe and Ito (2008), moved until any two are as far apart as possible for people
 * with all cones and for those who lack one kind. The distance in CIE Lab is at least 16, and 25 among the first six.
 * @type {Record<"light" | "dark", Rgb[]>}
 */
export const CLASSES = {
  light: [
    [22, 82, 202],
    [244, 120, 6],
    [0, 145, 83],
    [202, 96, 153],
    [41, 188, 255],
    [75, 50, 51],
    [125, 194, 58],
    [84, 70, 133],
    [185, 54, 15],
    [139, 157, 73],
  ],
  dark: [
    [84, 124, 236],
    [240, 182, 23],
    [75, 221, 123],
    [212, 85, 155],
    [185, 219, 255],
    [141, 101, 75],
    [225, 249, 110],
    [118, 75, 255],
    [236, 103, 62],
    [118, 181, 142],
  ],
};
const UNDECIDED = 0.12; // share of a class's colour where it is barely preferred
const SURE = {light: 0.62, dark: 0.6}; // the same where it is certain; points must still stand out

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
    classes: CLASSES[theme].map(color => classColor(color, ends[2], SURE[theme])),
    outline,
    neutral: css(/** @type {Rgb} */ (points[1])),
    positive: css(/** @type {Rgb} */ (points[2])),
    negative: css(/** @type {Rgb} */ (points[0])),
  };
}

/**
 * @param {Rgb} color
 * @param {Rgb} ground
 * @param {number} sure
 * @returns {ClassColor}
 */
function classColor(color, ground, sure) {
  const share = (/** @type {number} */ byte) => UNDECIDED + (sure - UNDECIDED) * (byte / 255);
  return {
    field: Uint32Array.from({length: 256}, (_, byte) =>
      pixel(between([ground, color], share(byte))),
    ),
    point: css(color),
  };
}

/**
 * The colour of a point.
 * @param {Palette} palette
 * @param {number} label from −1 to 1; with more than two classes the number of its class
 * @param {number} classes
 */
export function pointColor(palette, label, classes) {
  if (classes > 2) return palette.classes[label]?.point ?? "";
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

/** A pixel of ImageData on little-endian machines, as all of today's are. @param {Rgb} color */
function pixel([red, green, blue]) {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** @param {Rgb} color */
function css([red, green, blue]) {
  return `rgb(${red} ${green} ${blue})`;
}
