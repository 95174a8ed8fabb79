/** Takes pictures of what the page draws: of each part with `data-picture`, all its canvases, one over the other. */

import {choosePixelRatio, context2d, isAtOtherRatio} from "../../drawing/canvas.js";

const PATIENCE = 1500; // ms for views that draw once a second
const MOST_PIXELS = 8192; // a side: browsers draw no larger canvas

/** The parts of the page that are seen now. @returns {HTMLElement[]} */
export function picturedParts() {
  return [...document.querySelectorAll("[data-picture]")]
    .filter(part => part instanceof HTMLElement)
    .filter(part => canvasesOf(part).length > 0);
}

/**
 * A picture of a part, as the visitor sees it but with more pixels.
 * @param {HTMLElement} part
 * @param {number} ratio pixels for each of CSS
 * @param {{redrawAll: () => void, isTransparent: boolean}} how
 * @returns {Promise<Blob>}
 */
export async function pictureOf(part, ratio, {redrawAll, isTransparent}) {
  const {width, height} = part.getBoundingClientRect();
  const fitting = Math.min(ratio, MOST_PIXELS / Math.max(width, height));
  choosePixelRatio(fitting);
  try {
    const picture = document.createElement("canvas");
    await drawn(part, redrawAll, () => paint(picture, part, fitting, isTransparent));
    return await fileOf(picture);
  } finally {
    choosePixelRatio(0);
    redrawAll();
  }
}

/** @param {HTMLElement} part */
function canvasesOf(part) {
  return [...part.querySelectorAll("canvas")].filter(canvas => canvas.checkVisibility());
}

/**
 * Call `act` once all canvases of the part have the new resolution, right after they are drawn: WebGL keeps nothing.
 * @param {HTMLElement} part
 * @param {() => void} redrawAll
 * @param {() => void} act
 * @returns {Promise<void>}
 */
function drawn(part, redrawAll, act) {
  const last = performance.now() + PATIENCE;
  return new Promise((resolve, reject) => {
    const look = () => {
      const isOld = canvasesOf(part).some(isAtOtherRatio);
      if (isOld && performance.now() < last) again();
      else
        try {
          act();
          resolve();
        } catch (error) {
          reject(error);
        }
    };
    const again = () => {
      redrawAll();
      requestAnimationFrame(look); // after the drawing, which was asked for first
    };
    again();
  });
}

/**
 * @param {HTMLCanvasElement} picture
 * @param {HTMLElement} part
 * @param {number} ratio
 * @param {boolean} isTransparent
 */
function paint(picture, part, ratio, isTransparent) {
  const frame = part.getBoundingClientRect();
  picture.width = Math.round(frame.width * ratio);
  picture.height = Math.round(frame.height * ratio);
  const context = context2d(picture);
  if (!isTransparent) {
    context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--ground");
    context.fillRect(0, 0, picture.width, picture.height);
  }
  context.scale(ratio, ratio);
  context.imageSmoothingQuality = "high";
  for (const canvas of canvasesOf(part)) {
    const {left, top, width, height} = canvas.getBoundingClientRect();
    context.drawImage(canvas, left - frame.left, top - frame.top, width, height);
  }
}

/** @param {HTMLCanvasElement} picture @returns {Promise<Blob>} */
function fileOf(picture) {
  return new Promise((resolve, reject) => {
    picture.toBlob(blob => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png");
  });
}
