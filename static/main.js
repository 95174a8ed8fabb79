/** Brings the page to life: messages change the state, frames and the state are drawn, controls send commands. */

/** @import {AnyCommand} from "./session/connection.js" */
/** @import {Frame, Points} from "./session/frame.js" */
/** @import {PageEvent, PageState} from "./session/state.js" */

import {makePalette} from "./drawing/colors.js";
import {FieldView} from "./labs/plane/field-view.js";
import {Inspector, unitName} from "./labs/plane/inspector.js";
import {LayerSettings} from "./labs/plane/layer-settings.js";
import {LayerWidths} from "./labs/plane/layer-widths.js";
import {Legend} from "./labs/plane/legend.js";
import {LinkTip} from "./labs/plane/link-tip.js";
import {NetworkView} from "./labs/plane/network-view.js";
import {PlaneReader} from "./labs/plane/plane-reader.js";
import {ScoresView} from "./labs/plane/scores-view.js";
import {WrongView} from "./labs/plane/wrong-view.js";
import {Connection} from "./session/connection.js";
import {completed, readFrame, readPoints, samePoints} from "./session/frame.js";
import {LossHistory} from "./session/loss-history.js";
import {readSafetensors} from "./session/safetensors.js";
import {FIRST, reduce, sameUnit, shownUnit, wantedFocus} from "./session/state.js";
import {Address, stepsOf} from "./shell/address.js";
import {showAway} from "./shell/away.js";
import {Controls} from "./shell/controls.js";
import {byId} from "./shell/elements.js";
import {closeDialogsBeside, takeBack} from "./shell/escape.js";
import {explainControls} from "./shell/explanations.js";
import {Figures} from "./shell/figures.js";
import {HealthView} from "./shell/health-view.js";
import {hideControls} from "./shell/hidden-controls.js";
import {repeatWhileHeld} from "./shell/hold.js";
import {listenForKeys} from "./shell/keyboard.js";
import {Lessons} from "./shell/lessons.js";
import {LossView} from "./shell/loss-view.js";
import {MoreSettings} from "./shell/more-settings.js";
import {Notices} from "./shell/notices.js";
import {answerNumbers} from "./shell/number-field.js";
import {ShareDialog} from "./shell/share-dialog.js";
import {listenForSkips} from "./shell/skip-links.js";

/** Steps of 256 by which a picture may differ from the newest one while it changes. */
const UNSEEN = 1;

/** ms for which the address may be that of the last experiment, where no picture of the new one comes. */
const UNWRITTEN = 250;

const dark = matchMedia("(prefers-color-scheme: dark)");
let palette = choosePalette();

/** @type {PageState} */
let state = FIRST;
/** @type {Frame | null} */
let frame = null;
/** @type {Points | null} */
let points = null;
let scheduled = 0;
let pointsAreOld = false;
let featuresAreOld = false;
/** What the pictures show, beside their bytes: a visitor waits for what changes this. */
let drawn = {state, palette, applied: -1};
/** A state that waits for its frame, until the next frame of the screen. @type {import("./session/protocol.js").State | null} */
let untold = null;
/** The timer of an address that is not yet written. */
let writing = 0;
let unacknowledged = 0;
/** The last command that was sent, and the last that has been answered. */
let newest = 0;
let answered = 0;
/** The command that opens another experiment, until it is answered. */
let opening = 0;

const history = new LossHistory();
const connection = new Connection({
  status: (status, retryAt) => dispatch({type: "connection", connection: status, retryAt}),
  message: receive,
  binary: receiveBinary,
  link: () => address.link,
});

