import assert from "node:assert/strict";
import { test } from "node:test";

import { axisOf, placeCursors, placeNames } from "../../bnviz/live/board/overlay.js";

/** @import { Trace } from "../../bnviz/live/board/types.js" */

// A plot of 300 x 100 pixels: the step axis from 40 to 240, its values 0 to 20; the vertical axis from 90 up to 10.
const drawn = {
  width: 300, xaxis: { _offset: 40, _length: 200, c2p: (/** @type {number} */ step) => 10 * step },
  yaxis: { _offset: 10, _length: 80, c2p: (/** @type {number} */ value) => 80 - 80 * value },
  yaxis2: { _offset: 110, _length: 50, c2p: (/** @type {number} */ value) => value },
};

/**
 * @param {string} label
 * @returns {Trace}
 */
const line = (label, more = {}) => ({
  type: "scatter", mode: "lines", line: { color: "", width: 1 }, marker: { color: "", size: 1 },
  meta: { arm: label, role: label, label, ...more },
});

/** @param {Record<string, number>} ends */
function tops(ends) {
  const lines = Object.keys(ends).map((name) => line(name)), values = Object.values(ends).map((y) => ({ y: [0, y] }));
  return placeNames(lines, values, drawn).map(({ label, top }) => [label, top]);
}

test("a name stands right of the chart, its middle at the last known value", () => {
  const [name] = placeNames([line("bn")], [{ y: [0, 0.5, NaN] }], drawn);
  assert.deepEqual([name.left, name.room, name.top], [240, 60, 10 + 40 - 9]);
});

test("names that would lie on one another stand one below the other", () => {
  assert.deepEqual(tops({ bn: 0.5, plain: 0.51 }), [["plain", 40], ["bn", 58]]);
});

test("names at the lower end are all moved up, so that the last ends within the chart", () => {
  assert.deepEqual(tops({ bn: 0, plain: 0 }).map(([, top]) => top), [90 + 4 - 36, 90 + 4 - 18]);
});

test("a name that is out of the crowd's way stays where it is", () => {
  assert.deepEqual(tops({ lost: 50, bn: 0, plain: 0 }), [["lost", 10 - 9], ["bn", 90 + 4 - 36], ["plain", 90 + 4 - 18]]);
});

test("a line beyond the axis has its name at the axis' end", () => {
  assert.deepEqual(tops({ bn: 50 }), [["bn", 10 - 9]]);
});

test("a line without a known value, or without a label, has no name", () => {
  assert.deepEqual(placeNames([line("bn"), line("")], [{ y: [NaN] }, { y: [1] }], drawn), []);
});

test("a name may ask for the middle of its axis", () => {
  assert.equal(placeNames([line("bn", { beside: "middle" })], [{ y: [1] }], drawn)[0].top, 10 + 40 - 9);
});

test("in a chart that is wider than what is seen, a name stands at the beginning of its row", () => {
  const [name] = placeNames([line("bn", { beside: "middle" })], [{ y: [0.5] }], drawn, 150);
  assert.deepEqual([name.left, name.room, name.top], [40, 110, 10]);
});

test("the cursor goes through every row of panels", () => {
  assert.deepEqual(placeCursors(drawn, 5), [{ x: 90, top: 10, height: 150 }]);
});

test("every panel with steps of its own has a cursor", () => {
  const two = { ...drawn, xaxis2: { _offset: 250, _length: 40, c2p: (/** @type {number} */ step) => 2 * step } };
  assert.deepEqual(placeCursors(two, 5).map(({ x }) => x), [90, 260]);
});

test("a step that the axis does not show has no cursor", () => {
  assert.deepEqual([...placeCursors(drawn, -1), ...placeCursors(drawn, 21)], []);
});

test("a trace names its axis in short", () => {
  assert.deepEqual([undefined, "y", "y2", "x", "x3"].map(axisOf), ["yaxis", "yaxis", "yaxis2", "xaxis", "xaxis3"]);
});
