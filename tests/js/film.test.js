import assert from "node:assert/strict";
import test from "node:test";

import { namedBy } from "../../bnviz/live/board/company.js";
import { times } from "../../bnviz/live/board/loop.js";
import { shortsOf } from "../../bnviz/live/board/packing.js";
import { following } from "../../bnviz/live/board/player.js";
import { acrossFor } from "../../bnviz/live/board/stamps.js";

const FILM = { frames: 3, every: 100 };

test("a factor is said short, far from 1 by its power of ten", () => {
  assert.deepEqual([1.2345, 0.0731, 402.4, 1.3e9, 5.7e-5].map(times), ["× 1.2", "× 0.073", "× 402", "× 1e9", "× 6e−5"]);
});

test("a frame stands for its time, then the next follows, and the first follows the last", () => {
  assert.deepEqual(following(0, 99, FILM), [0, 99]);
  assert.deepEqual(following(0, 130, FILM), [1, 30]);
  assert.deepEqual(following(2, 100, FILM), [0, 0]);
});

test("a page that was busy leaves no frame out", () => {
  assert.deepEqual(following(0, 5000, FILM), [1, 100]);
});

test("pictures stand in the smallest square that holds them", () => {
  assert.deepEqual([1, 2, 8, 64].map(acrossFor), [1, 2, 3, 8]);
});

test("the most probable class is named, the first of two alike", () => {
  assert.deepEqual([namedBy([0.1, 0.7, 0.2]), namedBy([0.4, 0.2, 0.4])], [1, 0]);
});

test("numbers that came as a text are those that were packed", () => {
  assert.deepEqual([...shortsOf(btoa(String.fromCharCode(1, 0, 255, 255)))], [1, 65535]);
});
