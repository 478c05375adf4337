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
  assert.deepEqual([name.left, name.room, name.top], [240, 60, 10 + 40 - 12]);
});

test("names that would lie on one another stand one below the other", () => {
  assert.deepEqual(tops({ bn: 0.5, plain: 0.51 }), [["plain", 37], ["bn", 61]]);
});

test("names at the lower end are all moved up, so that the last ends within the chart", () => {
  assert.deepEqual(tops({ bn: 0, plain: 0 }).map(([, top]) => top), [90 + 4 - 48, 90 + 4 - 24]);
});

test("a name that is out of the crowd's way stays where it is", () => {
  assert.deepEqual(tops({ lost: 50, bn: 0, plain: 0 }), [["lost", 10 - 12], ["bn", 90 + 4 - 48], ["plain", 90 + 4 - 24]]);
});

test("eight names keep a line each, whatever their lines do", () => {
  const high = { ...drawn, yaxis: { _offset: 36, _length: 174, c2p: (/** @type {number} */ value) => 174 - 174 * value } };
  for (const ends of [[0, 0, 0, 0, 0, 0, 0, 0], [1, 1, 1, 1, 1, 1, 1, 1], [0.5, 0.5, 0.49, 0.51, 0.9, 0.1, 0.5, 0.5]]) {
    const lines = ends.map((_, index) => line(`arm ${index}`));
    const found = placeNames(lines, ends.map((y) => ({ y: [y] })), high).map(({ top }) => top).sort((a, b) => a - b);
    assert.ok(found.every((top, index) => index === 0 || top - found[index - 1] >= 24), String(found));
    assert.ok(found[0] >= 0 && found[7] + 24 <= 36 + 174 + 4, String(found));
  }
});

test("a line beyond the axis has its name at the axis' end", () => {
  assert.deepEqual(tops({ bn: 50 }), [["bn", 10 - 12]]);
});

test("a line without a known value, or without a label, has no name", () => {
  assert.deepEqual(placeNames([line("bn"), line("")], [{ y: [NaN] }, { y: [1] }], drawn), []);
});

test("a name may ask for the middle of its axis", () => {
  assert.equal(placeNames([line("bn", { beside: "middle" })], [{ y: [1] }], drawn)[0].top, 10 + 40 - 12);
});

test("a name keeps its key when the lines change their ranks, and every line of an arm has its own", () => {
  const lines = [line("bn"), line("plain"), line("bn", { arm: "bn" })];
  const keys = (/** @type {number[]} */ ...ends) =>
    placeNames(lines, ends.map((y) => ({ y: [y] })), drawn).map(({ key }) => key);
  assert.deepEqual(keys(0.1, 0.5, 0.9), ["bn 2", "plain 1", "bn 1"]);
  assert.deepEqual(keys(0.5, 0.1, 0.9), ["bn 2", "bn 1", "plain 1"]);
});

test("a name is as tall as a finger where there is room, and never less than a pointer needs", () => {
  const heights = (/** @type {number} */ count) => {
    const arms = Array.from({ length: count }, (_, index) => `arm ${index}`);
    return placeNames(arms.map((arm) => line(arm)), arms.map(() => ({ y: [0.5] })), drawn, 300, 44)[0].height;
  };
  assert.deepEqual([1, 2, 3, 8].map(heights), [44, 42, 28, 24]);
});

test("in a chart that is wider than what is seen, a name stands at the beginning of its row", () => {
  const [name] = placeNames([line("bn", { beside: "middle" })], [{ y: [0.5] }], drawn, 150);
  assert.deepEqual([name.left, name.room, name.top], [40, 110, 10]);
});

test("where the last panel ends at the edge, a name stands at the beginning of its row too", () => {
  assert.deepEqual([250, 270].map((seen) => placeNames([line("bn")], [{ y: [0.5] }], drawn, seen)[0].left), [40, 240]);
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
