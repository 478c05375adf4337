import assert from "node:assert/strict";
import { test } from "node:test";

import { Aloud } from "../../bnviz/live/board/voice.js";

/** @param {(hear: (now: string) => void, wait: () => void) => void} happens   `wait` is as long as it takes */
function said(happens) {
  /** @type {string[]} */
  const heard = [];
  /** @type {(() => void) | null} */
  let due = null;
  const clock = /** @type {any} */ ({
    setTimeout: (/** @type {() => void} */ act) => { due = act; }, clearTimeout: () => { due = null; },
  });
  let now = "";
  const aloud = new Aloud(() => now, 700, (words) => heard.push(words), clock);
  const wait = () => { due?.(); due = null; };
  happens((state) => { aloud.hear((now = state)); }, wait);
  return heard;
}

test("what a page opens with is not said", () => {
  assert.deepEqual(said((hear, wait) => { hear("recorded"); wait(); }), []);
});

test("what comes is said once, when it has stayed for a while", () => {
  const heard = said((hear, wait) => {
    for (const state of ["recorded", "running", "running", "paused"]) hear(state);
    wait();
    hear("paused");
    wait();
  });
  assert.deepEqual(heard, ["paused"]);
});
