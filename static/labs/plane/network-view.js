/** The network: a button on each neuron's picture, links behind, and each layer's buttons above it. */

/** @import {Frame, Points} from "./frame.js" */
/** @import {PlaneLook} from "./look.js" */
/** @import {Link, NetworkLayout, Tile} from "./network-layout.js" */
/** @import {PlanePage, PlaneShell, PlaneState, Unit} from "./page.js" */

import {context2d, pixelRatio, sharpen} from "../../drawing/canvas.js";
import {Pace} from "../../drawing/pace.js";
import {paintBytes} from "../../drawing/picture.js";
import {byId, whenResized} from "../../shell/elements.js";
import {isHidden} from "../../shell/hidden-controls.js";
import {fix, makeNumberField, NumberFields, showNumber} from "../../shell/number-field.js";
import {readNumber} from "../../shell/numbers.js";
import {listenForPointing} from "../../shell/resting.js";
import {isUnmade} from "./formula/input-dialog.js";
import {dragLinks} from "./hands/link-drag.js";
import {LayerAtHand} from "./layer-at-hand.js";
import {LayerFigures} from "./layer-figures.js";
import {LinkPainter} from "./link-painter.js";
import {layOut, nearestLink, nearestTile, neighbour} from "./network-layout.js";
import {pan} from "./panning.js";
import {isOff, sameUnit, shownUnit} from "./state.js";
import {stamp, TilePainter} from "./tile-painter.js";
import {outputName} from "./unit-names.js";

const ROOMY = 116; // px from layer to layer, from which on the heads have room for their buttons
const WORDED = 140; // for a word
const SPACIOUS = 190; // and for a layer's own activation after it
const TIGHT = 90; // below it the heads lack the button that removes the layer; the layer's settings have it too
const SPARSE = 18; // px from layer to layer, below which only every fifth number is written
const TILE_PAUSE = 25; // ms: every second frame of a screen with sixty a second
const LINK_PAUSE = 100; // ms
const UNUSED = 0.28; // opacity of an input that is off
const FEATURE_SIDE = 50; // pixels of a feature's picture
const SETTINGS = "Activation of this layer, its neurons, switching it off";
const HELD = new Set(["add-neuron", "remove-neuron"]); // holding them repeats them
const FINGER = 22; // px around a tile that a finger hits
const APART = 34; // px of a tile below which fingers' areas would overlap
const TINY = 9; // px of a tile that its border would fill
const OUTPUT_MARGIN = 14; // px left of the output's tiles, for their shadow on the tiles that scroll below them
/** A finger needs 44 pixels: larger buttons, and the inputs' names above their boxes to make room for them. */
const TOUCH = {head: 98, label: 40, column: 86, row: 45};
const MOUSE = {head: 62, label: 62, column: 70, row: 33};

/**
 * @typedef {object} NetworkListener
 * @property {(unit: Unit | null) => void} hover
 * @property {(unit: Unit) => void} pin
 * @property {(link: Link | null, x: number, y: number) => void} link
 * @property {(link: Link) => void} edit
 */

