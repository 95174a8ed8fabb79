/** The page around a lab: messages change the one state, frames and the state are drawn, controls send commands.
 *
 * Every view, the lab's among them, has `update(state, before)` for changes by the server and the visitor, or
 * `draw(frame, look)` for what training brings, or both. No view keeps a copy of the state.
 */

/** @import {AnyCommand, Unnumbered} from "../session/connection.js" */
/** @import {Rejected, Welcome} from "../session/protocol.js" */
/** @import {PageEvent, PageState, State} from "../session/state.js" */
/** @import {Answer} from "./conversation.js" */
/** @import {Lab, LabShell, MountedLab} from "./lab.js" */

import {firstState, reduce} from "../session/state.js";
import {Address, stepsOf} from "./address.js";
import {Away} from "./away.js";
import {CompareLinks} from "./compare-links.js";
import {Controls} from "./controls.js";
import {Conversation} from "./conversation.js";
import {closeDialogsBeside, takeBack} from "./escape.js";
import {explainControls} from "./explanations.js";
import {Figures} from "./figures.js";
import {HealthView} from "./health-view.js";
import {Help} from "./help.js";
import {HiddenControls} from "./hidden-controls.js";
import {repeatWhileHeld} from "./hold.js";
import {listenForKeys} from "./keyboard.js";
import {elsewhere, placeOf} from "./labs.js";
import {LatestRun} from "./latest-run.js";
import {Lessons} from "./lessons.js";
import {LossView} from "./loss-view.js";
import {MoreSettings} from "./more-settings.js";
import {Notices} from "./notices.js";
import {Screen} from "./screen.js";
import {ShareDialog} from "./share-dialog.js";
import {listenForSkips} from "./skip-links.js";
import {TakingHome} from "./take-home/taking-home.js";
import {TimelineView} from "./timeline-view.js";
import {UndoView} from "./undo-view.js";
import {Waiting} from "./waiting.js";

/** What screen readers say at once. @type {Partial<Record<AnyCommand["type"], string>>} */
const SPOKEN = {reset: "Reset to epoch 0"};

