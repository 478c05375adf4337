import assert from "node:assert/strict";
import { test } from "node:test";

import { colourOf, DIVERGED, NOTHING, Pixels, readCells, REFUSED, sayOutcome, TRAINED } from "../../bnviz/live/board/pixels.js";
import { wordsAt, wordsOf } from "../../bnviz/live/board/map_words.js";
import { around, between, cornerOf, middleOf, moved, resized, walked, wayOf } from "../../bnviz/live/board/walk.js";
import { bytesOf } from "./made.js";

/** @import { Colour } from "../../bnviz/live/board/paint.js" */
/** @import { MapScale, MapSetup } from "../../bnviz/live/board/types.js" */

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
  const unread = { kind: TRAINED, size: 1, results: { ...results, test_accuracy: NaN } };
  assert.equal(sayOutcome(unread, "test_accuracy", SCALE), "no finite answer on test examples");
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
  assert.deepEqual(between([5.2, 1.9], [2.5, 4.1]), [2, 1, 6, 5]);
});

test("a network of 4 x 4 pixels is found from each of them", () => {
  for (const [column, row] of [[4, 8], [5, 10], [7, 11]]) assert.deepEqual(cornerOf({ column, row }, 4), { column: 4, row: 8 });
});

test("arrows lead to the next pixel, with shift eight on, Home and End to the ends, and no farther than the border", () => {
  const from = { column: 6, row: 0 };
  const led = (/** @type {string} */ key, shiftKey = false) => walked(from, wayOf({ key, shiftKey }) ?? [0, 0], 32);
  assert.deepEqual(led("ArrowRight"), { column: 7, row: 0 });
  assert.deepEqual(led("ArrowUp", true), { column: 6, row: 8 });
  assert.deepEqual([led("Home"), led("End")], [{ column: 0, row: 0 }, { column: 31, row: 0 }]);
  assert.deepEqual([led("PageUp"), led("ArrowDown")], [{ column: 6, row: 8 }, { column: 6, row: 0 }]);
  assert.equal(wayOf({ key: "x", shiftKey: false }), null);
});

test("the part around a pixel is half the map, and within it", () => {
  assert.deepEqual(around({ column: 1, row: 7 }, 8), [0, 4, 4, 8]);
  assert.deepEqual(around({ column: 4, row: 4 }, 8), [2, 2, 6, 6]);
});

test("a smaller part keeps its pixel and two pixels a side, a larger one ends with the map", () => {
  const corner = { column: 0, row: 7 };
  assert.deepEqual(resized([0, 4, 4, 8], 0.5, corner, 8), [0, 6, 2, 8]);
  assert.deepEqual(resized([0, 6, 2, 8], 0.5, corner, 8), [0, 6, 2, 8]);
  assert.deepEqual(resized([0, 6, 1, 8], 0.5, corner, 8), [0, 6, 1, 8]);
  assert.deepEqual(resized([0, 4, 4, 8], 2, corner, 8), [0, 0, 8, 8]);
});

test("a part that is moved is as large as before, and stays within the map", () => {
  assert.deepEqual(moved([2, 2, 5, 6], [-1, 1], 8), [1, 3, 4, 7]);
  assert.deepEqual(moved([2, 2, 5, 6], [Infinity, -8], 8), [5, 0, 8, 4]);
  assert.deepEqual(middleOf([2, 2, 6, 6]), { column: 4, row: 4 });
});

const AXIS = { label: "depth", title: "depth", values: [1, 2, 3, 4], ticks: [] };
const RATE = { ...AXIS, label: "learning rate", values: [0.1, 1, 10, 100] };
/** @type {MapSetup} */
const SETUP = { map: "", cells: 4, x: RATE, y: AXIS, arms: [], results: [], scales: {} };

test("a place is said by its two values and what became of every arm there, where it has a network of its own", () => {
  const plain = { label: "plain", role: "plain", pixels: grown() }, bn = { label: "BN", role: "bn", pixels: new Pixels(4) };
  bn.pixels.add({ ...network(2, 2), results: { test_accuracy: 0.5, test_loss: 2 } }, 0, 0);
  const said = wordsAt({ column: 1, row: 0 }, plain, [plain, bn], SETUP, "test_loss", SCALE);
  assert.deepEqual(said, [
    ["learning rate 1, depth 1"], ["plain: diverged at step 40", "plain"], ["BN: not trained yet", "bn"],
  ]);
});

test("a part is said by the networks at its ends, and by how many they are", () => {
  assert.deepEqual(wordsOf([1, 0, 3, 4], SETUP), [["learning rate 1 to 10, depth 1 to 4"], ["2 x 4 of the 4 x 4 networks"]]);
});
