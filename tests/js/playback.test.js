import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { due, Playback, unpacked } from "../../bnviz/export/playback.js";
import { readHeader } from "../../bnviz/live/board/frame.js";

/** @import { Carried } from "../../bnviz/export/playback.js" */

const STEPS = [0, 1, 10, 200, 300];
const frames = STEPS.map((step) => new Uint8Array([step % 256]).buffer);
/** @type {Carried} */
const carried = /** @type {any} */ ({
  setup: { kind: "setup", run: 1, drawn: 8 }, state: { kind: "state", state: "recorded" }, steps: STEPS, epochs: [0, 0.1, 1, 8.5, 12.5],
  rows: frames, looks: { "3,1": [new ArrayBuffer(1), new ArrayBuffer(2)] }, nothing: "Nothing was kept.",
});
const { setTimeout: later, performance: clock } = globalThis;
/** @type {any[]} */
let told = [];
/** @type {ArrayBuffer[]} */
let drawn = [];
let now = 0;
/** The one timer that there may be. @type {{ at: number, act: () => void } | null} */
let timer = null;

beforeEach(() => {
  [told, drawn, now, timer] = [[], [], 0, null];
  const set = (/** @type {() => void} */ act, /** @type {number} */ wait) => { timer = { at: now + wait, act }; };
  Object.assign(globalThis, { setTimeout: set });
  Object.defineProperty(globalThis, "performance", { value: { now: () => now }, configurable: true });
});
afterEach(() => {
  Object.assign(globalThis, { setTimeout: later });
  Object.defineProperty(globalThis, "performance", { value: clock, configurable: true });
});

/** Time passes, in hundredths of a second. @param {number} seconds */
async function playing(seconds) {
  for (let tick = 0; tick < seconds * 100; tick += 1) {
    now += 10;
    const first = timer;
    if (first && first.at <= now) {
      timer = null;
      first.act();
    }
    await Promise.resolve();
    await Promise.resolve();
  }
}

/** A board that draws at once, or when it is told to. */
async function watching(isQuick = true) {
  const playback = new Playback(carried, {
    query: () => ({}), open: () => {}, closed: () => {}, text: (message) => told.push(message),
    frame: (buffer) => {
      drawn.push(buffer);
      if (isQuick) Promise.resolve().then(() => playback.send({ do: "ack", run: 1, step: STEPS[playback.given - 1] }));
    },
  });
  await Promise.resolve();
  await Promise.resolve();
  return playback;
}

test("rows are due as the server plays them: it lingers on the first hundred steps", () => {
  assert.deepEqual(due([0, 10, 50, 100, 200], 0), [0, 0.2, 0.7, 1.2, 1.325]);
  assert.deepEqual(due([0, 1, 20], 1).map((at) => Math.round(12 * at)), [0, 1, 20]);
});

test("a run begins with its setup, its state and its first row", async () => {
  await watching();
  assert.deepEqual(told.map(({ kind }) => kind), ["setup", "state"]);
  assert.deepEqual([drawn, told[1].plays, told[1].alone], [[frames[0]], true, true]);
});

test("nothing is drawn on a page where nobody answers", async () => {
  await watching();
  assert.equal(told[0].drawn, 0);
});

test("it plays to its end by itself, says so, and begins again", async () => {
  const playback = await watching();
  await playing(3);
  assert.deepEqual(drawn, frames);
  assert.equal(told.at(-1).plays, false);
  playback.send({ do: "play" });
  assert.deepEqual([told.at(-2).kind, playback.given], ["setup", 1]);
});

test("while a board draws it is given nothing", async () => {
  const playback = await watching(false);
  await playing(3);
  assert.equal(drawn.length, 1);
  playback.send({ do: "ack", run: 1, step: 0 });
  assert.deepEqual(drawn, frames);
});

test("pause holds it, a step goes on by a row, an epoch to the next one", async () => {
  const playback = await watching();
  playback.send({ do: "pause" });
  await playing(3);
  assert.equal(drawn.length, 1);
  playback.send({ do: "step" });
  assert.deepEqual([playback.given, told.at(-1).plays], [2, false]);
  playback.send({ do: "epoch" });
  assert.equal(playback.given, 3);
});

test("of a unit comes what was kept, or a sentence", async () => {
  const playback = await watching();
  playback.send({ do: "open", layer: 3, unit: 1, back: false });
  assert.deepEqual(drawn.slice(1), carried.looks["3,1"]);
  playback.send({ do: "open", layer: 2, unit: 1, back: false });
  const { header } = readHeader(drawn[3]);
  assert.deepEqual([header.inside, header.message], [[2, 1], "Nothing was kept."]);
});

test("what is packed is unpacked: words, rows, and what is known of units", () => {
  const words = new TextEncoder().encode('{"steps":[0],"sizes":[2],"looks":{"3,1":[1]}}');
  const bytes = Uint8Array.from([words.length, 0, 0, 0, ...words, 7, 8, 9]);
  const { steps, rows, looks } = unpacked(bytes.buffer);
  const read = (/** @type {ArrayBuffer} */ buffer) => [...new Uint8Array(buffer)];
  assert.deepEqual([steps, rows.map(read), looks["3,1"].map(read)], [[0], [[7, 8]], [[9]]]);
});
