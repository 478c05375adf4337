import assert from "node:assert/strict";
import { test } from "node:test";

import { news } from "../../bnviz/live/board/page.js";

/**
 * @param {number[]} values
 * @param {number} [known]
 */
function told(values, known) {
  /** @type {number[]} */
  const heard = [];
  const hear = news((/** @type {number} */ value) => heard.push(value), known);
  values.forEach(hear);
  return heard;
}

test("the first value is no news, and each other one is told once", () => {
  assert.deepEqual(told([0, 0, 1, 1, 3]), [1, 3]);
});

test("where a value is known, the first may be news", () => {
  assert.deepEqual([told([2, 2], 1), told([2, 2], 2)], [[2], []]);
});
