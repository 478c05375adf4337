import assert from "node:assert/strict";
import { test } from "node:test";

import { apart, densityAt, evaluate, outline } from "../../bnviz/live/board/bindings.js";
import { Rows } from "../../bnviz/live/board/rows.js";
import { rowsOf } from "./made.js";

/** @import { Binding } from "../../bnviz/live/board/types.js" */

const units = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]];
const rows = rowsOf({ loss: [[3], [2], [NaN]], units, gone: [[NaN], [NaN], [15]] });

/**
 * @param {Binding} binding
 * @param {Record<string, number>} picks
 */
const found = (binding, cursor = 2, picks = {}) => [...evaluate(binding, rows, cursor, picks)];

test("values stand for themselves, and null for a number that is missing", () => {
  assert.deepEqual(found({ values: [1, null, 3] }), [1, NaN, 3]);
});

test("a series is one number a row, whatever the cursor", () => {
  assert.deepEqual(found({ series: "loss" }, 0), [3, 2, NaN]);
  assert.deepEqual(found({ series: "step" }, 0), [0, 10, 20]);
});

test("a row is the part of the vector at the cursor, times its factor", () => {
  assert.deepEqual(found({ row: "units", from: 1, to: 3 }, 1), [6, 7]);
  assert.deepEqual(found({ row: "units", from: 2, times: -0.5 }, 1), [-3.5, -4]);
});

test("a row may be cut off within an interval, and moved", () => {
  assert.deepEqual(found({ row: "units", times: 2, within: [0, 21], plus: 1 }), [19, 21, 22, 22]);
});

test("ranks are places by size in the first row, what is missing last", () => {
  const mixed = rowsOf({ mixed: [[3, -1, NaN, 2], [0, 1, 2, 3]] });
  assert.deepEqual([...evaluate({ rank: "mixed" }, mixed, 1, {})], [2, 0, 3, 1]);
  assert.deepEqual([...evaluate({ rank: "mixed", from: 1, to: 3, plus: 0.5 }, mixed, 1, {})], [0.5, 1.5]);
});

test("woven bindings come in turn, and a single number comes again", () => {
  const weave = [{ row: "units", to: 2 }, { first: "units", to: 2 }, { values: [null] }];
  assert.deepEqual(found({ weave }), [9, 1, NaN, 10, 2, NaN]);
});

test("only what has one of these values beside it is shown", () => {
  assert.deepEqual(found({ only: { row: "units" }, where: { values: [0, 1, 255, 1] }, is: [0, 255] }), [9, NaN, 11, NaN]);
});

test("a column of a density map is shares of its largest number, to a power", () => {
  const shares = rowsOf({ shares: [[0.9, 0.25, 1], [0.9, 0.5, 0.125]] });
  assert.deepEqual(densityAt({ rows: "shares", from: 1, to: 3, power: 0.5 }, shares, 1), [1, 0.5]);
});

test("ridges are the rows nearest to equal distances, with a gap after each", () => {
  const walks = rowsOf({ walk: [[1, 2], [3, 4], [5, 6]] });
  const shown = (/** @type {Binding} */ binding) => [...evaluate(binding, walks, 2, {})];
  assert.deepEqual(shown({ ridges: "walk" }), [1, 2, NaN, 3, 4, NaN, 5, 6, NaN]);
  assert.deepEqual(shown({ ridges: "walk", from: 1, to: 2, then: [-1] }), [2, -1, NaN, 4, -1, NaN, 6, -1, NaN]);
  assert.deepEqual(shown({ ridges: "step", at: [0, 0.5] }), [0, 5, NaN, 10, 15, NaN, 20, 25, NaN]);
  const none = new Rows([{ name: "walk", dtype: "f4", length: 2 }]);
  assert.deepEqual([...evaluate({ ridges: "walk" }, none, 0, {})], []);
});

test("about a dozen ridges stand in a run at round distances", () => {
  const distances = [0, 120, 121, 200, 1500, 50_000].map(apart);
  assert.deepEqual(distances, [10, 10, 20, 20, 200, 5000]);
});

test("the first row stays the first", () => {
  assert.deepEqual(found({ first: "units", to: 2 }), [1, 2]);
});

test("joined bindings come one after the other", () => {
  assert.deepEqual(found({ join: [{ first: "loss" }, { values: [0] }, { row: "loss" }] }, 1), [3, 0, 2]);
});

test("a pick chooses one entry of a vector that runs over layers and units", () => {
  const pick = { layer: [1, 2], unit: [1, 2] };
  assert.deepEqual(found({ series: "units", pick }, 0, { layer: 2, unit: 1 }), [3, 7, 11]);
});

test("unless the reader picks, it is the last layer's first unit", () => {
  assert.deepEqual(found({ series: "units", pick: { layer: [1, 2], unit: [1, 2] } }), [3, 7, 11]);
});

test("a layer that this run does not have is nowhere", () => {
  assert.deepEqual(found({ series: "units", pick: { layer: [1, 2, 3, 4] } }, 0, { layer: 9 }), [NaN, NaN, NaN]);
});

test("a flag stands at the last known value up to its step", () => {
  assert.deepEqual(found({ at: "gone", series: "loss" }), [2]);
  assert.deepEqual(found({ at: "gone", series: "loss" }, 0), [NaN]);
});

test("without a row there is nothing to show", () => {
  const none = new Rows([{ name: "units", dtype: "f4", length: 4 }]);
  assert.deepEqual([...evaluate({ row: "units" }, none, 0, {}), ...evaluate({ series: "units" }, none, 0, {})], []);
});

test("a band goes along its upper edge and back along its lower one, where both are known", () => {
  assert.deepEqual(outline([0, 1, 2, 3], [1, NaN, 2, 3], [5, 6, 7, Infinity]), [[0, 2, 2, 0], [5, 7, 2, 1]]);
});
