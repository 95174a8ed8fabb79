/** What the visitor must be told: a lost connection, a refusal, a divergence. */

/** @import {Connection, PageState} from "./state.js" */

import {byId} from "./controls.js";

/** @type {Record<Exclude<Connection, "open">, string>} */
const CONNECTION = {
  connecting: "Connecting…",
  lost: "The connection is lost. Reconnecting…",
  outdated: "The server has a newer version of this page. Reload the page.",
  replaced: "This session was opened in another tab. Reload to bring it here.",
  full: "The server is full at the moment. Trying again until there is room…",
};

/**
 * @typedef {object} NoticeListener
 * @property {() => void} lowerRate
 * @property {() => void} clip
 * @property {() => void} reset
 * @property {() => void} reconnect
 * @property {() => void} dismiss
 */

const PATIENCE = 600; // ms: a connection that takes no longer need not be talked about

export class Notices {
  #connection = byId("connection", HTMLElement);
  #connectionText = byId("connection-text", HTMLElement);
  #retry = byId("reconnect", HTMLButtonElement);
  #notice = byId("notice", HTMLElement);
  #text = byId("notice-text", HTMLElement);
  #remedies = byId("remedies", HTMLElement);
  #announcer = byId("announcer", HTMLElement);
  #late = 0;

  /** @param {NoticeListener} listener */
  constructor(listener) {
    byId("lower-rate", HTMLButtonElement).addEventListener("click", listener.lowerRate);
    byId("clip-gradient", HTMLButtonElement).addEventListener("click", listener.clip);
    byId("reset-diverged", HTMLButtonElement).addEventListener("click", listener.reset);
    byId("dismiss", HTMLButtonElement).addEventListener("click", listener.dismiss);
    this.#retry.addEventListener("click", () => {
      if (this.#retry.dataset.action === "reload") location.reload();
      else listener.reconnect();
    });
  }

  /** @param {PageState} state */
  update(state) {
    this.#showConnection(state.connection);
    this.#notice.hidden = state.notice === null;
    this.#text.textContent = state.notice?.text ?? "";
    this.#remedies.hidden = state.notice?.action !== "diverged";
    if (this.#announcer.textContent !== state.announcement)
      this.#announcer.textContent = state.announcement;
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
