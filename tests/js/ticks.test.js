import assert from "node:assert/strict";
import { test } from "node:test";

import { ticks } from "../../bnviz/live/board/ticks.js";

/** @import { Axis } from "../../bnviz/live/board/types.js" */

/** @param {Partial<Axis>} own */
const ticksOf = (own) => ticks({
  range: [0, 1], nticks: 5, tickfont: { size: 12, color: "quiet" }, ticklabelstandoff: 0, gridcolor: "grid", ...own,
});

test("ticks stand at round numbers, no more than the axis asks for", () => {
  assert.deepEqual(ticksOf({ range: [0, 100], nticks: 5 }), [[0, "0"], [50, "50"], [100, "100"]]);
  assert.deepEqual(ticksOf({ range: [0, 90], nticks: 5 }).map(([value]) => value), [0, 20, 40, 60, 80]);
});

test("a stride that is given is kept", () => {
  assert.deepEqual(ticksOf({ range: [0.5, 3.5], dtick: 1 }), [[1, "1"], [2, "2"], [3, "3"]]);
});

test("a logarithmic axis has its ticks at powers of ten", () => {
  assert.deepEqual(ticksOf({ type: "log", range: [-2, 2], dtick: 2 }), [[0.01, "0.01"], [1, "1"], [100, "100"]]);
  assert.deepEqual(ticksOf({ type: "log", range: [-4, 4], dtick: 4 }).map(([, text]) => text), ["1e−4", "1", "1e+4"]);
});

test("ticks that are named stand where and as they are named", () => {
  assert.deepEqual(ticksOf({ tickvals: [1, 2], ticktext: ["one", "two"] }), [[1, "one"], [2, "two"]]);
});

test("a format writes shares as percent and thousands with their letter", () => {
  assert.deepEqual(ticksOf({ tickvals: [0, 0.5], tickformat: ".0%" }), [[0, "0%"], [0.5, "50%"]]);
  assert.deepEqual(ticksOf({ tickvals: [0, 1500, 2e6], tickformat: "~s" }), [[0, "0"], [1500, "1.5k"], [2e6, "2M"]]);
});

test("a minus is a minus, not a hyphen", () => {
  assert.deepEqual(ticksOf({ tickvals: [-2] }), [[-2, "−2"]]);
});

test("an axis that hides its labels has none", () => {
  assert.deepEqual(ticksOf({ showticklabels: false }), []);
});
