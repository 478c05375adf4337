// The socket: opens it, reads its messages, and opens it again when it falls. Knows no chart.

/** @import { Closed, Command } from "./types.js" */

/**
 * What is done with a connection's messages.
 * @template Message
 * @typedef {object} ConnectionHandlers
 * @property {() => Record<string, string>} query   what is said on opening: what the page has already
 * @property {() => void} open
 * @property {(message: Message) => void} text
 * @property {(buffer: ArrayBuffer) => void} frame
 * @property {(why: Closed) => void} closed
 */

const LOST = 4404, REPLACED = 4408, GONE = 1006;
const BEAT = '{"kind":"beat"}';
const FIRST_PAUSE = 250, LONGEST_PAUSE = 5000;
const SILENT = 4500; // the server says something every two seconds: so long without a word, and the page says so
const DEAF = 10000; // and so long, and it tries anew

/**
 * One connection to the server, as many on a page as there are paths.
 * @template Message
 */
export class Connection {
  /**
   * @param {string} path
   * @param {ConnectionHandlers<Message>} on
   */
  constructor(path, on) {
    this.path = path;
    this.on = on;
    this.pause = FIRST_PAUSE;
    this.ended = false;
    this.silent = false;
    /** @type {WebSocket | undefined} */
    this.socket = undefined;
    this.open();
  }

  get ready() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  open() {
    clearTimeout(this.timer);
    if (this.ended) return;
    const url = new URL(this.path, document.baseURI);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    url.search = new URLSearchParams(this.on.query()).toString();
    const socket = (this.socket = new WebSocket(url));
    socket.binaryType = "arraybuffer";
    this.listen(socket);
    socket.onopen = () => this.on.open();
    socket.onmessage = ({ data }) => {
      this.pause = FIRST_PAUSE;
      if (this.silent) this.on.open();
      this.listen(socket);
      if (data === BEAT) return;
      if (typeof data === "string") this.on.text(JSON.parse(data));
      else this.on.frame(data);
    };
    socket.onclose = ({ code }) => this.close(socket, code);
  }

  /**
   * Counts the time without a word from now on.
   * @param {WebSocket} socket
   */
  listen(socket) {
    clearTimeout(this.watch);
    this.silent = false;
    this.watch = setTimeout(() => {
      this.silent = true;
      this.on.closed("dropped");
      this.watch = setTimeout(() => {
        this.close(socket, GONE);
        socket.close();
      }, DEAF - SILENT);
    }, SILENT);
  }

  /**
   * @param {WebSocket} socket
   * @param {number} code
   */
  close(socket, code) {
    if (this.ended || socket !== this.socket) return;
    clearTimeout(this.watch);
    this.socket = undefined;
    const why = code === LOST ? "lost" : code === REPLACED ? "replaced" : "dropped";
    this.on.closed(why);
    if (why !== "dropped") return;
    this.timer = setTimeout(() => this.open(), this.pause);
    this.pause = Math.min(2 * this.pause, LONGEST_PAUSE);
  }

  /** @param {Command} command */
  send(command) {
    if (this.ready) this.socket?.send(JSON.stringify(command));
  }

  end() {
    this.ended = true;
    clearTimeout(this.timer);
    clearTimeout(this.watch);
    this.socket?.close();
  }
}
