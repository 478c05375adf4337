import assert from "node:assert/strict";
import { test } from "node:test";

import { heightAbove, heightIn, heightWithin, marginIn, sizeIn, sizesOf, widthIn } from "../../bnviz/live/board/size.js";

/** @import { RuledLayout } from "../../bnviz/live/board/types.js" */

/**
 * @param {object} meta
 * @returns {RuledLayout}
 */
const layoutOf = (meta) => Object({ height: 300, margin: { l: 40, r: 60, t: 20, b: 10 }, meta: { axes: {}, ...meta } });

test("a chart that scrolls has room for the title of its horizontal axis at its end", () => {
  /** @param {string} xanchor @returns {any} */
  const titled = (xanchor) => ({
    ...layoutOf({ panels: 3 }), annotations: [{ name: "y title", text: "share" }, { name: "x title", text: "step", xanchor }],
  });
  assert.equal(marginIn(300, titled("left")).r, 24 + 4 * 7.5);
  assert.equal(widthIn(300, titled("left")), 3 * 104 + 40 + 24 + 4 * 7.5);
  assert.equal(marginIn(300, titled("right")).r, 8); // within the panels
});

test("a chart is as wide as its place", () => {
  assert.deepEqual([300, 1000].map((room) => widthIn(room, layoutOf({}))), [300, 1000]);
  assert.equal(widthIn(412, layoutOf({ panels: 3 })), 412);
});

test("panels that would be narrower than 104 pixels make a chart wider than its place, which scrolls", () => {
  assert.equal(widthIn(300, layoutOf({ panels: 3 })), 3 * 104 + 40 + 8);
});

test("there the names leave the right margin", () => {
  assert.deepEqual([300, 412].map((room) => marginIn(room, layoutOf({ panels: 3 })).r), [8, 60]);
});

test("long names have a sixth of a wide place, and what was always theirs in a narrow one", () => {
  const layout = layoutOf({});
  layout.margin.r = 150;
  assert.deepEqual([300, 720, 1200].map((room) => marginIn(room, layout).r), [112, 120, 150]);
});

test("an enlarged chart is three quarters taller", () => {
  assert.deepEqual([false, true].map((large) => heightIn(500, layoutOf({}), large)), [300, 525]);
});

test("square panels are as tall as they are wide, and a title", () => {
  assert.equal(heightIn(300, layoutOf({ squares: [2, 1] }), false), Math.ceil(1.14 * 100 + 30));
});

test("a chart that fills the window ends above its lower edge, and is neither low nor very tall", () => {
  assert.deepEqual([608, 300, 2000].map((below) => heightWithin(below, { height: 300 })), [400, 300, 525]);
});

test("a picture that a lesson opens with gives at most four tenths of its height to the question below it", () => {
  assert.deepEqual([900, 582, 400].map((below) => heightAbove(below, { height: 300 })), [300, 250, 180]);
});

test("square panels of a chart that is wider than its place are as tall as it has room for", () => {
  const side = (3 * 104 + 48 - 100) / 6;
  const expected = { width: 360, height: Math.ceil(2 * 1.14 * side + 30) };
  assert.deepEqual(sizeIn(300, layoutOf({ squares: [6, 2], panels: 3 }), false), expected);
});

/** @type {[string, string[], boolean, string[]][]} */
const BOARDS = [
  ["pairs and threes stay", ["half", "half", "third full", "third", "third"], false,
    ["half", "half", "third full", "third", "third"]],
  ["a half without another is whole", ["half", "full", "half", "half"], false, ["half", "full", "half", "full"]],
  ["two thirds are halves, one is whole", ["third full", "third"], false, ["half", "half"]],
  ["one third is whole", ["full", "third"], false, ["full", "full"]],
  ["a first chart with a row of its own is no one's other half", ["half", "half"], true, ["half", "full"]],
];

for (const [words, sizes, isFirstWhole, found] of BOARDS) {
  test(`no chart leaves a part of its row empty: ${words}`, () => assert.deepEqual(sizesOf(sizes, isFirstWhole), found));
}
