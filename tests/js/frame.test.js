import assert from "node:assert/strict";
import { test } from "node:test";

import { readFrame } from "../../bnviz/live/board/frame.js";
import { bytesOf, float, frameOf } from "./made.js";

/** @import { Column } from "../../bnviz/live/board/types.js" */

test("a frame holds the numbers, steps, epochs and captions that were packed", () => {
  const frame = frameOf(7, [0, 20], [bytesOf(1, 2, 0.5), bytesOf(3, 4, -8)]);
  const rows = readFrame(frame, 7, [float("loss", 2), float("rate", 1)]);
  assert.deepEqual(rows.map(({ step, epoch, caption }) => [step, epoch, caption]), [[0, 0, "After 0 steps."], [20, 2, "After 20 steps."]]);
  assert.deepEqual(rows.map(({ values }) => [[...values.loss], [...values.rate]]), [[[1, 2], [0.5]], [[3, 4], [-8]]]);
});

test("a row of single bytes ends where the next row's numbers may begin", () => {
  /** @type {Column[]} */
  const columns = [float("loss", 1), { name: "classes", dtype: "u1", length: 3 }];
  const frame = frameOf(1, [0, 1], [[...bytesOf(1), 9, 8, 7], [...bytesOf(2), 6, 5, 4]]);
  const [first, second] = readFrame(frame, 1, columns);
  assert.deepEqual([...first.values.classes, ...second.values.loss, ...second.values.classes], [9, 8, 7, 2, 6, 5, 4]);
});

test("what nobody watched has no bytes in a row", () => {
  /** @type {Column[]} */
  const columns = [float("loss", 1), { name: "network", dtype: "u1", length: 4, watch: "network" }];
  const frame = frameOf(1, [0, 1], [bytesOf(1), [...bytesOf(2), 6, 5, 4, 3]], { watched: [[], ["network"]] });
  const [first, second] = readFrame(frame, 1, columns);
  assert.deepEqual([[...first.values.loss], first.values.network], [[1], undefined]);
  assert.deepEqual([[...second.values.loss], [...second.values.network]], [[2], [6, 5, 4, 3]]);
});

test("another run's frame brings no rows, whatever its columns are", () => {
  assert.deepEqual(readFrame(frameOf(1, [0], [bytesOf(1)]), 2, [float("other", 1000)]), []);
});

test("a caption may hold any letters", () => {
  const header = { run: 1, steps: [0], epochs: [0], captions: ["γ and β: 1 %"] };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = Uint8Array.from([text.length, 0, 0, 0, ...text]);
  assert.equal(readFrame(bytes.buffer, 1, [])[0].caption, "γ and β: 1 %");
});
