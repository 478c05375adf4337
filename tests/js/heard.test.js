import assert from "node:assert/strict";
import { test } from "node:test";

import { linesOf, pitches } from "../../bnviz/live/board/heard.js";
import { rowsOf } from "./made.js";

/**
 * @param {object} own
 * @param {object} meta
 * @returns {any}
 */
const chart = (own, meta) => ({ data: [{ meta: { arm: "bn", label: "BN", ...own } }], layout: { meta: { axes: {}, ...meta } } });
const STEPS = { axes: { xaxis: { steps: true } } };

test("a curve is heard from the first step to the one that is looked at", () => {
  const rows = rowsOf({ loss: [[3], [2], [1]] });
  assert.deepEqual(linesOf(chart({ y: { series: "loss" } }, STEPS), rows, 1, {}), [{ label: "BN", values: [3, 2] }]);
});

test("a long curve is heard evenly, from its first to its last number", () => {
  const rows = rowsOf({ loss: Array.from({ length: 200 }, (_, index) => [index]) });
  const [{ values }] = linesOf(chart({ y: { series: "loss" } }, STEPS), rows, 199, {});
  assert.deepEqual([values.length, values[0], values.at(-1)], [64, 0, 199]);
});

test("a picture is heard as the columns of its table", () => {
  const table = { title: "layer", rows: ["1", "2"], columns: [["15th", { row: "p15" }]] };
  assert.deepEqual(linesOf(chart({}, { table }), rowsOf({ p15: [[-1, -2]] }), 0, {}), [{ label: "15th", values: [-1, -2] }]);
});

test("twice as far is as many tones higher, on one scale for all lines, and what is not finite is silent", () => {
  const heard = pitches([{ label: "plain", values: [0, NaN, 1] }, { label: "BN", values: [0.5] }]);
  assert.deepEqual(heard.map((tones) => tones.map((pitch) => pitch && Math.round(pitch))), [[220, null, 880], [440]]);
});
