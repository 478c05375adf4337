import assert from "node:assert/strict";
import { test } from "node:test";

import { folded, lastKnown, captionOf, shownBy, thinned } from "../../bnviz/live/board/numbers.js";
import { rowsOf } from "./made.js";

const rows = rowsOf({ low: [[1], [2], [3]], high: [[5], [6], [7]], map: [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]] });
const arm = { arm: "bn", role: "bn" };

test("a curve of few rows shows all of them", () => {
  assert.equal(thinned(300), null);
});

test("a curve of many rows shows every so many, from the first to the newest, and never more than 301", () => {
  for (const count of [301, 450, 599, 600]) {
    const kept = thinned(count) ?? [];
    assert.deepEqual([kept[0], kept[1], kept.at(-1)], [0, 2, count - 1]);
    assert.ok(kept.length <= 301);
  }
});

test("a line shows the rows that are kept", () => {
  const { x, y } = shownBy({ ...arm, x: { series: "step" }, y: { series: "low" } }, rows, 2, {}, [0, 2]);
  assert.deepEqual([x, y], [[0, 20], [1, 3]]);
});

test("a flag is one point, however many rows are kept", () => {
  const flag = rowsOf({ gone: [[NaN], [NaN], [10]], low: [[1], [2], [3]] });
  const { x, y } = shownBy({ ...arm, x: { row: "gone" }, y: { at: "gone", series: "low" } }, flag, 2, {}, [0, 2]);
  assert.deepEqual([[...x ?? []], y], [[10], [2]]);
});

test("a band shows the outline of the rows that are kept", () => {
  const band = { ...arm, x: { series: "step" }, lower: { series: "low" }, upper: { series: "high" } };
  const { x, y } = shownBy(band, rows, 2, {}, [0, 2]);
  assert.deepEqual([x, y], [[0, 20, 20, 0], [5, 7, 3, 1]]);
});

test("a map shows the values at the cursor, and they fold into its rows", () => {
  const { z } = shownBy({ ...arm, z: { row: "map", wide: 2 } }, rows, 1, {}, null);
  assert.deepEqual(folded(z ?? [], 2), [[5, 6], [7, 8]]);
});

test("the last known value is the last finite one", () => {
  assert.deepEqual([[1, 2, NaN], [0, Infinity], [NaN], []].map(lastKnown), [2, 0, undefined, undefined]);
});

test("a caption is words and the numbers of its row in turn", () => {
  assert.equal(captionOf({ axes: {}, caption: ["low ", { row: "low" }, ", at first ", { first: "low" }, "."] }, rows, 2), "low 3, at first 1.");
  assert.equal(captionOf({ axes: {} }, rows, 2), "");
  assert.equal(captionOf({ axes: {}, own: true, caption: ["unit ", { values: [null] }] }, rows, 2), "");
});
