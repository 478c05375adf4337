import assert from "node:assert/strict";
import { test } from "node:test";

import { drawQuickly, fill } from "../../bnviz/live/board/quick.js";

/** @import { Calculated } from "../../bnviz/live/board/types.js" */

test("a point is drawn only where both its numbers are known", () => {
  /** @type {Calculated[]} */
  const points = [];
  fill(points, [1, 2, NaN], [10, NaN, 30]);
  assert.deepEqual(points, [{ i: 0, x: 1, y: 10 }, { i: 1, x: undefined, y: undefined }, { i: 2, x: undefined, y: undefined }]);
});

test("what plotly noted on its first point stays, and points that are gone go", () => {
  const points = [{ i: 0, x: 1, y: 1, t: "plotly's note" }, { i: 1, x: 2, y: 2 }];
  fill(points, [], []);
  assert.deepEqual(points, [{ i: 0, x: undefined, y: undefined, t: "plotly's note" }]);
});

test("without plotly's own cartesian module the quick way is not taken", () => {
  const place = /** @type {HTMLElement} */ ({});
  assert.equal(drawQuickly(place, []), false);
});
