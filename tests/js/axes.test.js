import assert from "node:assert/strict";
import { test } from "node:test";

import { Axes } from "../../bnviz/live/board/axes.js";
import { ticks } from "../../bnviz/live/board/ticks.js";
import { rowsOf } from "./made.js";

/** @import { Axis, AxisRule, RuledLayout } from "../../bnviz/live/board/types.js" */

/** @type {Axis} */
const AXIS = { range: [0, 1], nticks: 5, tickfont: { size: 12, color: "" }, ticklabelstandoff: 0, gridcolor: "" };

/**
 * @param {{ xaxis?: AxisRule, yaxis?: AxisRule }} axes
 * @param {Partial<Axis>} upright
 * @returns {RuledLayout}
 */
const layoutOf = (axes, upright = {}) => ({
  height: 300, margin: { l: 0, r: 0, t: 0, b: 0 }, font: { family: "" }, annotations: [], shapes: [],
  xaxis: { ...AXIS }, yaxis: { ...AXIS, ...upright }, meta: { axes },
});

/** @type {AxisRule} */
const COVERS = { covers: [{ series: "a" }] };
/** @param {number} count */
const grown = (count, value = 0.5) => rowsOf({ a: Array.from({ length: count }, () => [value]) });

test("a chart whose horizontal axis is the steps runs over them", () => {
  assert.equal(new Axes(layoutOf({ xaxis: { steps: true } })).overSteps, true);
  assert.equal(new Axes(layoutOf({ yaxis: COVERS })).overSteps, false);
});

test("the step axis grows only when a step leaves it", () => {
  const axes = new Axes(layoutOf({ xaxis: { steps: true } }));
  assert.deepEqual([grown(2), grown(3), grown(4)].map((rows) => axes.fit(rows, {}, false)), [true, false, true]);
  assert.equal(axes.lastStep, 30);
});

test("an axis is looked at again when the run has grown by a quarter", () => {
  const axes = new Axes(layoutOf({ yaxis: COVERS }));
  axes.fit(grown(8), {}, true);
  assert.deepEqual([axes.fit(grown(9, 7), {}, false), axes.fit(grown(10, 7), {}, false)], [false, true]);
  assert.equal(axes.at("yaxis", 1), 8);
});

test("an axis without a rule has no end", () => {
  assert.equal(new Axes(layoutOf({})).at("yaxis", 1), Infinity);
});

test("a logarithmic axis ends at a power of ten", () => {
  const axes = new Axes(layoutOf({ yaxis: { ...COVERS, log: true, least: [0, 2] } }, { type: "log" }));
  axes.fit(grown(1), {}, true);
  assert.equal(axes.at("yaxis", 1), 100);
});

test("what the reader zoomed to is kept until the zoom ends", () => {
  const axes = new Axes(layoutOf({ xaxis: { steps: true } })), layout = layoutOf({});
  axes.fit(grown(2), {}, true);
  axes.write(layout, undefined);
  assert.deepEqual(layout.xaxis.range, [0, 20]);
  axes.write(layout, { xaxis: { range: [3, 7] } });
  assert.deepEqual(layout.xaxis.range, [3, 7]);
  axes.unzoom();
  axes.write(layout, { xaxis: { range: [3, 7] } });
  assert.deepEqual(layout.xaxis.range, [0, 20]);
});

test("an axis that shows what it was given is not zoomed", () => {
  const axes = new Axes(layoutOf({ xaxis: { steps: true } })), layout = layoutOf({});
  axes.fit(grown(2), {}, true);
  axes.write(layout, undefined);
  axes.fit(grown(5), {}, false);
  axes.write(layout, { xaxis: { range: [0, 20] } });
  assert.deepEqual(layout.xaxis.range, [0, 40]);
});

test("a zoom stays one although the run grows to that very range", () => {
  const axes = new Axes(layoutOf({ xaxis: { steps: true } })), layout = layoutOf({});
  for (const [count, shown] of [[2, undefined], [5, 40], [8, 40]]) {
    axes.fit(grown(count ?? 0), {}, false);
    axes.write(layout, shown === undefined ? undefined : { xaxis: { range: [0, shown] } });
  }
  assert.deepEqual(layout.xaxis.range, [0, 40]);
});

test("of panels side by side only the last has a number at the end of its steps, where the next one's 0 would touch it", () => {
  /** @type {AxisRule} */
  const steps = { steps: true };
  const layout = { ...layoutOf({ xaxis: steps }), xaxis2: { ...AXIS } };
  layout.meta = { axes: { xaxis: steps, xaxis2: steps }, panels: 2 };
  const axes = new Axes(layout);
  axes.fit(grown(8), {}, true);
  axes.write(layout, undefined);
  assert.deepEqual([layout.xaxis.labelalias, layout.xaxis2.labelalias], [{ 80: "" }, undefined]);
  assert.deepEqual([ticks(layout.xaxis).at(-1), ticks(layout.xaxis2).at(-1)], [[80, ""], [80, "80"]]);
});
