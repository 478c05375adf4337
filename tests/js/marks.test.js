import assert from "node:assert/strict";
import { test } from "node:test";

import { eventMarks } from "../../bnviz/live/board/marks.js";

test("everything that was done is a hairline over the whole height", () => {
  const { shapes } = eventMarks([[10, "rate 1"], [90, "rate 0.1"]], 100);
  assert.deepEqual(shapes.map((shape) => Object(shape).x0), [90, 10]);
});

test("words are written at their step where there is room for them", () => {
  const { annotations } = eventMarks([[10, "rate 1"], [90, "rate 0.1"]], 100);
  assert.deepEqual(annotations.map(({ x, text }) => [x, text]), [[90, "rate 0.1"], [10, "rate 1"]]);
});

test("where two are nearer than 14 hundredths of the axis, only the newer one has its words", () => {
  const texts = (/** @type {number} */ second) =>
    eventMarks([[50, "first"], [second, "second"]], 100).annotations.map(({ text }) => text);
  assert.deepEqual([texts(63), texts(64)], [["second"], ["second", "first"]]);
});

test("where panels stand side by side each has its hairline, over what is drawn, and a small mark", () => {
  const { shapes, annotations } = eventMarks([[10, "rate 1"]], 100, 2);
  assert.deepEqual(shapes.map((shape) => [Object(shape).xref, Object(shape).layer]), [["x", "above"], ["x2", "above"]]);
  assert.deepEqual(annotations.map(({ text, x, xref }) => [text, x, xref]), [["▾", 10, "x"], ["▾", 10, "x2"]]);
});

test("the events that were handed in stay in their order", () => {
  /** @type {[number, string][]} */
  const events = [[1, "a"], [2, "b"]];
  eventMarks(events, 10);
  assert.deepEqual(events, [[1, "a"], [2, "b"]]);
});
