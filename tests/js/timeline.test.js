import assert from "node:assert/strict";
import { test } from "node:test";

import { Timeline } from "../../bnviz/live/board/timeline.js";
import { bytesOf, float, frameOf } from "./made.js";

/** @import { Setup } from "../../bnviz/live/board/types.js" */

/**
 * @param {number} run
 * @returns {Setup}
 */
const setup = (run) => ({
  kind: "setup", label: "live", experiment: { arms: {}, changes: [] }, run, drawn: 0, about: "", arms: [], seeds: [0], columns: [float("loss", 1)], apart: [{ name: "plain.inside", length: 1 }],
  charts: [],
});

/** @param {number[]} steps */
function watched(...steps) {
  const timeline = new Timeline();
  timeline.announce(setup(1));
  timeline.take(frameOf(1, steps, steps.map((step) => bytesOf(step))));
  return timeline;
}

test("the run before stays until the announced one has a row", () => {
  const timeline = watched(0, 10);
  timeline.announce(setup(2));
  assert.equal(timeline.now?.setup.run, 1);
  timeline.take(frameOf(2, [0], [bytesOf(5)]));
  assert.deepEqual([timeline.now?.setup.run, timeline.next], [2, null]);
});

test("a frame of the run before is too late once another is announced", () => {
  const timeline = watched(0, 10);
  timeline.announce(setup(2));
  timeline.take(frameOf(1, [20], [bytesOf(5)]));
  assert.deepEqual(timeline.now?.rows.steps, [0, 10]);
});

test("the cursor follows the newest row until the reader looks back, and then stays at its step", () => {
  const timeline = watched(0, 10, 20);
  assert.deepEqual([timeline.cursor, timeline.pointed], [2, null]);
  timeline.scrub(10);
  timeline.take(frameOf(1, [30], [bytesOf(5)]));
  assert.deepEqual([timeline.cursor, timeline.pointed], [1, 10]);
});

test("looking back as far as the newest row is following it again", () => {
  const timeline = watched(0, 10, 20);
  timeline.scrub(0);
  timeline.scrub(20);
  assert.equal(timeline.back, null);
});

test("a step between two rows shows the earlier one, and one before the first the first", () => {
  const timeline = watched(10, 20, 40);
  assert.deepEqual([0, 10, 19, 20, 39].map((step) => (timeline.scrub(step), timeline.back)), [10, 10, 10, 20, 20]);
});

test("the reader moves by rows, and not beyond either end", () => {
  const timeline = watched(10, 20, 40);
  assert.deepEqual([-1, -1, -1, 1, 5].map((by) => (timeline.move(by), timeline.back)), [20, 10, 10, 20, null]);
});

test("the pointer is shown before the step that is looked back at", () => {
  const timeline = watched(0, 10, 20);
  timeline.scrub(10);
  timeline.hovered = 20;
  assert.equal(timeline.pointed, 20);
});

test("a connection is opened with the run and the last step that are known, a first one with nothing", () => {
  assert.deepEqual(new Timeline().known, {});
  assert.deepEqual(watched(0, 10).known, { run: "1", since: "10" });
});

test("a new run is followed although the one before was looked back at", () => {
  const timeline = watched(0, 10, 20);
  timeline.scrub(0);
  timeline.announce(setup(2));
  timeline.take(frameOf(2, [0, 1], [bytesOf(1), bytesOf(1)]));
  assert.deepEqual([timeline.back, timeline.cursor], [null, 1]);
});

/**
 * What was read of a unit, one number a step.
 * @param {[number, number]} unit
 * @param {Record<number, number>} found
 */
const looks = (unit, found, message = "") => {
  const more = { inside: unit, message };
  return frameOf(1, Object.keys(found).map(Number), Object.values(found).map((value) => bytesOf(value)), more);
};

test("what is read of the unit that is open stands in its step's row, before or after that comes", () => {
  const timeline = watched(0, 10);
  timeline.lookInto([2, 3]);
  timeline.take(looks([2, 3], { 10: 5, 20: 7 }));
  timeline.take(frameOf(1, [20], [bytesOf(1)]));
  const { rows } = timeline.now ?? assert.fail();
  assert.deepEqual([0, 1, 2].map((index) => rows.row("plain.inside", index)[0]), [NaN, 5, 7]);
});

test("another unit's numbers are left aside, and forgotten when it is closed", () => {
  const timeline = watched(0);
  timeline.lookInto([2, 3]);
  timeline.take(looks([1, 1], { 0: 5 }, "too late"));
  assert.deepEqual([timeline.now?.rows.row("plain.inside", 0)[0], timeline.message], [NaN, ""]);
  timeline.take(looks([2, 3], { 0: 5 }, "in time"));
  assert.equal(timeline.message, "in time");
  timeline.lookInto(null);
  assert.deepEqual([timeline.now?.rows.row("plain.inside", 0)[0], timeline.message], [NaN, ""]);
});
