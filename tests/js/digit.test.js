import assert from "node:assert/strict";
import test from "node:test";

import { named } from "../../bnviz/live/board/digit.js";
import { pixelsOf } from "../../bnviz/live/board/digit_pixels.js";

const ONE = [[{ x: 0.3, y: 0.2 }, { x: 0.3, y: 0.6 }]];

/**
 * The rows and columns in which there is ink.
 * @param {Uint8Array} pixels
 * @param {number} side
 */
function inkIn(pixels, side) {
  const at = Array.from(pixels.keys()).filter((index) => pixels[index] > 0);
  const rows = at.map((index) => Math.floor(index / side)), columns = at.map((index) => index % side);
  return [Math.min(...rows), Math.max(...rows), Math.min(...columns), Math.max(...columns)];
}

test("of 8 x 8 pixels a digit fills all rows, wherever and however small it was drawn", () => {
  assert.deepEqual(inkIn(pixelsOf(ONE, 8), 8), [0, 7, 3, 4]);
});

test("of 28 x 28 pixels it fills the twenty in the middle", () => {
  assert.deepEqual(inkIn(pixelsOf(ONE, 28), 28).slice(0, 2), [4, 23]);
});

test("of 28 x 28 pixels the middle of the ink is the middle of the picture", () => {
  const seven = [[{ x: 0.2, y: 0.2 }, { x: 0.7, y: 0.2 }, { x: 0.4, y: 0.8 }]];
  const pixels = pixelsOf(seven, 28), ink = pixels.reduce((sum, shade) => sum + shade, 0);
  const mean = pixels.reduce((sum, shade, index) => sum + shade * ((index % 28) + 0.5), 0) / ink;
  assert.ok(Math.abs(mean - 14) < 0.1);
});

test("the largest share is named", () => {
  assert.equal(named([0.1, 0.7, 0.2]), "1 (70%)");
  assert.equal(named([NaN, NaN]), "nothing");
});
