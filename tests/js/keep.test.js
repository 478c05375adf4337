import assert from "node:assert/strict";
import test from "node:test";

import keep from "../../bnviz/live/board/keep.js";

/** @param {Record<string, string>} items */
function storageOf(items) {
  return /** @type {Storage} */ (/** @type {unknown} */ ({
    getItem: (/** @type {string} */ name) => items[name] ?? null,
    setItem: (/** @type {string} */ name, /** @type {string} */ text) => { items[name] = text; },
  }));
}

/**
 * What is told to the page's script when it runs with this data.
 * @param {string} session
 * @param {Record<string, unknown> | null} kept
 * @param {Record<string, string>} items
 * @param {boolean} taken
 */
function toldWith(session, kept, items, taken = false) {
  /** @type {unknown[]} */
  const told = [];
  keep({ data: { session, kept, taken }, setTriggerValue: (_, value) => told.push(value) }, storageOf(items));
  return told;
}

test("a new session is told what lies here until it has taken it, and that is not written over before", () => {
  const items = { "bnviz.kept": '{"quiz":{"depth.0":1}}' };
  for (const kept of [null, { quiz: { "depth.1": 2 } }]) {
    assert.deepEqual(toldWith("first", kept, items), [{ quiz: { "depth.0": 1 } }]);
    assert.equal(items["bnviz.kept"], '{"quiz":{"depth.0":1}}');
  }
  assert.deepEqual(toldWith("first", { quiz: { "depth.0": 2 } }, items, true), []);
  assert.equal(items["bnviz.kept"], '{"quiz":{"depth.0":2}}');
});

test("where nothing lies nothing is waited for, and what is written then is no news to the session that wrote it", () => {
  /** @type {Record<string, string>} */
  const items = {};
  toldWith("fresh", null, items);
  for (const answer of [1, 2]) assert.deepEqual(toldWith("fresh", { quiz: { "depth.1": answer } }, items), []);
  assert.equal(items["bnviz.kept"], '{"quiz":{"depth.1":2}}');
});

test("a session that knows of nothing writes nothing", () => {
  const items = {};
  toldWith("second", null, items);
  assert.deepEqual(items, {});
});

test("what is no text of ours is nothing", () => {
  assert.deepEqual(toldWith("third", null, { "bnviz.kept": "{" }), []);
});

test("a browser that keeps nothing hinders nobody", () => {
  const full = /** @type {Storage} */ (/** @type {unknown} */ ({ getItem: () => null, setItem: () => { throw new Error(); } }));
  assert.ok(keep({ data: { session: "fourth", kept: {}, taken: false }, setTriggerValue: () => {} }, full));
});
