import assert from "node:assert/strict";
import { test } from "node:test";

import { comeBy } from "../../bnviz/live/board/fill.js";
import { partOf } from "../../bnviz/live/board/ghost.js";

/** @import { MapSetup } from "../../bnviz/live/board/types.js" */

test("a picture that fills begins with few networks and ends with all", () => {
  assert.deepEqual([0, 0.25, 0.5, 1, 1.7].map((share) => comeBy(share, 2048)), [0, 128, 512, 2048, 2048]);
});

/** @param {string} title */
const setup = (title, map = "one") => /** @type {MapSetup} */ (/** @type {unknown} */ (
  { map, cells: 32, x: { title, ticks: [] }, y: { title: "up", ticks: [] } }
));

test("a closer look begins with the part that was asked for", () => {
  assert.deepEqual(partOf(setup("rate"), setup("rate", "two"), { map: "one", rectangle: [1, 2, 3, 4] }), [1, 2, 3, 4]);
});

test("another map of the same axes begins with all that stands there, one of other axes with nothing", () => {
  assert.deepEqual(partOf(setup("rate"), setup("rate", "two"), null), [0, 0, 32, 32]);
  assert.equal(partOf(setup("rate"), setup("depth", "two"), null), null);
});
