import assert from "node:assert/strict";
import { test } from "node:test";

import { storage } from "../../bnviz/live/board/storage.js";

/** @type {any} */
const refusing = { get localStorage() { throw new DOMException("Access is denied for this document.", "SecurityError"); } };

test("a frame without a storage of its own keeps what it is told as long as its page is open", () => {
  const kept = storage(refusing);
  assert.equal(kept.getItem("keys"), null);
  kept.setItem("keys", "off");
  assert.equal(storage(refusing).getItem("keys"), "off");
  kept.removeItem("keys");
  assert.equal(kept.getItem("keys"), null);
});

test("a page that has one keeps it there", () => {
  const own = { getItem: () => "off" };
  assert.equal(storage(/** @type {any} */ ({ localStorage: own })), own);
});
