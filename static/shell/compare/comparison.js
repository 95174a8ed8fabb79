/** The page that compares runs: up to four columns, each a live session of its own, that train in step. */

/** @import {Rejected, Seeded} from "../../session/protocol.js" */
/** @import {Comparing} from "./comparing.js" */
/** @import {Opening} from "./column.js" */
/** @import {Letter} from "./comparison-link.js" */
/** @import {Row} from "./table-view.js" */

import {formatCount} from "../../drawing/format.js";
import {throttle} from "../../drawing/throttle.js";
import {tokenOf} from "../../session/connection.js";
import {recall, remember} from "../../session/storage.js";
import {byId} from "../elements.js";
import {placeOf} from "../labs.js";
import {showFault} from "../number-field.js";
import {Theme} from "../theme.js";
import {CardView, resultsOf} from "./card-view.js";
import {Column} from "./column.js";
import {LETTERS, readComparison, writeComparison} from "./comparison-link.js";
import {CurvesView} from "./curves-view.js";
import {DifferenceView} from "./difference-view.js";
import {InStep} from "./in-step.js";
import {listed} from "./report.js";
import {ReportView} from "./report-view.js";
import {SeedsView} from "./seeds-view.js";
import {readCells} from "./settings.js";
import {TableView} from "./table-view.js";

const WRITTEN = "hyperplane-comparison";
const UNWRITTEN = 400; // ms until the address is written: Safari allows 100 writings in half a minute
const UNIT = document.body.dataset.unit ?? "epoch";

