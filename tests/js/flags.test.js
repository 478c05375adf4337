import assert from "node:assert/strict";
import { test } from "node:test";

import { placeWords } from "../../bnviz/live/board/flags.js";

// Words of 10 letters are 70 pixels wide and 16 high; the chart is 400 wide.

test("the words of a flag that stands alone are above it, to the right", () => {
  assert.deepEqual(placeWords([{ x: 100, y: 50, words: 10 }], 400), ["top right"]);
});

test("of flags close to each other the words stand on different sides", () => {
  const flags = [100, 110].map((x) => ({ x, y: 50, words: 10 }));
  assert.deepEqual(placeWords(flags, 400), ["top right", "bottom right"]);
});

test("words that would leave the chart stand to the left", () => {
  assert.deepEqual(placeWords([{ x: 390, y: 50, words: 10 }], 400), ["top left"]);
});

test("words without a free side are not written", () => {
  const flags = [0, 1, 2, 3, 4].map(() => ({ x: 200, y: 50, words: 10 }));
  assert.deepEqual(placeWords(flags, 400), ["top right", "bottom right", "top left", "bottom left", undefined]);
});

test("words stand on no other flag", () => {
  assert.equal(placeWords([{ x: 100, y: 50, words: 10 }, { x: 140, y: 40, words: 1 }], 400)[0], "bottom right");
});
