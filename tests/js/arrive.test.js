import assert from "node:assert/strict";
import test from "node:test";

import arrive from "../../bnviz/live/board/arrive.js";

test("a reader is taken here once for each arrival, and not by a page that ran again", () => {
  let taken = 0;
  const parentElement = /** @type {Element} */ (/** @type {unknown} */ ({ scrollIntoView: () => { taken += 1; } }));
  const counts = [0, 1, 1, 2, 0, 0].map((arrivals) => {
    arrive({ parentElement, data: { arrivals } });
    return taken;
  });
  assert.deepEqual(counts, [0, 1, 1, 2, 2, 2]);
});
