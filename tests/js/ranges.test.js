import assert from "node:assert/strict";
import { test } from "node:test";

import { axisRange, rung } from "../../bnviz/live/board/ranges.js";
import { rowsOf } from "./made.js";

/** @param {number[]} values */
const one = (...values) => rowsOf({ a: values.map((value) => [value]) });
/** @type {{ series: string }[]} */
const A = [{ series: "a" }];

test("an axis ends on the ladder of round numbers", () => {
  const rungs = [[0, 0], [-3, 0], [1, 1], [1.01, 1.5], [7, 8], [8.5, 10], [23, 30], [0.041, 0.05], [400, 400]];
  for (const [value, end] of rungs) assert.ok(Math.abs(rung(value) - end) < 1e-12, `${value}`);
});

test("a step axis begins at 0 and ends on the ladder beyond the last step, with room for 20", () => {
  assert.deepEqual(axisRange({ steps: true }, one(1, 1), {}), [0, 20]);
  assert.deepEqual(axisRange({ steps: true }, rowsOf({ a: Array.from({ length: 8 }, () => [0]) }), {}), [0, 80]);
});

test("a step axis has room for the last ridge", () => {
  assert.deepEqual(axisRange({ steps: true, ridges: true }, one(1, 1), {}), [0, 30]);
});

test("an axis covers all its values, and at least what it must", () => {
  assert.deepEqual(axisRange({ covers: A, least: [0, 1] }, one(0.2, 0.5), {}), [0, 1]);
  assert.deepEqual(axisRange({ covers: A, least: [0, 1] }, one(2, 2.2, 2.3), {}), [0, 3]);
});

test("a spike farther out than three times nine tenths of the values is left out", () => {
  const calm = Array.from({ length: 20 }, () => 1);
  assert.deepEqual(axisRange({ covers: A }, one(...calm, 1000), {}), [0, 3]);
});

test("the first value is no spike: the run began there", () => {
  const calm = Array.from({ length: 20 }, () => 1);
  assert.deepEqual(axisRange({ covers: A }, one(40, ...calm), {}), [0, 40]);
});

test("an arm that runs away takes the axis no farther than the rule allows", () => {
  const rows = rowsOf({ a: [[2], [2], [2]], b: [[2], [9e5], [9e5]] });
  assert.deepEqual(axisRange({ covers: [{ series: "a" }, { series: "b" }], most: 1.5 }, rows, {}), [0, 3]);
});

test("where every arm has run away, the axis shows where it mostly is", () => {
  assert.deepEqual(axisRange({ covers: A, least: [0, 1], most: 2.5 }, one(2.3, 64, 45, 45, 45), {}), [0, 80]);
  assert.deepEqual(axisRange({ covers: A, least: [0, 1], most: 2.5 }, one(2.3, 2.3, 2.3, 3e5, NaN), {}), [0, 15]);
});

test("a logarithmic axis ends at whole decades of what is positive", () => {
  assert.deepEqual(axisRange({ covers: A, log: true, least: [0, 0] }, one(0.02, 5, 0, -1), {}), [-2, 1]);
});

test("the uppermost decades are shown only where a tenth of the values come near them", () => {
  const calm = Array.from({ length: 20 }, () => 1);
  assert.deepEqual(axisRange({ covers: A, log: true, least: [0, 0] }, one(...calm, 1e8), {}), [0, 2]);
});

test("an axis that goes below 0 ends on the ladder there, too", () => {
  assert.deepEqual(axisRange({ covers: A, least: [-1, 1] }, one(-2.2, -2.2), {}), [-3, 1]);
});

test("a logarithmic axis shows no more decades than it may", () => {
  assert.deepEqual(axisRange({ covers: A, log: true, least: [0, 0], decades: 3 }, one(1e-9, 1), {}), [-3, 0]);
});

test("an arm that lives is on a logarithmic axis, however low it is", () => {
  const rows = rowsOf({ high: [[1e3], [1e3]], low: [[2e-6], [2e-6]] });
  const covers = [{ series: "high" }, { series: "low" }];
  assert.deepEqual(axisRange({ covers, log: true, least: [-2, 0], decades: 5 }, rows, {}), [-6, 3]);
});

test("on a logarithmic axis an arm that is gone does not count beside one that lives", () => {
  const rows = rowsOf({ lives: [[1], [1]], gone: [[1e30], [NaN]] });
  const covers = [{ series: "lives" }, { series: "gone" }];
  assert.deepEqual(axisRange({ covers, log: true, least: [0, 1] }, rows, {}), [0, 1]);
});

test("a part of a vector counts in every row", () => {
  const rows = rowsOf({ v: [[9, 1, 2], [9, 1, 4], [9, 1, 3]] });
  assert.deepEqual(axisRange({ covers: [{ row: "v", from: 1 }] }, rows, {}), [0, 4]);
});

test("values that are not known leave the axis at what it must cover", () => {
  assert.deepEqual(axisRange({ covers: A, least: [-1, 1] }, one(NaN, Infinity), {}), [-1, 1]);
});
