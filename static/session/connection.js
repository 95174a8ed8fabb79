/** The websocket to the session: says hello, numbers commands, and reconnects. */

/** @import {Away, ClientMessage, Hello, ServerMessage} from "./protocol.js" */
/** @import {Connection as Status} from "./state.js" */

import {HOME} from "./home.js";
import {forget, recall, remember} from "./storage.js";

const PROTOCOL = 4;
const TOKEN = "hyperplane-token";
/** A proxy uses this name to send all connections of a tab to the same server. */
const TAB = "hyperplane-tab";
/** Tells this page from another with the same token, as in a duplicated tab. */
const PAGE = randomName();
const PART = 64 * 1024; // bytes of a file in a message
const REMEMBERED = 60_000; // ms; earlier commands are on the server's disk
const MOST_REMEMBERED = 500;
const LONGEST_WAIT = 30_000; // ms
const SILENCE = 25_000; // ms

/** Close codes after which retrying is useless: see docs/protocol.md. @type {Record<number, Status>} */
const FINAL = {4010: "outdated", 4409: "replaced"};

/** A message that has no number, as it gets no answer. @typedef {Exclude<ClientMessage, Hello | {seq?: number}>} Unnumbered */

/**
 * A command without its number. The conditional type applies to each member of the union.
 * @template Message
 * @typedef {Message extends Hello | Unnumbered ? never : Omit<Message, "seq">} WithoutNumber
 */
/** @typedef {WithoutNumber<ClientMessage>} AnyCommand */

/**
 * @typedef {object} Listener
 * @property {(status: Status, retryAt: number) => void} status and the time of the next try, by Date.now; 0 for none
 * @property {(message: Exclude<ServerMessage, Away>) => void} message
 * @property {(buffer: ArrayBuffer) => void} binary
 * @property {() => string} link for a new session
 */

/** The token of the session that this tab has in a lab, if it has one. @param {string} path of its page */
export function tokenOf(path) {
  return recall(TOKEN, path);
}

/** The session of this tab is not wanted any more: the next connection begins another. @param {string} path of its page */
export function leaveSession(path) {
  forget(TOKEN, path);
}

function randomName() {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}

function liveAddress(/** @type {string} */ tab) {
  const address = new URL(`live?tab=${tab}`, HOME);
  address.protocol = address.protocol.replace("http", "ws");
  return address.href;
}

export class Connection {
  #listener;
  #lab;
  /** Of the lab's page: a tab that goes from lab to lab has a session in each. */
  #path;
  #address;
  /** @type {WebSocket | null} */
  #socket = null;
  #seq = 0;
  /** Commands of the last minute, which a killed server may not have saved. @type {{seq: number, at: number, text: string}[]} */
  #sent = [];
  /** Why the server ends the connection, and when to reconnect. @type {Away | null} */
  #away = null;
  #isBack = false;
  #failures = 0;
  /** @type {ReturnType<typeof setTimeout> | 0} */
  #retry = 0;
  /** @type {ReturnType<typeof setTimeout> | 0} */
  #watch = 0;
  /** The token of a session that this one begins with a copy of. */
  #copyToken;
  #closing = new AbortController();

  /**
   * @param {Listener} listener
   * @param {{lab: string, path: string, copyToken?: string | null}} place of the page, or of a part of it that has a
   *   session of its own
   */
  constructor(listener, {lab, path, copyToken = null}) {
    this.#lab = lab;
    this.#path = path;
    this.#copyToken = copyToken;
    const {signal} = this.#closing;
    remember(TAB, recall(TAB) ?? randomName());
    this.#address = liveAddress(recall(TAB) ?? "");
    this.#listener = listener;
    addEventListener("online", () => this.retryNow(), {signal});
    document.addEventListener(
      "visibilitychange",
      () => {
        if (!document.hidden) this.retryNow();
        this.send({type: "visible", visible: !document.hidden});
      },
      {signal},
    );
  }

