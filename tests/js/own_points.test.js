import assert from "node:assert/strict";
import test from "node:test";

import { MOST, Points } from "../../bnviz/live/board/points.js";

/** @param {[number, number, number][]} places */
function painted(...places) {
  const points = new Points();
  for (const [x, y, word] of places) points.add({ x, y, word });
  return points;
}

test("a point takes three bytes, whose letters the server's words have too", () => {
  assert.equal(painted([0, 0, 0], [1023, 1023, 4]).text, "AAAA__9P");
});

test("what was written is read again", () => {
  const points = painted([3, 700, 1], [1023, 0, 2]), other = new Points();
  other.read(points.text);
  assert.deepEqual(other.all, points.all);
});

test("undo takes back what was begun together, erasing too", () => {
  const points = new Points();
  points.begin();
  points.add({ x: 10, y: 10, word: 0 });
  points.add({ x: 500, y: 500, word: 0 });
  points.begin();
  points.erase(0, 0, 50);
  assert.equal(points.all.length, 1);
  points.undo();
  assert.equal(points.all.length, 2);
  points.undo();
  assert.equal(points.all.length, 0);
});

test("training waits for ten points and a second class", () => {
  const nine = painted(...Array.from({ length: 9 }, (_, place) => /** @type {[number, number, number]} */ ([place, 0, 0])));
  assert.equal(nine.missing, "1 more point, and training begins");
  nine.add({ x: 9, y: 0, word: 0 });
  assert.equal(nine.missing, "Paint a second class, and training begins");
  nine.add({ x: 10, y: 0, word: 1 });
  assert.equal(nine.missing, "");
});

test("a link carries so many points, and none beside the plane", () => {
  const points = painted([-5, 2000, 0]);
  assert.deepEqual(points.all, [{ x: 0, y: 1023, word: 0 }]);
  while (points.add({ x: 1, y: 1, word: 1 }));
  assert.equal(points.all.length, MOST);
});
