// The socket: opens it, reads its messages, and opens it again when it falls. Knows no chart.

const LOST = 4404, REPLACED = 4408;
const FIRST_PAUSE = 250, LONGEST_PAUSE = 5000;
const decoder = new TextDecoder();

/** A binary frame: header, then packed rows. Every column becomes a typed array over the row's bytes. */
export function readFrame(buffer, columns) {
  const headerLength = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(decoder.decode(new Uint8Array(buffer, 4, headerLength)));
  let at = 4 + headerLength;
  const rows = header.steps.map((step, index) => {
    const row = { step, epoch: header.epochs[index], caption: header.captions[index], values: {} };
    for (const { name, dtype, length } of columns) {
      const Kind = dtype === "u1" ? Uint8Array : Float32Array;
      row.values[name] = new Kind(buffer, at, length);
      at += row.values[name].byteLength;
    }
    at += -(at - 4 - headerLength) & 3;
    return row;
  });
  return { run: header.run, rows };
}

/** One line to the server. `on` has: text(message), frame(buffer), open(), closed(why), and place() -> {run, since}. */
export class Line {
  constructor(path, on) {
    this.path = path;
    this.on = on;
    this.pause = FIRST_PAUSE;
    this.ended = false;
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
    const { run, since } = this.on.place();
    if (run !== null) url.search = new URLSearchParams({ run, since }).toString();
    const socket = (this.socket = new WebSocket(url));
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.on.open();
    socket.onmessage = ({ data }) => {
      this.pause = FIRST_PAUSE;
      if (typeof data === "string") this.on.text(JSON.parse(data));
      else this.on.frame(data);
    };
    socket.onclose = ({ code }) => {
      if (this.ended || socket !== this.socket) return;
      const why = { [LOST]: "lost", [REPLACED]: "replaced" }[code] ?? "dropped";
      this.on.closed(why);
      if (why !== "dropped") return;
      this.timer = setTimeout(() => this.open(), this.pause);
      this.pause = Math.min(2 * this.pause, LONGEST_PAUSE);
    };
  }

  send(command) {
    if (this.ready) this.socket.send(JSON.stringify(command));
  }

  end() {
    this.ended = true;
    clearTimeout(this.timer);
    this.socket?.close();
  }
}