const address = new Address(followLink, stepsOf(document.body.dataset));
const figures = new Figures();
const notices = new Notices({
  lowerRate: () => {
    const rate = (state.server?.settings.learning_rate ?? 0.03) / 10;
    send({type: "recover", settings: {learning_rate: Number(rate.toPrecision(1))}});
  },
  clip: () => send({type: "recover", settings: {clip: 1}}),
  reset: () => send({type: "reset"}),
  goToBest: () => send({type: "go-to-best"}),
  reconnect: () => connection.retryNow(),
  dismiss: () => dispatch({type: "dismiss"}),
});
const widths = new LayerWidths();
const controls = new Controls(send, widths);
const share = new ShareDialog(send);
const lessons = new Lessons(send, text => dispatch({type: "announce", text}));
const scores = new ScoresView();
const more = new MoreSettings();
const layerSettings = new LayerSettings(send);
const legend = new Legend(byId("class-legend", HTMLElement), byId("scale", HTMLElement));
const field = new FieldView(byId("field", HTMLCanvasElement), byId("dots", HTMLCanvasElement));
const reader = new PlaneReader(
  {
    picture: byId("picture", HTMLElement),
    text: byId("reading", HTMLElement),
    crosshair: byId("crosshair", HTMLElement),
    ring: byId("read-point", HTMLElement),
  },
  {
    look: at => connection.look(at),
    changed: schedule,
    say: text => dispatch({type: "announce", text}),
  },
);
const health = new HealthView(
  byId("health-text", HTMLElement),
  byId("health-try", HTMLButtonElement),
  {
    command: send,
    say: text => dispatch({type: "announce", text}),
  },
);
const wrong = new WrongView(
  byId("wrong", HTMLCanvasElement),
  byId("wrong-count", HTMLElement),
  byId("errors", HTMLInputElement),
);
const loss = new LossView(
  byId("loss-chart", HTMLCanvasElement),
  byId("loss-readout", HTMLElement),
  history,
);
const inspector = new Inspector(
  {
    title: byId("inspector-title", HTMLElement),
    hint: byId("inspector-hint", HTMLElement),
    fields: byId("inspector-fields", HTMLElement),
    lesion: byId("lesion", HTMLInputElement),
  },
  send,
);
const tip = new LinkTip(byId("link-tip", HTMLElement));
const network = new NetworkView(
  {
    panel: byId("network", HTMLElement),
    stage: byId("stage", HTMLElement),
    links: byId("links", HTMLCanvasElement),
    tiles: byId("tiles", HTMLCanvasElement),
    outputs: byId("output-tiles", HTMLCanvasElement),
    titles: byId("net-head", HTMLElement),
    units: byId("units", HTMLElement),
    heads: byId("heads", HTMLElement),
    figures: {
      strip: byId("gradient-strip", HTMLElement),
      plot: byId("gradient-plot", HTMLElement),
      scale: byId("gradient-scale", HTMLElement),
      bars: byId("gradient-bars", HTMLElement),
      tip: byId("gradient-tip", HTMLElement),
      sentence: byId("gradient-sentence", HTMLElement),
    },
    features: [...document.querySelectorAll("[data-feature]")].filter(
      element => element instanceof HTMLElement,
    ),
  },
  {
    command: send,
    hover: unit => dispatch({type: "hover", unit}),
    pin: unit => dispatch({type: "pin", unit}),
    edit: ({layer, neuron, index}) => {
      const unit = {layer, neuron};
      if (!sameUnit(state.pinned, unit)) dispatch({type: "pin", unit});
      inspector.edit(index);
    },
    link: (link, x, y) => {
      tip.point(link, x, y, state.server);
      schedule();
    },
    redraw: schedule,
  },
);

/** What a visitor who cannot see the page is told at once. @type {Partial<Record<AnyCommand["type"], string>>} */
const SPOKEN = {
  reset: "Reset to epoch 0",
  "new-weights": "New weights, epoch 0",
  "regenerate-data": "New data, epoch 0",
};

/** @param {AnyCommand} command */
function send(command) {
  widths.note(command, state.server?.shape.slice(1, -1) ?? []);
  const seq = connection.send(command);
  newest = seq || newest;
  const text = SPOKEN[command.type];
  if (command.type === "open-link") opening = seq;
  if (!seq) refuse();
  else if (text) dispatch({type: "announce", text});
  return seq;
}

/** Nothing was sent, so the controls go back to what the server last said. */
function refuse() {
  controls.forget();
  if (state.server) layerSettings.update(state.server, state.limits);
  dispatch({type: "offline"});
}

/** @param {Exclude<import("./session/protocol.js").ServerMessage, import("./session/protocol.js").Away>} message */
function receive(message) {
  showUntold();
  if (message.type === "state" && !document.hidden) {
    untold = message;
    schedule();
  } else act(message);
}

/** A state and its first frame come right behind each other: shown together, the page is laid out and painted once. */
function showUntold() {
  const message = untold;
  untold = null;
  if (message) act(message);
}

