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
 */
function toldWith(session, kept, items) {
  /** @type {unknown[]} */
  const told = [];
  keep({ data: { session, kept }, setTriggerValue: (_, value) => told.push(value) }, storageOf(items));
  return told;
}

test("a new session is told once what lies here, and that is not written over before", () => {
  const items = { "bnviz.kept": '{"quiz":{"depth.0":1}}' };
  assert.deepEqual(toldWith("first", { quiz: {} }, items), [{ quiz: { "depth.0": 1 } }]);
  assert.equal(items["bnviz.kept"], '{"quiz":{"depth.0":1}}');
  assert.deepEqual(toldWith("first", { quiz: { "depth.0": 2 } }, items), []);
  assert.equal(items["bnviz.kept"], '{"quiz":{"depth.0":2}}');
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
  assert.ok(keep({ data: { session: "fourth", kept: {} }, setTriggerValue: () => {} }, full));
});
