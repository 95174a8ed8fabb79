/** The preview of a table: its first rows with roles, what was skipped, and the points as they will lie. */

/** @import {Palette} from "../../../drawing/colors.js" */
/** @import {PlanePreview} from "../../../session/protocol.js" */
/** @import {Chosen, Role} from "./roles.js" */

import {sharpen} from "../../../drawing/canvas.js";
import {pointColor} from "../../../drawing/colors.js";
import {byId} from "../../../shell/elements.js";
import {paintPoints} from "../points-view.js";
import {roleOf} from "./roles.js";
import {dialectWords, noteWords} from "./words.js";

/** @type {readonly [number, number]} */
const DOMAIN = [-6, 6];

export class PreviewView {
  #table = byId("table-rows", HTMLTableElement);
  #canvas = byId("table-picture", HTMLCanvasElement);
  #onRole;

  /** @param {(place: number, role: Role | "") => void} onRole */
  constructor(onRole) {
    this.#onRole = onRole;
  }

  /** @param {PlanePreview} preview @param {Chosen | null} roles */
  show(preview, roles) {
    byId("table-dialect", HTMLElement).textContent = dialectWords(preview);
    byId("table-notes", HTMLElement).replaceChildren(...noteWords(preview).map(listItem));
    this.#showRows(preview, roles);
  }

  /** The same painter as the page's. @param {PlanePreview["learned"]} learned @param {Palette} palette */
  paint(learned, palette) {
    const {clientWidth: width, clientHeight: height} = this.#canvas;
    const context = sharpen(this.#canvas, width, height);
    context.clearRect(0, 0, width, height);
    const classes = learned?.targets === "values" ? 0 : Math.max(2, learned?.classes.length ?? 2);
    const color = (/** @type {number} */ label) => pointColor(palette, label, classes);
    const label = (/** @type {number} */ k) => (classes === 2 ? 1 - 2 * k : k); // the first of two is blue
    const points = (learned?.points ?? []).flatMap(([x, y, target]) => [x, y, label(target)]);
    const look = {color, outline: palette.outline, hollow: false, domain: DOMAIN};
    paintPoints(context, new Float32Array(points), width, look);
    const swatches = (learned?.classes ?? []).map(({name, count}, k) =>
      swatch(`${name || "All points"}: ${count}`, color(label(k))),
    );
    byId("table-classes", HTMLElement).replaceChildren(...swatches);
  }

  /** @param {PlanePreview} preview @param {Chosen | null} roles */
  #showRows({columns}, roles) {
    const head = document.createElement("tr");
    const focused = document.activeElement?.id;
    head.append(...columns.map((column, place) => this.#heading(column, place, roles)));
    const depth = Math.max(...columns.map(column => column.first.length));
    const rows = Array.from({length: depth}, (_, row) => {
      const line = document.createElement("tr");
      line.append(...columns.map(({first}) => cell(first[row] ?? "")));
      return line;
    });
    this.#table.tHead?.replaceChildren(head);
    this.#table.tBodies[0]?.replaceChildren(...rows);
    if (focused?.startsWith("role-")) document.getElementById(focused)?.focus();
  }

  /** @param {PlanePreview["columns"][number]} column @param {number} place @param {Chosen | null} roles */
  #heading({name, kind, targets}, place, roles) {
    const heading = document.createElement("th");
    heading.scope = "col";
    const title = document.createElement("span");
    title.textContent = name;
    heading.append(title);
    if (!roles) return heading;
    const select = document.createElement("select");
    select.id = `role-${place}`;
    select.ariaLabel = `Role of ${name}`;
    select.dataset.explain = "table_role";
    select.setAttribute("aria-describedby", "about-table_role");
    const learned =
      (roles.target === place ? roles.targets : targets) === "values" ? "Value" : "Label";
    const options =
      kind === "numbers"
        ? [
            ["x", "X₁"],
            ["y", "X₂"],
          ]
        : [];
    for (const [value = "", text = ""] of [["", "Unused"], ...options, ["target", learned]])
      select.append(new Option(text, value));
    select.value = roleOf(roles, place);
    select.addEventListener("change", () =>
      this.#onRole(place, /** @type {Role | ""} */ (select.value)),
    );
    heading.append(select);
    heading.classList.toggle("used", select.value !== "");
    return heading;
  }
}

/** @param {string} text */
function cell(text) {
  const element = document.createElement("td");
  element.textContent = text;
  return element;
}

/** @param {string} text */
function listItem(text) {
  const element = document.createElement("li");
  element.textContent = text;
  return element;
}

/** @param {string} text @param {string} color */
function swatch(text, color) {
  const element = listItem(text);
  element.style.setProperty("--class", color);
  return element;
}
