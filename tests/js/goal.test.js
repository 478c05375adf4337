import assert from "node:assert/strict";
import { test } from "node:test";

import { arrivals } from "../../bnviz/live/board/goal.js";

test("an arrival is told once", () => {
  const told = arrivals();
  assert.deepEqual([told(1, 5, 10), told(1, 10, 10), told(1, 11, 10)], [null, { run: 1, arrived: true }, null]);
});

test("another run after an arrival is told too, and its own arrival", () => {
  const told = arrivals();
  told(1, 10, 10);
  assert.deepEqual([told(2, 0, 10), told(2, 10, 10)], [{ run: 2, arrived: false }, { run: 2, arrived: true }]);
});

test("a run without a goal never arrives", () => {
  const told = arrivals();
  assert.deepEqual([told(1, 1000, null), told(2, 1000, null)], [null, null]);
});

test("a run that replaces one that never arrived is no news", () => {
  const told = arrivals();
  told(1, 5, 10);
  assert.equal(told(2, 0, 10), null);
});

test("a live run after a recording is told, and not the recording", () => {
  const told = arrivals();
  assert.deepEqual([told(1, 0, null, true), told(2, 0, 10)], [null, { run: 2, arrived: false }]);
});
