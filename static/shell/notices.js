/** Tells the visitor what went wrong: a lost connection, a refusal, a divergence. */

/** @import {AnyCommand} from "../session/connection.js" */
/** @import {Connection, PageState} from "../session/state.js" */

import {formatCount} from "../drawing/format.js";
import {byId} from "./elements.js";

/** @type {Record<Exclude<Connection, "open">, string>} */
const CONNECTION = {
  connecting: "Connecting…",
  lost: "The connection to the server is lost. Reconnecting…",
  outdated: "The server has a newer version of this page. Reload the page.",
  replaced: "This session was opened in another tab. Reload to bring it here.",
  full: "This server is full at the moment. The page connects as soon as there is room.",
  restart: "The server is being restarted. Your network is kept.",
};

/**
 * @typedef {object} NoticeListener
 * @property {(command: AnyCommand) => void} send
 * @property {() => number} rate at which the run learns
 * @property {() => void} reconnect
 * @property {() => void} dismiss
 */

const PATIENCE = 600; // ms: a connection that opens sooner is not mentioned

export class Notices {
  #connection = byId("connection", HTMLElement);
  #connectionText = byId("connection-text", HTMLElement);
  #countdown = byId("countdown", HTMLElement);
  #retry = byId("reconnect", HTMLButtonElement);
  #notice = byId("notice", HTMLElement);
  #text = byId("notice-text", HTMLElement);
  #remedies = byId("remedies", HTMLElement);
  #best = byId("go-to-best", HTMLButtonElement);
  #announcer = byId("announcer", HTMLElement);
  #late = 0;
  #ticking = 0;
  #retryAt = 0;

  /** @param {NoticeListener} listener */
  constructor(listener) {
    for (const [id, act] of Object.entries(actsOf(listener)))
      byId(id, HTMLButtonElement).addEventListener("click", act);
    new ResizeObserver(makeRoom).observe(byId("notices", HTMLElement));
    this.#retry.addEventListener("click", () => {
      if (this.#retry.dataset.action === "reload") location.reload();
      else listener.reconnect();
    });
  }

  /** @param {PageState} state */
  update(state) {
    this.#showConnection(state.connection);
    this.#connection.classList.toggle("middle", state.connection === "full" && !state.server);
    this.#retryAt = state.retryAt;
    this.#count();
    this.#notice.hidden = state.notice === null;
    this.#text.textContent = state.notice?.text ?? "";
    const action = state.notice?.action;
    this.#remedies.hidden = action !== "diverged" && action !== "failed";
    for (const id of ["lower-rate", "clip-gradient"])
      byId(id, HTMLButtonElement).hidden = action === "failed";
    this.#best.hidden = action !== "better";
    this.#best.textContent = `Go back to epoch ${formatCount(state.server?.best_epoch ?? 0)}`;
    if (this.#announcer.textContent !== state.announcement)
      this.#announcer.textContent = state.announcement;
  }

  /** Count down the seconds to the next try; a try within two seconds is not announced. */
  #count() {
    clearTimeout(this.#ticking);
    const seconds = Math.ceil((this.#retryAt - Date.now()) / 1000);
    this.#countdown.hidden = seconds < 2;
    this.#countdown.textContent = `Next try in ${seconds} s.`;
    if (seconds >= 2) this.#ticking = setTimeout(() => this.#count(), 500);
  }

  /** @param {Connection} connection */
  #showConnection(connection) {
    clearTimeout(this.#late);
    if (connection === "open") {
      this.#connection.hidden = true;
      return;
    }
    this.#connectionText.textContent = CONNECTION[connection];
    const reloads = connection === "outdated" || connection === "replaced";
    this.#retry.dataset.action = reloads ? "reload" : "retry";
    this.#retry.textContent = reloads ? "Reload" : "Try now";
    this.#retry.hidden = connection === "connecting";
    const wait = connection === "connecting" ? PATIENCE : 0;
    this.#late = setTimeout(() => {
      this.#connection.hidden = false;
    }, wait);
  }
}

/**
 * What the buttons of a message do, by their ids.
 * @param {NoticeListener} listener
 * @returns {Record<string, () => void>}
 */
function actsOf({send, rate, dismiss}) {
  return {
    "lower-rate": () => {
      const lower = Number((rate() / 10).toPrecision(1));
      send({type: "recover", settings: {learning_rate: lower}});
    },
    "clip-gradient": () => send({type: "recover", settings: {clip: 1}}),
    "reset-diverged": () => send({type: "reset"}),
    "go-to-best": () => send({type: "go-to-best"}),
    dismiss,
  };
}

/** The page moves below the messages and hides what can wait. @param {readonly ResizeObserverEntry[]} entries */
function makeRoom([entry]) {
  const height = Math.ceil(entry?.borderBoxSize[0]?.blockSize ?? 0);
  document.documentElement.style.setProperty("--notices", `${height}px`);
  document.body.classList.toggle("noticed", height > 0);
}
