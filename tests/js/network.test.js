import assert from "node:assert/strict";
import { test } from "node:test";

import { Networks } from "../../bnviz/live/board/network.js";
import { Paint } from "../../bnviz/live/board/paint.js";

globalThis.document ??= /** @type {any} */ ({ createElement: () => ({ append() {} }) });

/** @type {Record<string, string>} */
const LOOK = { card: "#FFFFFF", plain: "#C2410C", bn: "#0B6BB5" };

/** @param {number} pixel */
const bytes = (pixel) => [...new Uint8Array(Uint32Array.of(pixel).buffer)];

test("a byte below zero has plain's hue, one above BN's, and 255 is nothing", () => {
  const ramp = new Paint((name) => LOOK[name] ?? "#000000").signed(127);
  assert.deepEqual([0, 127, 254, 255].map((value) => bytes(ramp[value])),
    [[0xC2, 0x41, 0x0C, 255], [255, 255, 255, 255], [0x0B, 0x6B, 0xB5, 255], [0, 0, 0, 0]]);
});

test("where nothing is negative the surface stands at the lower end", () => {
  const ramp = new Paint((name) => LOOK[name] ?? "#000000").signed(0);
  assert.deepEqual([0, 254].map((value) => bytes(ramp[value])), [[255, 255, 255, 255], [0x0B, 0x6B, 0xB5, 255]]);
});

test("while a unit is pointed at only its own weights are seen", () => {
  const networks = new Networks([]);
  assert.ok(networks.isSeen(1, 4, 2, 0));
  networks.pointed = { arm: "bn", layer: 2, unit: 1 };
  assert.deepEqual([networks.isSeen(1, 4, 2, 0), networks.isSeen(2, 0, 3, 9), networks.isSeen(1, 0, 2, 1)], [true, true, false]);
});