export class NetworkView {
  #parts = {
    panel: byId("network", HTMLElement), // scrolls
    stage: byId("stage", HTMLElement), // holds everything
    links: byId("links", HTMLCanvasElement),
    tiles: byId("tiles", HTMLCanvasElement),
    outputs: byId("output-tiles", HTMLCanvasElement), // the tiles of the output, which stay in view
    titles: byId("net-head", HTMLElement), // above the panel
    units: byId("units", HTMLElement),
    heads: byId("heads", HTMLElement),
    features: featureLabels(),
  };
  #shell;
  #listener;
  #links;
  #tiles;
  #figures;
  #atHand;
  #linkPace;
  #tilePace;
  /** The layout that is painted. @type {NetworkLayout | null} */
  #drawn = null;
  /** Of the newest frame. @type {Float32Array} */
  #parameters = new Float32Array();
  /** The neurons' pictures that are painted. @type {Uint8Array | null} */
  #painted = null;
  #featureAtlas = context2d(document.createElement("canvas"));
  /** @type {NetworkLayout | null} */
  #layout = null;
  /** The experiment's part that the layout depends on, as text. */
  #key = "";
  /** The points whose features are painted; null if the canvas was cleared since. @type {Points | null} */
  #featured = null;
  /** The neuron whose numbers have the focus. @type {Unit | null} */
  #read = null;
  #isWider = false; // the network is wider than its panel
  /** The panel's size. To ask for it after a change of the page would make the browser lay the page out at once. */
  #size = {width: 0, height: 0};

  /**
   * @param {PlaneShell} shell
   * @param {NetworkListener} listener
   * @param {AbortSignal} signal
   */
  constructor(shell, listener, signal) {
    this.#shell = shell;
    this.#listener = listener;
    this.#linkPace = new Pace(LINK_PAUSE, () => shell.redraw(), signal); // a drawing has been put off
    this.#tilePace = new Pace(TILE_PAUSE, () => shell.redraw(), signal);
    this.#tiles = new TilePainter(this.#parts.tiles);
    this.#links = new LinkPainter(this.#parts.links);
    this.#figures = new LayerFigures(signal);
    this.#atHand = new LayerAtHand(this.#parts.heads);
    this.#featureAtlas.canvas.width = FEATURE_SIDE;
    whenResized(this.#parts.panel, entry => this.#resize(entry), signal);
    this.#listen(signal);
  }

  /** @param {PlanePage} state */
  update(state) {
    const {server} = state;
    if (!server) return;
    const {facts, view, settings} = server;
    const network = [facts.shape, settings.inputs, settings.connections, settings.batch_norm];
    const switched = [view.hide, view.gradients, settings.lesions, settings.activations];
    const key = [...network, ...switched].join("; "); // not the run: each stroke of a pen begins one
    const isNews = key !== this.#key;
    this.#key = key;
    if (isNews) this.#arrange();
    const [shown, {pinned}] = [shownUnit(state), state.own];
    for (const button of this.#parts.units.children)
      if (button instanceof HTMLElement) {
        button.classList.toggle("shown", sameUnit(unitOf(button), shown));
        button.setAttribute("aria-pressed", String(sameUnit(unitOf(button), pinned)));
      }
  }

  /** Whether they are painted: they are the same for all points of a domain. @param {Points} points */
  #hasFeatures(points) {
    const painted = this.#featured?.features;
    if (painted?.length !== points.features.length) return false;
    if (this.#featured === points || painted.every((byte, i) => byte === points.features[i])) {
      this.#featured = points;
      return true;
    }
    return false;
  }

  /** The colours have changed, so the features are painted anew. */
  forget() {
    this.#featured = null;
  }

  /** @param {Frame | null} frame @param {PlaneLook} look */
  draw(frame, look) {
    const layout = this.#layout;
    if (!layout) return;
    if (look.points && !this.#hasFeatures(look.points))
      this.#drawFeatures(layout, look.points, look);
    if (!frame) return;
    this.#parameters = frame.parameters;
    const {palette, colors, hurry, tolerance, state} = look;
    this.#figures.draw(frame);
    const now = hurry || layout !== this.#drawn;
    this.#drawn = layout;
    if (this.#linkPace.isDue(now))
      this.#links.draw(layout, frame.parameters, palette, shownUnit(state));
    if ((frame.neurons === this.#painted && !now) || !this.#tilePace.isDue(now)) return;
    this.#painted = frame.neurons;
    const lesions = state.server?.settings.lesions ?? [];
    const off = (/** @type {Tile} */ tile) => isOff(lesions, tile);
    this.#tiles.draw(frame, {layout, palette, colors, isOff: off, tolerance});
    if (this.#isWider) this.#keepOutputs(layout);
  }

  /**
   * In a network that scrolls, the output stays at the panel's right: its tiles are copied from the other canvas.
   * @param {NetworkLayout} layout
   */
  #keepOutputs({width, height, outputs}) {
    const {tiles, outputs: canvas} = this.#parts;
    const left = Math.min(...outputs.map(({x, size}) => x - size / 2)) - OUTPUT_MARGIN;
    canvas.style.left = `${left}px`;
    canvas.style.width = `${width - left}px`;
    const [from, ratio] = [Math.round(left * pixelRatio()), pixelRatio()];
    const context = sharpen(canvas, width - left, height);
    context.drawImage(
      tiles,
      from,
      0,
      canvas.width,
      canvas.height,
      0,
      0,
      canvas.width / ratio,
      height,
    );
  }

  /**
   * The input features' own pictures, which only the theme changes.
   * @param {NetworkLayout} layout
   * @param {Points} points
   * @param {PlaneLook} look
   */
  #drawFeatures(layout, points, {palette}) {
    this.#featured = points;
    this.#featureAtlas.canvas.height = points.features.length / FEATURE_SIDE;
    paintBytes(this.#featureAtlas, points.features, FEATURE_SIDE, palette.field);
    const context = context2d(this.#parts.tiles);
    for (const tile of layout.inputs) {
      const feature = tile.neuron - 1;
      const place = {
        sheet: this.#featureAtlas.canvas,
        top: feature * FEATURE_SIDE,
        side: FEATURE_SIDE,
      };
      stamp(context, place, tile, this.#use(feature) === "on" ? 1 : UNUSED);
    }
  }

  /** @param {number} feature @returns {import("./network-layout.js").Use} */
  #use(feature) {
    const name = this.#parts.features[feature]?.dataset.feature ?? "";
    const {server} = this.#shell.state;
    const inputs = /** @type {readonly string[]} */ (server?.settings.inputs ?? []);
    if (inputs.includes(name)) return "on";
    if (name === "own" && (!server || isUnmade(server))) return "hidden";
    return server?.view.hide?.includes(name) ? "hidden" : "off";
  }

  /** @param {ResizeObserverEntry | undefined} entry */
  #resize(entry) {
    const {width = 0, height = 0} = entry?.contentRect ?? {};
    this.#size = {width: Math.round(width), height: Math.round(height)}; // the same numbers as clientWidth
    this.#arrange();
  }

  #arrange() {
    const {server} = this.#shell.state;
    if (!server || !this.#size.width) return; // the observer tells its size soon
    const {panel, stage, links, tiles, features} = this.#parts;
    const uses = features.map((_, i) => this.#use(i));
    const room = matchMedia("(pointer: coarse)").matches ? TOUCH : MOUSE;
    const layout = layOut(
      server.facts.shape,
      uses,
      {...this.#size, ...room},
      server.settings.connections,
      server.facts.layout,
    );
    this.#layout = layout;
    this.#isWider = layout.width > this.#size.width;
    stage.style.setProperty("--head", `${room.head}px`);
    stage.style.width = `${layout.width}px`;
    stage.style.height = `${layout.height}px`;
    stage.style.setProperty("--tile", `${layout.tile}px`);
    stage.style.setProperty("--end", `${layout.end}px`);
    stage.classList.toggle("dense", layout.tile < APART);
    stage.classList.toggle("dots", layout.tile < TINY);
    sharpen(links, layout.width, layout.height);
    sharpen(tiles, layout.width, layout.height).imageSmoothingQuality = "low";
    for (const [i, label] of features.entries()) label.hidden = uses[i] === "hidden";
    for (const tile of layout.inputs) moveTo(features[tile.neuron - 1], tile);
    this.#arrangeUnits(layout, server);
    this.#arrangeHeads(layout, server, room);
    panel.classList.toggle("with-gradients", server.view.gradients);
    this.#figures.arrange(layout, server.view.gradients, this.#size.width);
    this.#scroll();
    this.forget(); // the canvas is empty
    this.#shell.redraw();
  }

  /** Tell the style sheet where the panel is scrolled to: see `.scrolls` there. */
  #scroll() {
    const {panel, stage, titles} = this.#parts;
    const hidden = this.#isWider ? panel.scrollWidth - panel.clientWidth : 0;
    const before = this.#isWider ? panel.scrollLeft : 0;
    panel.classList.toggle("scrolls", hidden > 0);
    panel.classList.toggle("before", before > 0);
    panel.classList.toggle("behind", before < hidden);
    stage.style.setProperty("--behind", `${hidden - before}px`);
    titles.classList.toggle("scrolled", before > 0);
    titles.style.setProperty("--scrolled", `${before}px`);
  }

  /**
   * @param {NetworkLayout} layout
   * @param {PlaneState} server
   */
  #arrangeUnits(layout, server) {
    const tiles = [...layout.hidden, ...layout.outputs];
    const {units} = this.#parts;
    while (units.children.length > tiles.length) units.lastElementChild?.remove();
    for (const [i, tile] of tiles.entries()) {
      const button = units.children[i] ?? units.appendChild(document.createElement("button"));
      if (!(button instanceof HTMLButtonElement)) continue;
      const isOutput = tile.layer === server.facts.shape.length - 1;
      button.type = "button";
      button.className = isOutput ? "unit output" : "unit";
      button.classList.toggle("off", !isOutput && isOff(server.settings.lesions, tile));
      button.dataset.layer = String(tile.layer);
      button.dataset.neuron = String(tile.neuron);
      button.ariaLabel = isOutput
        ? outputName(server, tile)
        : `Layer ${tile.layer} neuron ${tile.neuron}`;
      moveTo(button, tile);
    }
    if (!units.querySelector("[tabindex='0']")) this.#makeEntrance(units.firstElementChild);
  }

  /**
   * @param {NetworkLayout} layout
   * @param {PlaneState} server
   * @param {{column: number}} room
   */
  #arrangeHeads(layout, server, room) {
    const hidden = server.facts.shape.slice(1, -1);
    const {heads} = this.#parts;
    while (heads.children.length > hidden.length) heads.lastElementChild?.remove();
    while (heads.children.length < hidden.length) heads.append(makeHead(heads.children.length + 1));
    const {step} = layout;
    const isNarrow = step < room.column;
    heads.classList.toggle("roomy", step >= ROOMY);
    heads.classList.toggle("worded", step >= WORDED);
    heads.classList.toggle("spacious", step >= SPACIOUS);
    heads.classList.toggle("tight", step < TIGHT && !isNarrow);
    heads.classList.toggle("narrow", isNarrow);
    heads.classList.toggle("sparse", step < SPARSE);
    heads.style.setProperty("--step", `${step}px`);
    const full =
      hidden.length >= (this.#shell.state.limits?.hidden_layers ?? Number.POSITIVE_INFINITY);
    for (const [i, head] of [...heads.children].entries()) {
      if (!(head instanceof HTMLElement)) continue;
      const neurons = hidden[i] ?? 0;
      const x = layout.columns[i + 1] ?? 0;
      head.style.setProperty("--x", `${x}px`);
      head.style.setProperty("--door", `${x - (layout.doors[i + 1] ?? 0)}px`);
      head.classList.toggle("off", isOff(server.settings.lesions, {layer: i + 1, neuron: 0}));
      const own = server.settings.activations?.[i] ?? "same";
      head.classList.toggle("own", own !== "same");
      showActivation(head, own === "same" ? "" : activationName(own));
      showCount(head, neurons, isHidden(server, "neurons", i + 1));
      setDisabled(head, "remove-neuron", neurons <= 1);
      setDisabled(head, "add-neuron", neurons >= this.#mostNeurons);
      setDisabled(head, "add-layer", full);
    }
  }

  /** @param {AbortSignal} signal */
  #listen(signal) {
    const {panel, stage, units, heads} = this.#parts;
    heads.addEventListener("click", event => {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      if (!button?.dataset.command) return;
      const type = /** @type {"add-neuron" | "remove-neuron" | "add-layer" | "remove-layer"} */ (
        button.dataset.command
      );
      this.#shell.send({type, layer: Number(button.dataset.layer)});
    });
    new NumberFields(heads, {
      read: text => readNumber(text, {whole: true, min: 1, max: this.#mostNeurons}),
      show: String,
      step: (value, steps) => Math.min(Math.max(value + steps, 1), this.#mostNeurons),
      commit: (neurons, field) =>
        this.#shell.send({type: "set-neurons", layer: Number(field.dataset.layer), neurons}),
    });
    units.addEventListener("click", event =>
      this.#forUnit(event, unit => this.#listener.pin(unit)),
    );
    units.addEventListener("keydown", event => this.#step(event));
    listenForPointing(units, event => this.#forUnit(event, unit => this.#lookAt(unit)));
    units.addEventListener("focusin", event => this.#forUnit(event, unit => this.#lookAt(unit)));
    units.addEventListener("pointerout", () => this.#listener.hover(this.#focused()));
    units.addEventListener("focusout", event => this.#leave(event));
    units.addEventListener("focusin", event => this.#makeEntrance(event.target));
    stage.addEventListener("pointermove", event => this.#pointAtLink(event));
    dragLinks(
      stage,
      this.#shell,
      event => (this.#isWider || this.#areWeightsHidden ? null : this.#linkAt(event).link),
      index => this.#parameters[index] ?? 0,
    );
    stage.addEventListener("click", event => this.#clickLink(event));
    stage.addEventListener("pointerleave", () => this.#listener.link(null, 0, 0));
    pan(panel, target => target === panel || this.#isGround(target));
    let scrolling = 0;
    panel.addEventListener("scroll", () => {
      scrolling = requestAnimationFrame(() => this.#scroll());
    });
    signal.addEventListener("abort", () => cancelAnimationFrame(scrolling));
  }

  get #areWeightsHidden() {
    const {server} = this.#shell.state;
    return !server || isHidden(server, "weights");
  }

  /** @param {Unit} unit */
  #lookAt(unit) {
    this.#atHand.take(unit.layer);
    this.#listener.hover(unit);
  }

  get #mostNeurons() {
    return this.#shell.state.limits?.neurons ?? Number.POSITIVE_INFINITY;
  }

  /** The neuron that has the focus, or whose numbers have it. */
  #focused() {
    const button = this.#parts.units.querySelector(":focus-visible");
    return button instanceof HTMLElement ? unitOf(button) : this.#read;
  }

  /** Tab goes from a neuron to its numbers; it stays the neuron that is looked at. @param {FocusEvent} event */
  #leave({target, relatedTarget}) {
    const inspector = relatedTarget instanceof Element ? relatedTarget.closest(".inspector") : null;
    this.#read = inspector && target instanceof HTMLElement ? unitOf(target) : null;
    if (!inspector) {
      this.#listener.hover(null);
      return;
    }
    const stay = (/** @type {Event} */ event) => {
      const next = event instanceof FocusEvent ? event.relatedTarget : null;
      if (next instanceof Node && inspector.contains(next)) return;
      inspector.removeEventListener("focusout", stay);
      this.#read = null;
      if (!(next instanceof Node && this.#parts.units.contains(next))) this.#listener.hover(null);
    };
    inspector.addEventListener("focusout", stay);
  }

  /** Arrows go from neuron to neuron; the whole network is one stop for Tab. @param {KeyboardEvent} event */
  #step(event) {
    this.#forUnit(event, unit => {
      const next = this.#layout && neighbour(this.#layout, unit, event.key);
      if (!next) return;
      event.preventDefault();
      for (const button of this.#parts.units.children)
        if (button instanceof HTMLElement && sameUnit(unitOf(button), next)) button.focus();
    });
  }

  /** Tab comes back to the neuron that had the focus last. @param {EventTarget | null} entrance */
  #makeEntrance(entrance) {
    for (const button of this.#parts.units.children)
      if (button instanceof HTMLElement) button.tabIndex = button === entrance ? 0 : -1;
  }

  /**
   * @param {Event} event
   * @param {(unit: Unit) => void} act
   */
  #forUnit(event, act) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const unit = button && unitOf(button);
    if (unit) act(unit);
  }

  /** @param {MouseEvent} event */
  #pointAtLink(event) {
    const {x, y, link} = this.#linkAt(event);
    this.#listener.link(link, x, y);
  }

  /** @param {MouseEvent} event */
  #clickLink(event) {
    const {x, y, link} = this.#linkAt(event);
    const isFinger = matchMedia("(pointer: coarse)").matches && this.#isGround(event.target);
    const tile = isFinger && this.#layout ? nearestTile(this.#layout, {x, y}, FINGER) : null;
    if (tile) {
      this.#atHand.take(tile.layer);
      this.#listener.pin(tile);
    } else if (link) this.#listener.edit(link);
  }

  /** The link under the pointer, if no button is there. @param {MouseEvent} event */
  #linkAt({target, clientX, clientY}) {
    const {stage} = this.#parts;
    const {left, top} = stage.getBoundingClientRect();
    const [x, y] = [clientX - left, clientY - top];
    const link = this.#isGround(target) && this.#layout && nearestLink(this.#layout.links, {x, y});
    return {x, y, link: link || null};
  }

  /** Whether a place is between tiles and buttons. @param {EventTarget | null} target */
  #isGround(target) {
    return target === this.#parts.stage || target instanceof HTMLCanvasElement;
  }
}

/** The input features with their checkboxes, in the server's order. @returns {HTMLElement[]} */
function featureLabels() {
  return [...document.querySelectorAll("[data-feature]")].filter(
    element => element instanceof HTMLElement,
  );
}

/**
 * @param {HTMLElement} button
 * @returns {Unit | null}
 */
function unitOf(button) {
  const {layer, neuron} = button.dataset;
  return layer && neuron ? {layer: Number(layer), neuron: Number(neuron)} : null;
}

/**
 * @param {HTMLElement | undefined} element
 * @param {Tile | undefined} tile
 */
function moveTo(element, tile) {
  if (element && tile) element.style.transform = `translate(${tile.x}px, ${tile.y}px)`;
}

/** @param {number} layer */
function makeHead(layer) {
  const head = document.createElement("div");
  head.className = "head";
  head.role = "group";
  head.ariaLabel = `Layer ${layer}`;
  head.dataset.layer = String(layer);
  const name = document.createElement("button");
  name.type = "button";
  name.className = "head-name";
  name.dataset.control = "layer_settings";
  name.dataset.layerSettings = String(layer);
  name.setAttribute("popovertarget", "layer-settings");
  name.setAttribute("popovertargetaction", "show");
  name.ariaLabel = `Settings of layer ${layer}`;
  name.title = SETTINGS;
  const word = document.createElement("span");
  word.className = "heads-word";
  word.textContent = "Layer ";
  name.append(word, String(layer), makeSpan("between"), makeSpan("own-activation"));
  head.append(
    name,
    makeButton("add-layer", "hidden", layer, `Insert hidden layer before layer ${layer}`, "+"),
    makeButton("remove-layer", "hidden", layer, `Remove layer ${layer}`, "×"),
    makeButton("remove-neuron", "neurons", layer, `Remove neuron from layer ${layer}`, "−"),
    makeCount(layer),
    makeButton("add-neuron", "neurons", layer, `Add neuron to layer ${layer}`, "+"),
  );
  return head;
}

/** @param {string} name */
function makeSpan(name) {
  const span = document.createElement("span");
  span.className = name;
  return span;
}

/**
 * @param {HTMLElement} head
 * @param {string} own the activation that the layer has for itself, or ""
 */
function showActivation(head, own) {
  setText(head, ".between", own ? " · " : "");
  setText(head, ".own-activation", own);
  const button = head.querySelector(".head-name");
  if (button instanceof HTMLElement) button.title = own ? `${own}. ${SETTINGS}` : SETTINGS;
}

/** @param {number} layer */
function makeCount(layer) {
  const count = makeNumberField(`Neurons in layer ${layer}`, true);
  count.classList.add("count");
  count.dataset.layer = String(layer);
  count.maxLength = 5;
  return count;
}

/**
 * @param {HTMLElement} head
 * @param {number} neurons
 * @param {boolean} isFixed
 */
function showCount(head, neurons, isFixed) {
  const count = head.querySelector(".count");
  if (!(count instanceof HTMLInputElement)) return;
  showNumber(count, String(neurons), neurons);
  fix(count, isFixed);
}

/** The label of an activation in the lists. @param {string} value */
function activationName(value) {
  const option = document.querySelector(`#layer-activation option[value="${value}"]`);
  return option?.textContent ?? value;
}

/**
 * @param {string} command
 * @param {string} control by which a lesson can hide it
 * @param {number} layer
 * @param {string} name
 * @param {string} sign
 */
function makeButton(command, control, layer, name, sign) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = command;
  button.dataset.command = command;
  if (HELD.has(command)) button.dataset.held = "";
  button.dataset.control = control;
  button.dataset.layer = String(layer);
  button.ariaLabel = button.title = name;
  button.textContent = sign;
  return button;
}

/**
 * @param {HTMLElement} head
 * @param {string} selector
 * @param {string} text
 */
function setText(head, selector, text) {
  const element = head.querySelector(selector);
  if (element && element.textContent !== text) element.textContent = text;
}

/**
 * @param {HTMLElement} head
 * @param {string} name
 * @param {boolean} disabled
 */
function setDisabled(head, name, disabled) {
  const button = head.querySelector(`.${name}`);
  if (button instanceof HTMLButtonElement) button.disabled = disabled;
}