/** @param {Exclude<import("./session/protocol.js").ServerMessage, import("./session/protocol.js").Away>} message */
function act(message) {
  if (message.type === "welcome") welcome(message);
  else {
    controls.answered(message.seq);
    answered = Math.max(answered, message.seq);
    answerNumbers(message.seq, message.type === "rejected");
    if (message.type === "state") {
      const server = withFacts(message);
      dispatch({type: "state", server, isOpened: opens(server)});
    } else if (message.type === "shared") share.show(message.link);
    else if (message.type === "opened") dispatch(message);
    else reject(message);
  }
}

/**
 * The views want the plane's facts beside the rest of the state, where they were before labs had facts of their own.
 * @param {import("./session/protocol.js").State} told
 */
function withFacts({facts, ...told}) {
  return /** @type {import("./session/plane-state.js").State} */ ({...facts, ...told});
}

/**
 * Whether this is the experiment that was asked for, as it begins.
 * @param {import("./session/plane-state.js").State} server
 */
function opens({seq}) {
  if (!opening || seq < opening) return false;
  opening = 0;
  return true;
}

/** What was asked for is not to be. @param {import("./session/protocol.js").Rejected} message */
function reject(message) {
  if (message.seq === opening) opening = 0;
  dispatch({type: "rejected", rejected: message});
  if (!state.server) return;
  controls.update(state.server, state.limits);
  layerSettings.update(state.server, state.limits);
  address.expect();
  address.show(state.server);
}

/** @param {import("./session/protocol.js").Welcome} message */
function welcome({limits, resumed, age}) {
  answered = newest;
  unacknowledged = 0; // of another connection: the frames of this one begin again
  controls.forget();
  dispatch({
    type: "welcome",
    limits: /** @type {any} */ (limits), // the plane's
    resumed,
    age,
    expected: connection.isBack,
  });
  if (wantedFocus(state)) connection.send({type: "focus", unit: wantedFocus(state)});
  reader.reconnect();
  const isBack = resumed === "live" || resumed === "checkpoint";
  address.expect(isBack && address.isForeign ? followLink() : 0);
}

/** The address bar has been given another experiment. */
function followLink() {
  return send({type: "open-link", link: address.link});
}

/** @param {ArrayBuffer} buffer */
function receiveBinary(buffer) {
  const message = readSafetensors(buffer);
  if (message.metadata.kind === "material") {
    const newest = readPoints(message);
    pointsAreOld ||= !points || !samePoints(points, newest);
    featuresAreOld = true;
    points = newest;
  } else {
    showUntold();
    const newest = readFrame(message);
    unacknowledged = newest.number;
    if (newest.run === state.server?.run) {
      frame = completed(newest, frame);
      history.merge(newest.history.start, newest.history.samples);
    }
  }
  schedule();
}

/** @param {PageEvent} event */
function dispatch(event) {
  const before = state;
  state = reduce(before, event);
  if (state === before) return;
  const {server} = state;
  if (server && server !== before.server) show(server, before.server?.run);
  if (String(wantedFocus(state)) !== String(wantedFocus(before)))
    connection.send({type: "focus", unit: wantedFocus(state)});
  if (server) {
    const shown = shownUnit(state);
    network.update(server, state.limits, {shown, pinned: state.pinned});
    inspector.update(server, shown, shown !== null && sameUnit(shown, state.pinned));
    if (server.view !== before.server?.view) hideControls(server.view);
    const name = byId("field-name", HTMLElement);
    name.hidden = wantedFocus(state) === null;
    if (shown) name.textContent = unitName(server, shown);
  }
  notices.update(state);
  const away = server !== null && state.connection !== "open";
  showAway(away);
  figures.rest(away);
  pointsAreOld ||= server?.view.show_test !== before.server?.view.show_test;
  schedule();
}

/**
 * @param {import("./session/plane-state.js").State} server
 * @param {number | undefined} oldRun
 */
function show(server, oldRun) {
  if (server.run !== oldRun) {
    history.clear();
    frame = null;
  }
  controls.update(server, state.limits);
  share.update(server);
  lessons.update(server);
  more.update();
  scores.update(server.classes);
  wrong.update(server);
  legend.update(server.classes);
  layerSettings.update(server, state.limits);
  showFormula(server.objective);
  showDomain(server.domain);
  if (address.isMoving) address.show(server);
  else writing ||= setTimeout(showAddress, UNWRITTEN);
}

/** The style sheet has the colours of the classes from here. */
function choosePalette() {
  const chosen = makePalette(dark.matches ? "dark" : "light");
  for (const [k, {point}] of chosen.classes.entries())
    document.documentElement.style.setProperty(`--class-${k}`, point);
  return chosen;
}

