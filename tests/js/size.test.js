import assert from "node:assert/strict";
import { test } from "node:test";

import { heightIn, marginIn, widthIn } from "../../bnviz/live/board/size.js";

/** @import { RuledLayout } from "../../bnviz/live/board/types.js" */

/**
 * @param {object} meta
 * @returns {RuledLayout}
 */
const layoutOf = (meta) => Object({ height: 300, margin: { l: 40, r: 60, t: 20, b: 10 }, meta: { axes: {}, ...meta } });

test("a chart is as wide as its place", () => {
  assert.deepEqual([300, 1000].map((room) => widthIn(room, layoutOf({}))), [300, 1000]);
  assert.equal(widthIn(496, layoutOf({ panels: 3 })), 496);
});

test("panels that would be narrower than 132 pixels make a chart wider than its place, which scrolls", () => {
  assert.equal(widthIn(300, layoutOf({ panels: 3 })), 3 * 132 + 40 + 8);
});

test("there the names leave the right margin", () => {
  assert.deepEqual([300, 496].map((room) => marginIn(room, layoutOf({ panels: 3 })).r), [8, 60]);
});

test("an enlarged chart is three quarters taller", () => {
  assert.deepEqual([false, true].map((large) => heightIn(500, layoutOf({}), large)), [300, 525]);
});

test("square panels are as tall as they are wide, and a title", () => {
  assert.equal(heightIn(300, layoutOf({ squares: [2, 1] }), false), Math.ceil(1.14 * 100 + 30));
});