  /** For good: nothing more is heard. */
  close() {
    this.#closing.abort();
    clearTimeout(this.#retry);
    clearTimeout(this.#watch);
    if (!this.#socket) return;
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
    this.#socket = null;
  }

  /** The token of the session, by which others can begin with a copy of it. */
  get token() {
    return recall(TOKEN, this.#path);
  }

  open() {
    const socket = new WebSocket(this.#address);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#greet();
    socket.onmessage = event => this.#receive(event.data);
    socket.onclose = event => this.#closed(event.code);
    this.#socket = socket;
  }

  /**
   * Every command is answered. A server that does not answer counts as gone, because browsers do not report it.
   * @param {AnyCommand} command
   * @returns {number} the number that the answer will carry, 0 if there is no connection
   */
  send(command) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return 0;
    this.#seq += 1;
    const text = JSON.stringify({...command, seq: this.#seq});
    this.#socket.send(text);
    this.#remember(text);
    this.#watch ||= setTimeout(() => this.#socket?.close(), SILENCE);
    return this.#seq;
  }

  /** @param {string} text of the command with the newest number */
  #remember(text) {
    const now = Date.now();
    const first = this.#sent.findIndex(({at}) => at > now - REMEMBERED);
    this.#sent = this.#sent.slice(first < 0 ? this.#sent.length : first).slice(-MOST_REMEMBERED);
    this.#sent.push({seq: this.#seq, at: now, text});
  }

  /**
   * Send again the commands that a resumed session does not know, so that each is applied once, in order.
   * @param {number} handled number of the last command that it knows
   */
  #repeat(handled) {
    for (const {seq, text} of this.#sent) if (seq > handled) this.#socket?.send(text);
  }

  /** Send a message that gets no answer. @param {Unnumbered} message */
  tell(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  /** Send a file in parts, none of which is answered or sent again. @param {ArrayBuffer} file */
  bring(file) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    for (let start = 0; start < file.byteLength; start += PART)
      this.#socket.send(file.slice(start, start + PART));
  }

  /** Reconnect at once, if a retry is due later. */
  retryNow() {
    if (!this.#retry) return;
    clearTimeout(this.#retry);
    this.#retry = 0;
    this.open();
  }

  #greet() {
    this.#isBack = !this.#copyToken && this.token !== null;
    const hello = {
      type: "hello",
      protocol: PROTOCOL,
      lab: this.#lab,
      token: this.#copyToken ? null : this.token,
      ...(this.#copyToken && {copy_token: this.#copyToken}),
      page: PAGE,
      link: this.#listener.link(),
    };
    this.#socket?.send(JSON.stringify(hello));
  }

  /** Whether the tab had a session before this connection. */
  get isBack() {
    return this.#isBack;
  }

  /** @param {string | ArrayBuffer} data */
  #receive(data) {
    this.#heard();
    if (data instanceof ArrayBuffer) {
      this.#listener.binary(data);
      return;
    }
    /** @type {ServerMessage} */
    const message = JSON.parse(data);
    if (message.type === "away") {
      this.#away = message;
      return;
    }
    if (message.type === "welcome") {
      this.#failures = 0;
      remember(TOKEN, message.token, this.#path);
      this.#copyToken = null;
      this.#seq = Math.max(this.#seq, message.handled);
      this.#listener.status("open", 0);
      if (message.resumed === "live" || message.resumed === "checkpoint")
        this.#repeat(message.handled);
      else this.#sent = [];
      if (document.hidden) this.send({type: "visible", visible: false});
    }
    this.#listener.message(message);
  }

  /** The server has sent something, so it is there. */
  #heard() {
    clearTimeout(this.#watch);
    this.#watch = 0;
  }

  /** Milliseconds to the next try: as the server said, else random and longer after each failure. */
  #wait() {
    if (this.#away) return this.#away.retry_after * 1000;
    this.#failures += 1;
    return Math.random() * Math.min(LONGEST_WAIT, 250 * 2 ** this.#failures);
  }

  /** @param {number} code */
  #closed(code) {
    this.#heard();
    const final = FINAL[code];
    if (final) {
      this.#listener.status(final, 0);
      return;
    }
    const wait = this.#wait();
    this.#listener.status(this.#away?.reason ?? "lost", Date.now() + wait);
    this.#away = null;
    this.#retry = setTimeout(() => this.retryNow(), wait);
  }
}
