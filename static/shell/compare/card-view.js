/** A column's card: what it is, what is wrong with it, its picture and its results. */

/** @import {Palette} from "../../drawing/colors.js" */
/** @import {Column} from "./column.js" */
/** @import {Comparing} from "./comparing.js" */

import {sharpen} from "../../drawing/canvas.js";
import {formatCount, formatDiverged, formatLoss} from "../../drawing/format.js";
import {throttle} from "../../drawing/throttle.js";
import {byId} from "../elements.js";

const UNIT = document.body.dataset.unit ?? "epoch";

export class CardView {
  element;
  #column;
  #kind;
  #canvas;
  #dots;
  #size = 0;
  #sizes;
  /** What was painted last. @type {unknown[]} */
  #painted = [];
  /** What was painted over it. @type {unknown[]} */
  #over = [];
  #write = throttle(() => this.#writeResults());

  /**
   * @param {Column} column
   * @param {Comparing<any, any, any>} kind
   * @param {{copy: () => void, remove: () => void, resized: () => void}} act
   */
  constructor(column, kind, act) {
    const {letter} = column;
    const made = byId("column-card", HTMLTemplateElement).content.cloneNode(true);
    const [element] = made instanceof DocumentFragment ? made.children : [];
    if (!(element instanceof HTMLElement)) throw new Error("the card's template is empty");
    this.element = element;
    this.#column = column;
    this.#kind = kind;
    element.dataset.column = letter;
    element.ariaLabel = `Column ${letter}`;
    this.#part("letter").textContent = letter;
    this.#canvas = /** @type {HTMLCanvasElement} */ (this.#part("picture"));
    this.#canvas.id = `picture-${letter}`;
    this.#dots = /** @type {HTMLCanvasElement} */ (this.#part("dots"));
    this.#dots.id = `dots-${letter}`;
    this.#part("pictures").hidden = !kind.picture;
    this.#canvas.ariaLabel = `${kind.picture?.label ?? "Picture"} of ${letter}`;
    this.#part("copy").ariaLabel = `Add a copy of ${letter}`;
    this.#part("remove").ariaLabel = `Remove ${letter}`;
    this.#part("open").ariaLabel = `Open ${letter} as a page`;
    this.#part("copy").addEventListener("click", act.copy);
    this.#part("remove").addEventListener("click", act.remove);
    this.#sizes = new ResizeObserver(() => {
      this.#size = this.#canvas.clientWidth;
      act.resized();
    });
    this.#sizes.observe(this.#canvas);
  }

  /** @param {string} name */
  #part(name) {
    const part = this.element.querySelector(`.${name}`);
    if (!(part instanceof HTMLElement)) throw new Error(`the card has no .${name}`);
    return part;
  }

  /** @param {{isOnly: boolean, isFull: boolean, what: string}} page */
  update({isOnly, isFull, what}) {
    const link = /** @type {HTMLAnchorElement} */ (this.#part("open"));
    link.href = `${document.body.dataset.home}${this.#column.link}`;
    /** @type {HTMLButtonElement} */ (this.#part("remove")).disabled = isOnly;
    /** @type {HTMLButtonElement} */ (this.#part("copy")).disabled = isFull;
    set(this.#part("what"), what);
    const message = messageOf(this.#column);
    const place = this.#part("message");
    place.hidden = !message;
    set(place, message);
    this.#write.soon(undefined);
  }

  /** @param {Palette} palette */
  draw(palette) {
    const {frame, state, material} = this.#column;
    if (!frame || !state) return;
    this.#write.soon(undefined);
    const {picture} = this.#kind;
    if (!picture || !this.#size) return;
    const shown = {frame, server: state, material, palette};
    const newest = [frame, state.view, palette];
    if (newest.some((one, i) => one !== this.#painted[i])) picture.paint(this.#canvas, shown);
    this.#painted = newest;
    const over = [material, state.view, palette, this.#size];
    if (over.every((one, i) => one === this.#over[i])) return;
    this.#over = over;
    picture.paintOver(sharpen(this.#dots, this.#size, this.#size), this.#size, shown);
  }

  close() {
    this.#sizes.disconnect();
    this.element.remove();
  }

  #writeResults() {
    const list = this.#part("results");
    const results = resultsOf(this.#column, this.#kind);
    while (list.children.length > results.length) list.lastElementChild?.remove();
    for (const [i, [label, text, name]] of results.entries()) {
      const pair = list.children[i] ?? list.appendChild(makePair());
      const [term, figure] = pair.children;
      if (term) set(term, label);
      if (figure) set(figure, text);
      if (figure instanceof HTMLElement && name)
        figure.dataset.testid = `${name}-${this.#column.letter}`;
    }
  }
}

/** @param {Element} element @param {string} text */
function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function makePair() {
  const pair = document.createElement("div");
  pair.append(document.createElement("dt"), document.createElement("dd"));
  return pair;
}

/**
 * Epoch, losses and what else the lab says, in words: the same wherever they are told.
 * @param {Column} column
 * @param {Comparing<any, any, any>} kind
 * @returns {[label: string, text: string, name?: string][]}
 */
export function resultsOf({frame, state}, kind) {
  if (!frame || !state) return [];
  const say = state.divergence ? formatDiverged : formatLoss;
  /** @type {[string, string, string?][]} */
  const results = [
    [`${UNIT[0]?.toUpperCase()}${UNIT.slice(1)}`, formatCount(frame.epoch), "epoch"],
  ];
  for (const [name, loss] of Object.entries(frame.losses))
    if (loss !== null || state.divergence)
      // a run may have less: no test points, fewer racers
      results.push([kind.words[name] ?? name, say(loss), `loss-${name}`]);
  return [...results, ...kind.results(frame, state)];
}

/** What a column has to say for itself. @param {Column} column */
function messageOf(column) {
  const {status, state, repairs} = column;
  if (status === "full") return "The server is full. This column tries again by itself.";
  if (status === "restart") return "The server restarts. This column comes back by itself.";
  if (status === "lost") return "The connection is lost. This column comes back by itself.";
  if (status === "outdated") return "The server is newer than this page: load it anew.";
  if (status === "replaced") return "Another page has this run now.";
  if (state?.failed) return "An error on the server stopped this run. Reset it.";
  if (state?.divergence)
    return `Diverged after step ${formatCount(state.divergence.step)}: the numbers became too large.`;
  if (state?.stop)
    return `Stopped at ${UNIT} ${formatCount(state.stop.epoch)}, as its settings say.`;
  const changes = (state?.timeline?.changes ?? []).filter(each => each > 0);
  if (changes.length)
    return `Changed at ${UNIT} ${formatCount(changes.at(-1) ?? 0)}, where it goes on from. Reset begins anew with it.`;
  return repairs ? `Its link was repaired. ${repairs}.` : "";
}
