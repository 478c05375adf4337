import assert from "node:assert/strict";
import { test } from "node:test";

import { followOf } from "../../bnviz/live/board/scrubber.js";
import { roundSteps } from "../../bnviz/live/board/ticks.js";

test("beside the track of a recording stands what can be done with it", () => {
  const word = (/** @type {boolean} */ plays, /** @type {number} */ newest) =>
    followOf({ state: "recorded", plays, last: 300 }, false, newest).word;
  assert.deepEqual([word(true, 20), word(false, 20), word(true, 300), word(false, 300)], ["Pause", "Go on", "Again", "Again"]);
});

test("a live run, and one that is looked back at, is followed", () => {
  assert.equal(followOf({ state: "running", plays: true, last: null }, false, 20).word, "Live");
  const back = followOf({ state: "recorded", plays: true, last: 300 }, true, 300);
  assert.deepEqual([back.word, back.command], ["Newest", undefined]);
});

test("round steps mark a track, and leave its end to the last step", () => {
  const found = [3000, 100, 30, 7].map(roundSteps);
  assert.deepEqual(found, [[0, 1000, 2000], [0, 50], [0, 10, 20], [0, 2, 4, 6]]);
});