export class Comparison {
  #kind;
  #place = placeOf(document.body.dataset);
  /** @type {Column[]} */
  #columns = [];
  /** @type {Map<Column, CardView>} */
  #cards = new Map();
  #inStep = new InStep();
  /** Whether the columns are to go on. */
  #runs = false;
  #scheduled = 0;
  /** Whether a column has changed since the page was told. */
  #isStale = false;
  /** What is read changes no faster than people read. */
  #tell = throttle((/** @type {readonly Column[]} */ columns) => {
    this.#table.draw(this.#rows(columns));
    this.#sayInStep(columns);
  });
  /** @type {ReturnType<typeof setTimeout> | 0} */
  #writing = 0;
  #speed = byId("speed", HTMLSelectElement);
  #theme = new Theme(() => this.#redraw());
  #table;
  #seeds;
  #curves;
  #difference;

  /** @param {Comparing<any, any, any>} kind */
  constructor(kind) {
    this.#kind = kind;
    this.#table = new TableView(readCells(), () => this.#update());
    this.#seeds = new SeedsView(kind, () => this.#seedsChanged());
    this.#curves = new CurvesView(kind, loss => this.#seeds.bands(loss));
    this.#difference = new DifferenceView(kind);
    new ReportView(() => this.#reported());
    this.#listen();
  }

  open() {
    const {columns, seeds, epochs, isFromPage} = readComparison(location.hash);
    const isBack = location.hash !== "" && location.hash === recall(WRITTEN, this.#place.path);
    this.#seeds.begin(seeds, epochs);
    const own = isFromPage ? tokenOf(this.#place.path) : null;
    if (columns.length === 0)
      for (const letter of /** @type {const} */ (["A", "B"])) this.#add(letter, {copyToken: own});
    for (const [letter, link] of columns) this.#add(letter, isBack ? {} : {link});
  }

  // -- columns --------------------------------------------------------------------------------------------------------

  /** @param {Letter} letter @param {Opening} opening */
  #add(letter, opening) {
    const lab = {kind: this.#kind, ...this.#place};
    const column = new Column(letter, opening, lab, {
      changed: () => this.#change(),
      drawn: () => this.#redraw(),
      welcomed: which => this.#welcome(which),
      rejected: (which, rejected) => this.#refuse(which, rejected),
      seeded: (which, seeded) => this.#seeds.take(which, seeded),
    });
    const card = new CardView(column, this.#kind, {
      copy: () => this.#copy(column),
      remove: () => this.#remove(column),
      resized: () => this.#redraw(),
    });
    this.#columns.push(column);
    this.#cards.set(column, card);
    byId("columns", HTMLElement).append(card.element);
    this.#update();
  }

  /** The first letter that no column has. @returns {Letter | undefined} */
  get #free() {
    return LETTERS.find(letter => !this.#columns.some(column => column.letter === letter));
  }

  /** A copy is the same run to the bit: weights, what the method keeps, losses. @param {Column | undefined} column */
  #copy(column) {
    const letter = this.#free;
    if (!letter || !column) return;
    this.#add(letter, {copyToken: column.token, link: column.link});
    this.#say(`Column ${letter} is a copy of ${column.letter}`);
  }

  /** @param {Column} column */
  #remove(column) {
    if (this.#columns.length < 2) return;
    column.close();
    this.#cards.get(column)?.close();
    this.#cards.delete(column);
    this.#columns = this.#columns.filter(each => each !== column);
    this.#update();
    this.#say(`Column ${column.letter} is removed`);
    byId("add-column", HTMLButtonElement).focus();
  }

  /** @param {Column} column */
  #welcome(column) {
    column.send({type: "pause"}); // it may have been left while it played; from now on it goes in step
    this.#seeds.welcomed(column);
  }

  /** @param {Column} column @param {Rejected} rejected */
  #refuse(column, rejected) {
    this.#table.refuse(column, rejected);
    const {field, came, expected} = rejected;
    this.#say(`Column ${column.letter}: ${field} ${came} came, expected ${expected}`);
  }

  // -- in step --------------------------------------------------------------------------------------------------------

  /** The columns that can go on. */
  get #going() {
    return this.#columns.filter(({isReady}) => isReady);
  }

  #play() {
    this.#runs = true;
    this.#inStep.begin();
    const speed = this.#speed.value === "full" ? null : Number(this.#speed.value);
    for (const column of this.#columns)
      if (column.state && column.state.speed !== speed)
        column.send({type: "speed", epochs_per_second: speed});
    this.#advance();
    this.#update();
  }

  /** All go on to the epoch that they have been told, so that they stand at the same one. */
  #pause() {
    this.#runs = false;
    this.#update();
  }

  /** Tell the columns how far they may go, if it is time. */
  #advance() {
    if (!this.#runs) return;
    const going = this.#going.filter(({state}) => !state?.stop || state.playing);
    if (going.length === 0) {
      if (this.#columns.every(({ended}) => ended)) this.#pause();
      return; // who is not there yet goes on when it is
    }
    const slowest = Math.min(...going.map(({epoch}) => epoch));
    const until = this.#inStep.next(slowest, performance.now());
    if (until === null) return;
    for (const column of going) if (column.epoch < until) column.send({type: "play", until});
  }

  #step() {
    this.#runs = false;
    const going = this.#going;
    const slowest = Math.min(...going.map(({epoch}) => epoch));
    for (const column of going)
      if (column.epoch === slowest) column.send({type: "step", unit: "epoch"});
    this.#update();
  }

  #reset() {
    this.#runs = false;
    this.#inStep.begin();
    for (const column of this.#columns) column.send({type: "reset"});
    this.#say(`Reset to ${UNIT} 0`);
    this.#update();
  }

  // -- showing --------------------------------------------------------------------------------------------------------

  /** A column has another state, maybe: all is told with the next drawing, as states come in swarms while runs go in step. */
  #change() {
    this.#isStale = true;
    this.#redraw();
  }

  #update() {
    this.#isStale = false;
    const columns = this.#columns;
    const known = columns.filter(({state}) => state);
    const isFull = !this.#free;
    this.#table.update(known);
    const differing = this.#table.rows(known);
    for (const [column, card] of this.#cards) {
      const at = known.indexOf(column);
      const what = differing.slice(0, 2).map(({label, texts}) => `${label} ${texts[at] ?? ""}`);
      card.update({isOnly: columns.length < 2, isFull, what: at < 0 ? "" : what.join(", ")});
    }
    this.#curves.update(known);
    this.#difference.update(known);
    this.#seeds.update(columns);
    byId("add-column", HTMLButtonElement).disabled = isFull;
    const play = byId("play", HTMLButtonElement);
    play.ariaLabel = this.#runs ? "Pause" : "Play";
    play.classList.toggle("playing", this.#runs);
    this.#writing ||= setTimeout(() => this.#write(), UNWRITTEN);
    this.#redraw();
  }

  #redraw() {
    this.#scheduled ||= requestAnimationFrame(() => {
      this.#scheduled = 0;
      this.#draw();
    });
  }

  #draw() {
    if (this.#isStale) this.#update();
    const columns = this.#columns.filter(({state, frame}) => state && frame);
    const {palette} = this.#theme;
    for (const card of this.#cards.values()) card.draw(palette);
    this.#curves.draw();
    this.#difference.draw(columns, palette);
    for (const column of this.#columns) column.acknowledge();
    this.#tell.soon(columns);
    if (!this.#runs) this.#seeds.follow(Math.max(0, ...columns.map(({epoch}) => epoch)));
    this.#advance();
  }

  /** What differs beside the settings, and the results. @param {readonly Column[]} columns @returns {Row[]} */
  #rows(columns) {
    const facts = byLabel(columns.map(({state}) => (state ? this.#kind.facts(state) : [])));
    const results = byLabel(columns.map(column => resultsOf(column, this.#kind)));
    return [...facts.filter(({texts}) => new Set(texts).size > 1), ...results];
  }

  /** @param {readonly Column[]} columns */
  #sayInStep(columns) {
    const epochs = columns.map(({epoch}) => epoch);
    const isUnderWay = columns.some(({state}) => state?.playing);
    const goal = this.#runs ? "" : isUnderWay ? formatCount(this.#inStep.limit) : null;
    const place = byId("in-step", HTMLElement);
    const text = epochs.length ? standing(epochs, goal) : "";
    if (place.textContent !== text) place.textContent = text;
  }

  #seedsChanged() {
    this.#curves.draw();
    this.#writing ||= setTimeout(() => this.#write(), UNWRITTEN);
  }

  /** @param {string} text */
  #say(text) {
    byId("announcer", HTMLElement).textContent = text;
  }

  // -- leaving with it ------------------------------------------------------------------------------------------------

  #write() {
    this.#writing = 0;
    if (this.#columns.some(({state, link}) => !state && !link)) return; // their links are on the way
    const columns = this.#columns.map(
      ({letter, link}) => /** @type {[Letter, string]} */ ([letter, link]),
    );
    const hash = writeComparison({columns, ...this.#seeds.wish});
    if (hash !== location.hash) history.replaceState(null, "", hash);
    remember(WRITTEN, location.hash, this.#place.path);
  }

  #reported() {
    this.#write();
    const {title = "", version = "", home = ""} = document.body.dataset;
    const columns = this.#columns.filter(({state, frame}) => state && frame);
    const results = byLabel(columns.map(column => resultsOf(column, this.#kind)));
    return {
      title,
      version,
      date: new Date().toISOString().slice(0, 10),
      address: location.href,
      columns: columns.map(column => ({
        letter: column.letter,
        address: new URL(`${home}${column.link}`, location.href).href,
        note: noteOf(column),
      })),
      differing: [...this.#table.rows(columns), ...this.#rows(columns).slice(0, -results.length)],
      results,
      difference: columns.length > 1 ? this.#difference.said : "",
      seeds: this.#seeds.reported,
    };
  }

  #listen() {
    const click = (/** @type {string} */ id, /** @type {() => void} */ act) =>
      byId(id, HTMLButtonElement).addEventListener("click", act);
    click("play", () => (this.#runs ? this.#pause() : this.#play()));
    click("step", () => this.#step());
    click("reset", () => this.#reset());
    click("add-column", () => this.#copy(this.#columns.at(-1)));
    click("copy-address", () => this.#copyAddress());
    this.#speed.addEventListener("change", () => this.#runs && this.#play());
    addEventListener("hashchange", () => {
      if (location.hash !== recall(WRITTEN, this.#place.path)) location.reload();
    });
    addEventListener("keydown", event => this.#press(event));
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const {target, key} = event;
    const isTyping =
      target instanceof HTMLElement && target.matches("input, select, textarea, [role=region]");
    if (
      isTyping ||
      event.ctrlKey ||
      event.altKey ||
      event.metaKey ||
      document.querySelector("dialog[open]")
    )
      return;
    /** @type {Record<string, () => void>} */
    const acts = {
      " ": () => (this.#runs ? this.#pause() : this.#play()),
      s: () => this.#step(),
      r: () => this.#reset(),
    };
    const act = acts[key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  async #copyAddress() {
    this.#write();
    try {
      await navigator.clipboard.writeText(location.href);
      this.#say("The link of this comparison is copied");
    } catch {
      showFault(byId("copy-address", HTMLElement), "Copy the link from the address bar.");
    }
  }
}

/** What its results depend on beside its link, and how it ended; "" for nothing. @param {Column} column */
function noteOf({ended, epoch, state}) {
  const changes = (state?.timeline?.changes ?? []).filter(each => each > 0).map(formatCount);
  const notes = ended ? [`${ended} at ${UNIT} ${formatCount(epoch)}`] : [];
  if (changes.length)
    notes.push(
      `changed at ${UNIT} ${listed(changes.slice(-4))}, so its link, which begins at ${UNIT} 0, leads elsewhere`,
    );
  return notes.join("; ");
}

/**
 * Where the columns stand: one sentence for all.
 * @param {readonly number[]} epochs
 * @param {string | null} goal "" while they run, the epoch to which they still go after a pause, null at rest
 */
function standing(epochs, goal) {
  const [least, most] = [Math.min(...epochs), Math.max(...epochs)];
  if (goal) return `Going on to ${UNIT} ${goal}`;
  if (goal === "") return `In step at ${UNIT} ${formatCount(least)}`;
  if (least === most) return `All at ${UNIT} ${formatCount(least)}`;
  const apart = `${UNIT === "step" ? "Steps" : "Epochs"} ${formatCount(least)} to ${formatCount(most)}`;
  return `${apart}: Play lets the others catch up`;
}

/**
 * One row for each label that a column has.
 * @param {readonly (readonly [string, string, string?])[][]} columns
 * @returns {Row[]}
 */
function byLabel(columns) {
  const labels = [...new Set(columns.flatMap(rows => rows.map(([label]) => label)))];
  return labels.map(label => ({
    label,
    texts: columns.map(rows => rows.find(([name]) => name === label)?.[1] ?? "–"),
  }));
}
