import assert from "node:assert/strict";
import { test } from "node:test";

import { headline } from "../../bnviz/live/board/headline.js";
import { rowsOf } from "./made.js";

/** @import { Setup, State } from "../../bnviz/live/board/types.js" */

/** @param {number} run */
const told = (run) => {
  const rows = rowsOf({ loss: [[1]] });
  rows.captions[0] = "Before the first step.";
  return { rows, setup: /** @type {Setup} */ ({ kind: "setup", label: "live", experiment: { arms: {}, changes: [] }, run, drawn: 0, about: "", arms: [], seeds: [], columns: [], apart: [], charts: [] }) };
};
/**
 * @param {string} name
 * @param {Partial<State>} more
 * @returns {State}
 */
const state = (name, more = {}) => ({
  kind: "state", run: 2, state: name, position: 0, estimate_seconds: null, message: "", rates: {}, speed: 0, goal: null, turns: 0, plays: true,
  last: null, steps_per_second: null, events: [], ...more,
});
const EMPTY = { now: null, next: null, cursor: 0 };

test("before anything is known the laboratory opens", () => {
  assert.equal(headline(EMPTY, null), "Opening the laboratory.");
});

test("what could not be trained is not said to open", () => {
  assert.equal(headline(EMPTY, state("failed", { message: "MNIST is not here." })), "These networks could not be trained.");
});

test("a run that has a row is said in its caption", () => {
  assert.equal(headline({ now: told(2), next: null, cursor: 0 }, state("running")), "Before the first step.");
});

test("while another run is made the board says what it waits for, and whose numbers are below", () => {
  const words = headline({ now: told(1), next: told(2), cursor: 0 }, state("starting"));
  assert.match(words, /made and looked at .* Below is still the run before\.$/);
  assert.match(headline({ now: told(1), next: told(2), cursor: 0 }, state("queued", { position: 3 })), /wait until 2 before/);
});
