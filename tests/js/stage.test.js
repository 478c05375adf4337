import assert from "node:assert/strict";
import { test } from "node:test";

import { chosen, grown, projected, typeIn } from "../../bnviz/live/board/stage.js";

/** @type {any} */
const SPEC = {
  name: "loss", title: "Training loss", opens: "",
  data: [{ meta: { y: { series: "loss" } }, y: [2, 3], line: { width: 2, dash: "7px,3px", color: "arm:bn" }, marker: { size: 10 } }],
  layout: {
    height: 240, margin: { l: 50, r: 60, t: 30, b: 30 }, meta: { panels: 2 },
    font: { size: 13 }, annotations: [{ name: "x title", text: "step", x: 1, y: 0, xshift: 10, font: { size: 13 } }],
    xaxis: { domain: [0, 0.5], nticks: 6, tickfont: { size: 12 } }, xaxis2: { domain: [0.55, 1], nticks: 6, range: [0, 2] },
  },
};

/** @param {string[]} names @returns {any[]} */
const specs = (...names) => names.map((name) => ({ name, opens: name === "units" ? "inside" : "" }));
/** @param {any[]} some */
const namesOf = (some) => some.map(({ name }) => name);

test("letters are 1.6 times as large, lines twice as wide, and dashes grow with them", () => {
  const { data: [{ line, marker }], layout } = projected(SPEC, 1.6);
  assert.deepEqual(line, { width: 4, dash: "14px,6px", color: "arm:bn" });
  assert.deepEqual([marker.size, layout.annotations[0].font.size, layout.xaxis.tickfont.size], [16, 13 * 1.6, 12 * 1.6]);
  assert.deepEqual(layout.margin, { l: 80, r: 96, t: 48, b: 48 });
});

test("a low or a narrow window has smaller letters, a phone those of every other page", () => {
  assert.deepEqual([typeIn(1440, 900), typeIn(960, 600), typeIn(600, 960), typeIn(740, 360)], [1.6, 1.25, 1.25, 1]);
  const { layout: { meta, xaxis } } = projected(SPEC, 1.25);
  assert.deepEqual([xaxis.tickfont.size, meta.fills, meta.names, meta.least], [15, 1.25, 31.25, 240]);
});

test("numbers and bindings stay as they are, and so does the chart that it was made from", () => {
  const before = structuredClone(SPEC), { data: [trace], layout } = projected(SPEC, 1.6);
  assert.deepEqual([trace.y, trace.meta, layout.xaxis2.range, layout.height], [[2, 3], SPEC.data[0].meta, [0, 2], 240]);
  assert.deepEqual(SPEC, before);
});

test("there is a little more between panels, the last of which keeps its end", () => {
  const { xaxis, xaxis2 } = projected(SPEC, 1.6).layout;
  assert.deepEqual([xaxis.domain, xaxis2.domain], [[0, 0.46], [0.55, 1]]);
});

test("a dash without pixels is plotly's own, which grows by itself", () => {
  assert.deepEqual(grown({ dash: "dot", width: 1 }, 1.6), { dash: "dot", width: 2 });
});

test("charts stand in the order in which they are named, with what one of them opens where there is room", () => {
  const all = specs("loss", "units", "inside", "gradients");
  assert.deepEqual(namesOf(chosen(all, ["gradients", "units"], true)), ["gradients", "units", "inside"]);
  assert.deepEqual(namesOf(chosen(all, ["units"], false)), ["units"]);
});

test("where none is named, or none of the named is there, all are", () => {
  const all = specs("loss", "units");
  assert.deepEqual([chosen(all, [], true), chosen(all, ["decision"], true)], [all, all]);
});