/** @implements {LabShell} */
export class Shell {
  /** @type {PageState} */
  state;
  waiting = new Waiting(command => this.send(command));
  #place = placeOf(document.body.dataset);
  #kind;
  /** @type {MountedLab} */
  #lab;
  #run;
  #screen = new Screen(
    () => this.#conversation.catchUp(),
    () => this.#draw(),
  );
  #conversation;
  #address;
  #controls;
  #more = new MoreSettings();
  #share;
  #home = new TakingHome(this, {
    bring: file => this.#conversation.bring(file),
    redrawAll: () => this.#screen.redrawAll(),
  });
  #help = new Help();
  #loss;
  #figures = new Figures();
  #health;
  #timeline;
  /** Views of what the server says. */
  #tellers;
  /** Views of all of the state. */
  #viewers;

  /** @param {Lab} lab */
  constructor(lab) {
    this.#kind = lab;
    this.state = firstState(lab.state);
    this.#run = new LatestRun(lab.readFrame);
    this.#loss = new LossView(this.#run.history);
    this.#address = new Address(() => this.#followLink(), {
      steps: stepsOf(document.body.dataset),
      path: this.#place.path,
      present: () => this.state.server,
    });
    this.#conversation = this.#converse();
    this.#controls = new Controls(this, lab.settings);
    this.#share = new ShareDialog(this, lab.unused);
    this.#health = new HealthView(this, lab.health);
    this.#timeline = new TimelineView(this, this.#run.history);
    this.#lab = lab.mount(this);
    this.#tellers = [
      this.#controls,
      this.#share,
      new Lessons(this),
      this.#more,
      new UndoView(this),
      new CompareLinks(this),
    ];
    this.#viewers = [
      new HiddenControls(),
      this.#notices(),
      new Away(),
      this.#figures,
      this.#timeline,
    ];
    this.#listen();
  }

  open() {
    const page = elsewhere(this.#address.link, this.#place.lab);
    if (page) location.replace(page);
    else this.#conversation.open();
  }

  /** Open it here, or on the page of its lab. @param {string} link @returns {boolean} whether that could be tried */
  openLink(link) {
    const page = elsewhere(link, this.#place.lab);
    if (page) location.assign(page);
    return page !== null || this.send({type: "open-link", link}) > 0;
  }

  /** @param {File} file @returns {Promise<boolean>} whether it is an experiment, which is opened; a lab may know what else it is */
  openFile(file) {
    return this.#home.openFile(file);
  }

  /** @param {AnyCommand} command */
  send(command) {
    this.#lab.note(command);
    const seq = this.#conversation.send(command);
    const text = this.#kind.spoken[command.type] ?? SPOKEN[command.type];
    if (!seq) this.#refuse();
    else if (text) this.say(text);
    return seq;
  }

  /** @param {AnyCommand} command */
  mention(command) {
    this.#conversation.mention(command);
  }

  /** @param {Unnumbered} message */
  tell(message) {
    this.#conversation.tell(message);
  }

  /** @param {string} text */
  say(text) {
    this.dispatch({type: "announce", text});
  }

  redraw() {
    this.#screen.redraw();
  }

  /** @param {PageEvent} event */
  dispatch(event) {
    const before = this.state;
    this.state = reduce(before, event, this.#kind.state);
    if (this.state !== before) this.#update(before);
  }

  /** @param {PageState} before */
  #update(before) {
    const {server} = this.state;
    // A view may announce something, so each is shown the newest state.
    if (server && server !== before.server) {
      if (server.run !== before.server?.run) this.#run.begin();
      for (const view of this.#tellers) view.update(this.state, before);
      this.#address.update(this.state);
    }
    if (server) this.#lab.update(this.state, before);
    for (const view of this.#viewers) view.update(this.state, before);
    this.redraw();
  }

  /** A command was not carried out, so the controls show the server's values again. */
  #restore() {
    if (!this.state.server) return;
    this.#controls.update(this.state);
    this.#lab.update(this.state, null);
  }

  /** There is no connection, so a command was not sent. */
  #refuse() {
    this.#forget();
    this.dispatch({type: "offline"});
  }

  /** The connection is another or gone, so no answers to old commands will come. */
  #forget() {
    this.waiting.clear();
    this.#home.forget();
    this.#controls.forget();
    this.#restore();
  }

  #converse() {
    return new Conversation(
      {
        status: (connection, retryAt) => this.dispatch({type: "connection", connection, retryAt}),
        link: () => this.#address.link,
        welcome: (message, expected) => this.#welcome(message, expected),
        answer: (message, isOpened) => this.#receive(message, isOpened),
        answered: seq => {
          this.#home.answered(seq);
          this.waiting.answered(seq);
          this.#controls.answered();
        },
        frame: message => {
          const complete = this.#lab.complete.bind(this.#lab);
          return this.#run.receive(message, this.state.server?.run, complete);
        },
        material: message => this.#lab.receive(message),
        moment: file => this.#home.came(file),
        later: () => this.redraw(),
      },
      this.#place,
    );
  }

  /** @param {Welcome} message @param {boolean} expected the tab had a session before */
  #welcome({limits, resumed, age}, expected) {
    this.#forget();
    this.dispatch({type: "welcome", limits, resumed, age, expected});
    this.#lab.reconnect();
    const isBack = resumed === "live" || resumed === "checkpoint";
    this.#address.expect(isBack && this.#address.isForeign ? this.#followLink() : 0);
  }

  /** The visitor has put another experiment into the address bar. */
  #followLink() {
    const {link} = this.#address;
    const page = elsewhere(link, this.#place.lab);
    if (page) location.replace(page);
    return page ? 0 : this.send({type: "open-link", link});
  }

  /** @param {Answer} message @param {boolean} isOpened */
  #receive(message, isOpened) {
    if (message.type === "state")
      this.dispatch({type: "state", server: /** @type {State} */ (message), isOpened});
    else if (message.type === "shared") this.#share.show(message.link);
    else if (message.type === "opened") this.dispatch(message);
    else if (message.type === "rejected") this.#reject(message);
  }

  /** The server has refused a command. @param {Rejected} rejected */
  #reject(rejected) {
    if (!this.#lab.refused?.(rejected)) this.dispatch({type: "rejected", rejected});
    this.#restore();
    this.#address.goBack(this.state);
  }

  #draw() {
    const {frame} = this.#run;
    const look = this.#screen.look(this.state, frame);
    // Canvases before texts: to draw on a canvas, the browser first styles everything that has changed in the page.
    if (frame) this.#loss.draw(frame, look);
    this.#lab.draw(frame, look);
    if (frame)
      for (const view of [this.#figures, this.#health, this.#timeline]) view.draw(frame, look);
    this.#conversation.acknowledge();
    if (frame) this.#address.draw(frame, look);
  }

  #notices() {
    return new Notices({
      send: command => this.send(command),
      reconnect: () => this.#conversation.retryNow(),
      dismiss: () => this.dispatch({type: "dismiss"}),
      rate: () => Number(this.state.server?.settings.learning_rate ?? 0.03),
    });
  }

  #dismissNotice() {
    const isThere = this.state.notice !== null;
    if (isThere) this.dispatch({type: "dismiss"});
    return isThere;
  }

  #listen() {
    const layers = [() => this.#more.close(), () => this.#dismissNotice(), ...this.#lab.takesBack];
    closeDialogsBeside();
    repeatWhileHeld("[data-held]", () => this.#conversation.isAnswered);
    listenForKeys({
      " ": () => this.send({type: this.state.server?.playing ? "pause" : "play"}),
      s: () => this.send({type: "step", unit: "epoch"}),
      S: () => this.send({type: "step", unit: "batch"}),
      r: () => this.send({type: "reset"}),
      "?": () => this.#help.open(),
      t: () => this.#home.open(),
      Escape: () => takeBack(layers),
      ...this.#lab.keys,
    });
    explainControls();
    listenForSkips();
    addEventListener("pagehide", ({persisted}) => persisted || this.#lab.unmount());
  }
}
