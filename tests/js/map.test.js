import assert from "node:assert/strict";
import { test } from "node:test";

import { colourOf, Pixels, sayOutcome } from "../../bnviz/live/board/pixels.js";
import { around, cornerOf } from "../../bnviz/live/board/square.js";

/** @import { Colour } from "../../bnviz/live/board/paint.js" */
/** @import { MapScale } from "../../bnviz/live/board/types.js" */

const ARM = { arm: "bn", label: "BN", role: "bn", note: "" };
/** @type {MapScale} */
const SCALE = {
  title: "test loss", low: 1, high: 100, log: true, stops: ["#000000", "#646464", "#C8C8C8"], ticks: [],
  flat: ["#FFFFFF", "#111111"],
};
const base64 = (/** @type {number[]} */ ...bytes) => Buffer.from(bytes).toString("base64");
const floats = (/** @type {number[]} */ ...values) => base64(...new Uint8Array(Float32Array.from(values).buffer));

// Two by two pixels from the lower left: trained, diverged; refused, nothing yet.
const four = new Pixels({
  ...ARM, kind: base64(1, 2, 3, 0), size: base64(1, 1, 2, 255),
  shown: floats(10, 1, 1, 1), diverged_at: floats(NaN, 40, NaN, NaN),
}, 2);

test("a pixel is read from the planes at its column and row", () => {
  assert.deepEqual([four.at(0, 0).shown, four.at(1, 0).diverged, four.at(0, 1).size], [10, 40, 2]);
});

test("before anything is trained every pixel is empty", () => {
  const none = new Pixels(ARM, 3);
  assert.deepEqual([none.filled, none.finest, sayOutcome(none.at(2, 2), SCALE)], [0, 3, "not trained yet"]);
});

test("what is known is counted, and how fine it is", () => {
  assert.deepEqual([four.filled, four.finest], [3, 1]);
});

test("pixels are painted from the upper left; what cannot be trained, or is not known, is transparent", () => {
  /** @type {(value: number) => Colour} */
  const colour = (value) => [value, 0, 0];
  assert.deepEqual([...four.painted(colour)], [0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 255, 1, 0, 0, 255]);
});

test("every outcome has its words", () => {
  const said = (/** @type {number} */ kind, title = SCALE.title) =>
    sayOutcome({ kind, size: 1, shown: 0.25, accuracy: 0.9012, loss: 0.51234, diverged: 40 }, { ...SCALE, title });
  assert.equal(said(0), "not trained yet");
  assert.equal(said(1), "test accuracy 90.1%, test loss 0.512");
  assert.equal(said(2), "diverged at step 40");
  assert.equal(said(3), "cannot be trained");
  assert.equal(said(1, "gradient norm, log"), "test accuracy 90.1%, test loss 0.512, gradient norm 0.25");
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