/** @param {string} objective the loss that is trained */
function showFormula(objective) {
  for (const element of document.querySelectorAll("[data-objective]"))
    if (element instanceof HTMLElement) element.hidden = element.dataset.objective !== objective;
}

/** What the axes of the large picture say at their ends. @param {readonly number[]} domain */
function showDomain(domain) {
  for (const element of document.querySelectorAll("[data-domain]"))
    if (element instanceof HTMLElement)
      element.textContent = String(domain[Number(element.dataset.domain)]).replace("-", "−");
}

function schedule() {
  if (!scheduled) scheduled = requestAnimationFrame(draw);
}

function draw() {
  showUntold();
  scheduled = 0;
  if (pointsAreOld && points) {
    pointsAreOld = false;
    const {classes = 2, view, domain = [-6, 6]} = state.server ?? {};
    field.drawPoints(points, palette, {showTest: view?.show_test ?? false, classes, domain});
  }
  if (featuresAreOld && points) {
    featuresAreOld = false;
    network.drawFeatures(points, palette);
  }
  if (frame) {
    const focus = wantedFocus(state)?.join() ?? "";
    const discretize = state.server?.view.discretize ?? false;
    const {applied} = frame;
    const hurry = state !== drawn.state || palette !== drawn.palette || applied !== drawn.applied;
    drawn = {state, palette, applied};
    const tolerance = state.server?.playing && !discretize ? UNSEEN : 0;
    field.draw(frame, palette, {discretize, focus, tolerance});
    // Before any text of the page changes: to write on a canvas the browser styles what has changed until then.
    const {log_epoch: logEpoch = true, log_loss: logLoss = false} = state.server?.view ?? {};
    loss.show(frame.epoch, {logEpoch, logLoss}, state.server?.divergence ?? null);
    const colors = discretize ? palette.steps : palette.field;
    network.draw(frame, palette, colors, {hurry, tolerance});
    inspector.draw(frame);
    tip.draw(frame);
    figures.draw(frame, state.server?.divergence ?? null);
    scores.draw(frame);
    health.draw(frame.health, state.server);
    wrong.draw(frame, points, state.server?.view.show_test ?? false);
    const unit = shownUnit(state);
    const name = unit && state.server ? unitName(state.server, unit) : "";
    reader.draw(frame, state.server, points, unit && {key: focus, name});
  }
  if (unacknowledged) {
    connection.acknowledge(unacknowledged);
    unacknowledged = 0;
  }
  if (writing && frame && frame.applied >= (state.server?.seq ?? 0)) {
    clearTimeout(writing);
    writing = setTimeout(showAddress);
  }
}

/** Takes 5 to 20 ms, so it comes after the picture of what has changed. */
function showAddress() {
  writing = 0;
  if (state.server) address.show(state.server);
}

function redrawAll() {
  pointsAreOld = featuresAreOld = true;
  wrong.forget();
  schedule();
}

network.onResize = () => {
  featuresAreOld = true;
  schedule();
};
new ResizeObserver(redrawAll).observe(byId("dots", HTMLCanvasElement));
dark.addEventListener("change", () => {
  palette = choosePalette();
  redrawAll();
});

function dismissNotice() {
  const isThere = state.notice !== null;
  if (isThere) dispatch({type: "dismiss"});
  return isThere;
}

function unpin() {
  const isThere = state.pinned !== null;
  if (isThere) dispatch({type: "pin", unit: null});
  return isThere;
}

closeDialogsBeside();
repeatWhileHeld(
  ".add-neuron, .remove-neuron, #add-hidden-layer, #remove-hidden-layer",
  () => answered >= newest,
);
const dialog = byId("help", HTMLDialogElement);
byId("show-help", HTMLButtonElement).addEventListener("click", () => dialog.showModal());
byId("close-help", HTMLButtonElement).addEventListener("click", () => dialog.close());
listenForKeys({
  " ": () => send({type: state.server?.playing ? "pause" : "play"}),
  s: () => send({type: "step", unit: "epoch"}),
  S: () => send({type: "step", unit: "batch"}),
  r: () => send({type: "reset"}),
  x: () => inspector.toggle(),
  "?": () => dialog.showModal(),
  Escape: () => takeBack([() => more.close(), dismissNotice, unpin]),
});
explainControls();
listenForSkips();
connection.open();
