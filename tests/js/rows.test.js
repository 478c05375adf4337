import assert from "node:assert/strict";
import { test } from "node:test";

import { Rows } from "../../bnviz/live/board/rows.js";
import { float, rowsOf } from "./made.js";

/** @param {number} count */
function counted(count, capacity = 4) {
  const rows = new Rows([float("a", 2)], capacity);
  for (let step = 0; step < count; step += 1) {
    rows.add({ step, epoch: 0, caption: `${step}`, values: { a: Float32Array.of(step, -step) } });
  }
  return rows;
}

test("a vector is read back by row, an entry over all rows", () => {
  const rows = rowsOf({ a: [[1, 2], [3, 4]] });
  assert.deepEqual([...rows.row("a", 1)], [3, 4]);
  assert.deepEqual([...rows.series("a", 1)], [2, 4]);
});

test("what nobody watched is unread, also where another row stood before", () => {
  const rows = new Rows([{ name: "network", dtype: "u1", length: 2, watch: "network" }]);
  rows.add({ step: 0, epoch: 0, caption: "", values: {} });
  rows.add({ step: 1, epoch: 0, caption: "", values: { network: Uint8Array.of(3, 4) } });
  assert.deepEqual([[...rows.row("network", 0)], [...rows.row("network", 1)]], [[255, 255], [3, 4]]);
});

test("when rows are full every second one goes, and from then on every second one is kept", () => {
  assert.deepEqual(counted(4).steps, [0, 1, 2, 3]);
  assert.deepEqual(counted(5).steps, [0, 2, 4]);
  assert.deepEqual(counted(7).steps, [0, 2, 4, 6]);
});

test("the newest row is kept even where it would be left out", () => {
  assert.deepEqual(counted(6).steps, [0, 2, 4, 5]);
  assert.deepEqual(counted(4, 3).steps, [0, 2, 3]);
});

for (const count of [1, 5, 6, 17, 100]) {
  test(`after ${count} rows, numbers, steps and captions still belong together`, () => {
    const rows = counted(count);
    assert.deepEqual([...rows.series("a", 1)], rows.steps.map((step) => -step || -0));
    assert.deepEqual(rows.captions, rows.steps.map(String));
    assert.ok(rows.length <= 4 && rows.steps[0] === 0 && rows.steps[rows.last] === count - 1);
  });
}

test("a row that is not newer changes nothing", () => {
  const rows = rowsOf({ a: [[1], [2]] });
  rows.add({ step: 10, epoch: 1, caption: "", values: { a: Float32Array.of(99) } });
  assert.deepEqual([rows.length, rows.version, [...rows.series("a")]], [2, 2, [1, 2]]);
});

test("the row at a step is the last one that is not later", () => {
  const rows = rowsOf({ a: [[0], [0], [0]] });
  assert.deepEqual([-5, 0, 9, 10, 19, 20, 99].map((step) => rows.at(step)), [0, 0, 0, 1, 1, 2, 2]);
});

test("what is known of an open unit is kept for the steps that still have a row", () => {
  const rows = new Rows([float("loss", 1)], 2, [{ name: "inside", length: 1 }]);
  for (const step of [0, 1, 2, 3, 4, 5]) {
    rows.look({ step, values: { inside: Float32Array.of(step) } });
    rows.add({ step, epoch: 0, caption: "", values: { loss: Float32Array.of(0) } });
  }
  assert.ok(rows.looks.size <= 5);
  assert.deepEqual(rows.steps.map((_, index) => rows.row("inside", index)[0]), rows.steps);
});
