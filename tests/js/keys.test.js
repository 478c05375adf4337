import assert from "node:assert/strict";
import { test } from "node:test";

import { Switch, usesItself } from "../../bnviz/live/board/keys.js";

/**
 * An element in focus: its tag, its attributes, and a selector's word that one of those around it has.
 * @param {string} tag
 * @param {{ role?: string, type?: string, around?: string, wide?: number, isContentEditable?: boolean }} more
 * @returns {any}
 */
const element = (tag, { role, type, around, wide = 100, isContentEditable = false } = {}) => ({
  tagName: tag.toUpperCase(), type, isContentEditable, scrollWidth: wide, clientWidth: 100,
  getAttribute: () => role ?? null,
  closest: (/** @type {string} */ selector) => (around && selector.includes(around) ? {} : null),
});

/** @type {[string, any, string[], string[]][]} */
const CASES = [
  ["the page itself", element("section"), [], [" ", "s", "r", "ArrowLeft"]],
  ["a link, which only Enter follows", element("a"), ["Enter"], [" ", "s"]],
  ["a button, which Space presses", element("button"), [" "], ["s", "r", "ArrowLeft", "?"]],
  ["a slider, which arrows move", element("input", { type: "range" }), ["ArrowLeft", "Home"], [" ", "s", "?"]],
  ["a switch", element("input", { type: "checkbox" }), [" "], ["s", "ArrowLeft"]],
  ["a choice beside others, which arrows walk through", element("button", { role: "radio" }), [" ", "ArrowRight"], ["e"]],
  ["a button of a toolbar", element("button", { around: "toolbar" }), [" ", "ArrowRight"], ["e"]],
  ["text that is typed", element("input", { type: "text" }), [" ", "s", "ArrowLeft", "?"], []],
  ["a field that a number is typed into", element("input", { type: "number" }), ["e", "ArrowUp"], []],
  ["a text box of another make", element("div", { isContentEditable: true }), ["s", " "], []],
  ["a list that is chosen from by its letters", element("input", { role: "combobox" }), ["s", " "], []],
  ["a map that is walked through", element("canvas", { role: "img" }), ["ArrowLeft", "Enter"], []],
  ["anything in a dialog", element("button", { around: "dialog" }), ["s", " "], []],
  ["a picture", element("div", { role: "img" }), [], ["ArrowLeft", "s"]],
  ["a picture wider than its place", element("div", { role: "img", wide: 300 }), ["ArrowLeft"], ["s", "Home"]],
];

for (const [what, target, own, ours] of CASES) {
  test(`${what} keeps its own keys and no others`, () => {
    assert.deepEqual([...own, ...ours].filter((key) => usesItself(target, key)), own);
  });
}

/**
 * @param {Record<string, string>} kept
 * @returns {any}
 */
const storage = (kept) => ({
  getItem: (/** @type {string} */ name) => kept[name] ?? null,
  setItem: (/** @type {string} */ name, /** @type {string} */ value) => { kept[name] = value; },
  removeItem: (/** @type {string} */ name) => { delete kept[name]; },
});

test("keys that were turned off stay off for the next page of this browser, and can be turned on again", () => {
  const kept = {};
  new Switch(storage(kept)).turn(true);
  assert.equal(new Switch(storage(kept)).isOff, true);
  new Switch(storage(kept)).turn(false);
  assert.deepEqual([new Switch(storage(kept)).isOff, kept], [false, {}]);
});

test("a browser that keeps nothing remembers it for the page", () => {
  const refuse = () => { throw new Error("full"); };
  const own = new Switch(/** @type {any} */ ({ getItem: refuse, setItem: refuse, removeItem: refuse }));
  own.turn(true);
  assert.equal(own.isOff, true);
});
