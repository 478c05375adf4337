import assert from "node:assert/strict";
import { test } from "node:test";

import { boardKeys, stageKeys } from "../../bnviz/live/board/keymap.js";

/** A bar that writes down what is asked of it. @returns {{ bar: any, asked: unknown[] }} */
function listening() {
  /** @type {unknown[]} */
  const asked = [];
  const note = (/** @type {string} */ kind) => (/** @type {unknown} */ what) => void asked.push([kind, what]);
  const on = { send: (/** @type {any} */ command) => note("send")(command.do), scrub: note("scrub"), ask: note("ask"), hear: note("hear") };
  return { bar: { on, scrubber: { move: note("move") }, toggle: note("toggle"), stepOn: note("on") }, asked };
}

/** @param {(bar: any) => { key: string, act?: () => void }[]} keys @param {string} key */
function pressed(keys, key) {
  const { bar, asked } = listening();
  for (const shortcut of keys(bar)) if (shortcut.key === key) shortcut.act?.();
  return asked;
}

test("a lecture's keys play, step, reset, take BN out, turn to what is listed and lead back", () => {
  const asks = [["r", "send", "reset"], ["b", "ask", "bn"], ["1", "ask", "1"], ["9", "ask", "9"], ["PageDown", "ask", "next"],
    ["PageUp", "ask", "back"], ["p", "ask", "present"], ["ArrowLeft", "move", -1], ["ArrowRight", "on", undefined], [" ", "toggle", undefined]];
  for (const [key, ...what] of asks) assert.deepEqual(pressed(stageKeys, String(key)), [what]);
});

test("every key of a lecture is listed once, the nine numbers as one", () => {
  const { bar } = listening(), keys = stageKeys(bar);
  assert.equal(new Set(keys.map(({ key }) => key)).size, keys.length);
  assert.deepEqual(keys.filter(({ key }) => /\d/.test(key)).map(({ name }) => name).filter(Boolean), ["1 – 9"]);
});

test("the key that leads onto the stage is there where the board can stand on one", () => {
  const has = (/** @type {boolean} */ isAlone) => boardKeys(listening().bar, isAlone).some(({ key }) => key === "p");
  assert.deepEqual([has(true), has(false)], [true, false]);
});
