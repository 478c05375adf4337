import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Connection } from "../../bnviz/live/board/connection.js";

/** A socket that does what the test says. */
class Socket {
  static OPEN = 1;
  /** @type {Socket[]} */
  static made = [];
  readyState = 1;
  closed = false;
  onopen = () => {};
  /** @type {(event: { data: string }) => void} */
  onmessage = () => {};
  /** @type {(event: { code: number }) => void} */
  onclose = () => {};
  constructor() {
    Socket.made.push(this);
  }
  close() {
    this.closed = true;
  }
}

/** A clock that goes when the test says so. */
class Clock {
  now = 0;
  /** @type {Map<number, { at: number, act: () => void }>} */
  timers = new Map();
  count = 0;
  /**
   * @param {() => void} act
   * @param {number} wait
   */
  set(act, wait) {
    this.timers.set((this.count += 1), { at: this.now + wait, act });
    return this.count;
  }
  /** @param {number} milliseconds */
  tick(milliseconds) {
    const end = this.now + milliseconds;
    for (;;) {
      const [first] = [...this.timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at);
      if (!first) break;
      this.timers.delete(first[0]);
      this.now = first[1].at;
      first[1].act();
    }
    this.now = end;
  }
}

const { setTimeout, clearTimeout } = globalThis;
/** @type {string[]} */
let told = [];
let clock = new Clock();

beforeEach(() => {
  clock = new Clock();
  Object.assign(globalThis, {
    WebSocket: Socket, document: { baseURI: "http://127.0.0.1/" },
    setTimeout: clock.set.bind(clock), clearTimeout: (/** @type {number} */ timer) => clock.timers.delete(timer),
  });
  [told, Socket.made] = [[], []];
});
afterEach(() => Object.assign(globalThis, { setTimeout, clearTimeout }));

const opened = () => {
  const connection = new Connection("/live", {
    query: () => ({}), open: () => told.push("open"), text: ({ kind }) => told.push(kind), frame: () => {},
    closed: (why) => told.push(why),
  });
  Socket.made[0].onopen();
  return connection;
};

test("a page that hears nothing says so within five seconds", () => {
  opened();
  clock.tick(4400);
  assert.deepEqual(told, ["open"]);
  clock.tick(600);
  assert.deepEqual(told, ["open", "dropped"]);
});

test("a beat is a word, and none that the page is told", () => {
  opened();
  for (let beats = 0; beats < 5; beats += 1) {
    clock.tick(2000);
    Socket.made[0].onmessage({ data: JSON.stringify({ kind: "beat" }) });
  }
  assert.deepEqual(told, ["open"]);
});

test("a line that was silent and speaks again goes on", () => {
  opened();
  clock.tick(5000);
  Socket.made[0].onmessage({ data: JSON.stringify({ kind: "state" }) });
  assert.deepEqual(told, ["open", "dropped", "open", "state"]);
  assert.equal(Socket.made.length, 1);
});

test("a line that stays silent is left, and another is tried", () => {
  const connection = opened();
  clock.tick(10000);
  assert.equal(Socket.made[0].closed, true);
  clock.tick(250);
  assert.equal(Socket.made.length, 2);
  Socket.made[0].onclose({ code: 1006 });
  assert.deepEqual(told, ["open", "dropped", "dropped"]);
  connection.end();
});
