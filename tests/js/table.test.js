import assert from "node:assert/strict";
import { test } from "node:test";

import { tableOf } from "../../bnviz/live/board/table.js";
import { rowsOf } from "./made.js";

/** @import { ChartSpec } from "../../bnviz/live/board/types.js" */

/**
 * A chart of these traces, each an arm's; what is horizontal is called `what`.
 * @param {object[]} metas
 * @param {{ what?: string, meta?: object, yaxis?: object, xaxis?: object }} more
 * @returns {ChartSpec}
 */
const chart = (metas, { what = "layer", meta = {}, yaxis = {}, xaxis = {} } = {}) => /** @type {any} */ ({
  data: metas.map((own) => ({ type: "scatter", name: "arm", meta: { arm: "bn", role: "bn", ...own } })),
  layout: { annotations: [{ name: "x title", text: what }], xaxis, yaxis, meta: { axes: {}, ...meta } },
});

test("a chart over the steps lists its newest steps and some before, with what the band spans", () => {
  const rows = rowsOf({ loss: [[3], [2], [1]], low: [[2], [1], [0.5]], high: [[4], [3], [NaN]] });
  const series = (/** @type {string} */ name) => ({ series: name });
  const spec = chart([
    { label: "BN", x: series("step"), y: series("loss") },
    { x: series("step"), lower: series("low"), upper: series("high") },
  ], { what: "step", meta: { axes: { xaxis: { steps: true } } } });
  const table = tableOf(spec, rows, 1, {});
  assert.deepEqual(table, { columns: ["step", "BN"], rows: [["10", "2 (1 to 3)"], ["0", "3 (2 to 4)"]], isSpan: true });
});

test("a long run is listed evenly, from the newest step to the first", () => {
  const rows = rowsOf({ loss: Array.from({ length: 100 }, () => [1]) });
  const spec = chart([{ label: "BN", x: { series: "step" }, y: { series: "loss" } }], { meta: { axes: { xaxis: { steps: true } } } });
  const steps = tableOf(spec, rows, 99, {})?.rows.map(([step]) => step) ?? [];
  assert.deepEqual([steps.length, steps[0], steps[6], steps.at(-1)], [12, "990", "450", "0"]);
});

test("a chart by layer has a row for each layer, and a dash for what is not finite", () => {
  const rows = rowsOf({ norm: [[0.5, NaN]] });
  const spec = chart([{ label: "BN", x: { values: [1, 2] }, y: { row: "norm" } }], { yaxis: { tickformat: ".0%" } });
  assert.deepEqual(tableOf(spec, rows, 0, {}), { columns: ["layer", "BN"], rows: [["1", "50.0%"], ["2", "–"]], isSpan: false });
});

test("where places have words, rows are called by them", () => {
  const rows = rowsOf({ norm: [[1, 2]] });
  const spec = chart([{ label: "BN", x: { values: [0.92, 1.92] }, y: { row: "norm" } }], {
    xaxis: { tickvals: [1, 2], ticktext: ["running", "own"] },
  });
  assert.deepEqual(tableOf(spec, rows, 0, {})?.rows, [["running", "1"], ["own", "2"]]);
});

test("a picture says itself what its table holds", () => {
  const table = { title: "layer", rows: ["1", "2"], columns: [["15th", { row: "p15" }]] };
  const spec = chart([{ z: { rows: "shares", from: 0, to: 2, power: 1 } }], { meta: { table } });
  assert.deepEqual(tableOf(spec, rowsOf({ p15: [[-1, -2]] }), 0, {})?.rows, [["1", "−1"], ["2", "−2"]]);
});

test("a map of classes is listed as the share of the plane that each class has", () => {
  const spec = chart([{ z: { row: "decision", wide: 2 } }]);
  const found = tableOf(spec, rowsOf({ decision: [[0, 49, 50, 120]] }), 0, {});
  assert.deepEqual([found?.columns, found?.rows], [["class", "arm"], [["0", "50.0%"], ["1", "25.0%"], ["2", "25.0%"]]]);
});

test("a chart without named lines has no table", () => {
  assert.equal(tableOf(chart([{ y: { row: "norm" } }]), rowsOf({ norm: [[1]] }), 0, {}), null);
});
