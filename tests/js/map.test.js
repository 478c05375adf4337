import assert from "node:assert/strict";
import { test } from "node:test";

import { colourOf, DIVERGED, NOTHING, Pixels, readCells, REFUSED, sayOutcome, TRAINED } from "../../bnviz/live/board/pixels.js";
import { around, cornerOf, halfAround, stepped } from "../../bnviz/live/board/square.js";
import { bytesOf } from "./made.js";

/** @import { Colour } from "../../bnviz/live/board/paint.js" */
/** @import { MapScale } from "../../bnviz/live/board/types.js" */

/** @type {MapScale} */
const SCALE = {
  title: "test loss", low: 1, high: 100, log: true, stops: ["#000000", "#646464", "#C8C8C8"], ticks: [],
  flat: ["#FFFFFF", "#111111"], without: [DIVERGED, "diverged"],
};

/**
 * @param {number} size
 * @param {number} loss
 */
const network = (size, loss, kind = TRAINED) => ({ number: 0, size, kind, results: { test_loss: loss, diverged_at: 40 } });

/** Four by four pixels: a block of 2 x 2 in the lower left corner, of which one pixel has its own network by now. */
function grown() {
  const pixels = new Pixels(4);
  pixels.add(network(2, 10), 0, 0);
  pixels.add(network(1, 20, DIVERGED), 1, 0);
  return pixels;
}

test("the networks of a frame are read plane by plane", () => {
  const numbers = new Uint8Array(Uint32Array.of(7, 300).buffer);
  const bytes = [...bytesOf(0, 0), ...numbers, ...bytesOf(0.5, 0.25), ...bytesOf(1, 2), 4, 2, TRAINED, DIVERGED];
  const read = readCells(Uint8Array.from(bytes).buffer, 8, 2, ["test_loss", "diverged_at"]);
  assert.deepEqual(read, [
    { number: 7, size: 4, kind: TRAINED, results: { test_loss: 0.5, diverged_at: 1 } },
    { number: 300, size: 2, kind: DIVERGED, results: { test_loss: 0.25, diverged_at: 2 } },
  ]);
});

test("a network fills its block", () => {
  const pixels = new Pixels(4);
  pixels.add(network(2, 10), 2, 0);
  assert.deepEqual([pixels.filled, pixels.at(3, 1).results.test_loss, pixels.at(0, 0).kind], [4, 10, NOTHING]);
});

test("a finer network takes its own pixel, and leaves the corner of its block to the coarse one", () => {
  const pixels = grown();
  assert.deepEqual([[0, 0], [1, 0], [0, 1]].map(([column, row]) => pixels.at(column, row).size), [1, 1, 2]);
  assert.deepEqual([[0, 0], [1, 0], [0, 1]].map(([column, row]) => pixels.at(column, row).results.test_loss), [10, 20, 10]);
});

test("before anything is trained every pixel is empty", () => {
  const none = new Pixels(3);
  assert.deepEqual([none.filled, none.finest, none.at(2, 2).kind], [0, 3, NOTHING]);
});

test("what is known is counted, how fine it is, and what became of it", () => {
  const pixels = grown();
  assert.deepEqual([pixels.filled, pixels.finest, pixels.has(DIVERGED), pixels.has(REFUSED)], [4, 1, true, false]);
});

/** @type {(value: number) => Colour} */
const red = (value) => [Number.isFinite(value) ? value : 255, 0, 0];

test("pixels are painted from the upper left; what is not known is transparent", () => {
  const painted = grown().painted("test_loss", red);
  const at = (/** @type {number} */ column, /** @type {number} */ row) =>
    [...painted.slice(4 * (4 * (3 - row) + column)).slice(0, 4)];
  assert.deepEqual([at(0, 0), at(1, 0), at(2, 2)], [[10, 0, 0, 255], [255, 0, 0, 255], [0, 0, 0, 0]]);
});

test("another quantity needs no other networks: who diverged has a step, and what cannot be trained nothing", () => {
  const pixels = grown();
  pixels.add(network(1, 5, REFUSED), 0, 1);
  const painted = pixels.painted("diverged_at", red);
  assert.deepEqual([...painted.slice(4 * 13, 4 * 13 + 4)], [40, 0, 0, 255]);
  assert.equal(painted[4 * 8 + 3], 0);
});

test("every outcome has its words", () => {
  const results = { test_accuracy: 0.9012, test_loss: 0.51234, gradient_norm: 0.25, diverged_at: 40 };
  const said = (/** @type {number} */ kind, title = SCALE.title) =>
    sayOutcome({ kind, size: 1, results }, "gradient_norm", { ...SCALE, title });
  assert.equal(said(NOTHING), "not trained yet");
  assert.equal(said(TRAINED), "test accuracy 90.1%, test loss 0.512");
  assert.equal(said(DIVERGED), "diverged at step 40");
  assert.equal(said(REFUSED), "cannot be trained");
  assert.equal(said(TRAINED, "gradient norm, log"), "test accuracy 90.1%, test loss 0.512, gradient norm 0.25");
});

test("on a logarithmic scale the middle colour stands for the geometric mean", () => {
  const colour = colourOf(SCALE, "light");
  assert.deepEqual([1, 10, 100].map(colour), [[0, 0, 0], [100, 100, 100], [200, 200, 200]]);
});

test("on an equal scale the middle colour stands for the middle", () => {
  const colour = colourOf({ ...SCALE, log: false, low: 0, high: 2 }, "light");
  assert.deepEqual([0, 0.5, 1].map(colour), [[0, 0, 0], [50, 50, 50], [100, 100, 100]]);
});

test("beyond the scale are its ends, and what is no number has a colour of its own in each look", () => {
  assert.deepEqual([0, 1e9, NaN].map(colourOf(SCALE, "light")), [[0, 0, 0], [200, 200, 200], [255, 255, 255]]);
  assert.deepEqual(colourOf(SCALE, "dark")(NaN), [17, 17, 17]);
});

test("a rectangle takes in every pixel that it touches, wherever it was begun", () => {
  assert.deepEqual(around([5.2, 1.9], [2.5, 4.1]), [2, 1, 6, 5]);
});

test("a network of 4 x 4 pixels is found from each of them", () => {
  for (const [column, row] of [[4, 8], [5, 10], [7, 11]]) assert.deepEqual(cornerOf({ column, row }, 4), { column: 4, row: 8 });
});

test("the first arrow points at the middle, the others go on from there and stop at the border", () => {
  assert.deepEqual(stepped(null, [1, 0], 1, 8), { column: 4, row: 4 });
  assert.deepEqual(stepped({ column: 6, row: 0 }, [1, 0], 8, 8), { column: 7, row: 0 });
});

test("half the map around a pixel stays within it", () => {
  assert.deepEqual(halfAround({ column: 1, row: 7 }, 8), [0, 4, 4, 8]);
});
