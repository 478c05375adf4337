import assert from "node:assert/strict";
import { test } from "node:test";

import { mixed, Paint, rgb } from "../../bnviz/live/board/paint.js";

/** @type {Record<string, string>} */
const LOOK = {
  "band-opacity": "0.2", "dim-opacity": "0.1", "card": "#FFFFFF", "text": "#222222", "bn": "#0B6BB5", "plain": "#C2410C",
  "deep-bn": "#000000", "ramp-middle": "0.5",
  "class-0": "#000000", "class-1": "#FF0000", "class-2": "#00FF00", "class-3": "#0000FF", "class-4": "#808080",
};
const paint = new Paint((name) => LOOK[name] ?? "");

test("a colour is read from its hexadecimal digits", () => {
  assert.deepEqual(rgb("#0B6BB5"), [11, 107, 181]);
});

test("a mixture begins at one colour and ends at the other", () => {
  const mixtures = [0, 0.5, 1].map((share) => mixed([0, 10, 255], [100, 20, 55], share));
  assert.deepEqual(mixtures, [[0, 10, 255], [50, 15, 155], [100, 20, 55]]);
});

test("a word of the theme becomes the look's colour, any other stays", () => {
  assert.deepEqual(["text", "arm:bn", "band:bn", "rgba(0,0,0,0)"].map((word) => paint.colour(word)),
    ["#222222", "#0B6BB5", "rgba(11,107,181,0.2)", "rgba(0,0,0,0)"]);
});

test("in a figure only what is named as a colour is painted, at any depth", () => {
  const figure = { text: "text", data: [{ line: { color: "arm:bn", dash: "text" }, fillcolor: "text" }] };
  assert.deepEqual(paint.whole(figure), { text: "text", data: [{ line: { color: "#0B6BB5", dash: "text" }, fillcolor: "#222222" }] });
});

test("the template that is painted is left as it was", () => {
  const figure = { line: { color: "text" }, meta: { color: "text" } };
  assert.deepEqual(paint.whole(figure).meta, { color: "text" });
  assert.equal(figure.line.color, "text");
});

test("a ramp goes from the surface over the arm's colour to its deep end", () => {
  const pixels = new Uint8Array(paint.ramp("bn").buffer), at = (/** @type {number} */ index) => [...pixels.slice(4 * index, 4 * index + 4)];
  assert.deepEqual([at(0), at(255)], [[255, 255, 255, 255], [0, 0, 0, 255]]);
  assert.ok(at(127).every((part, index) => Math.abs(part - [11, 107, 181, 255][index]) <= 1));
});

test("a map is painted from the top: 12 hundredths of the class's colour for a guess, nothing for 255", () => {
  const pixels = paint.pixels(Uint8Array.of(0, 255, 50, 99), 2);
  assert.deepEqual([...pixels.slice(0, 4)], [255, 224, 224, 255]);
  assert.deepEqual([...pixels.slice(4, 8)], [255, 4, 4, 255]);
  assert.deepEqual([...pixels.slice(8)], [224, 224, 224, 255, 0, 0, 0, 0]);
});

test("bytes with a sign have plain's hue below zero, the surface there and BN's hue above, and 255 is nothing", () => {
  const signed = new Uint8Array(paint.signed(127).buffer);
  const at = (/** @type {number} */ byte) => [...signed.slice(4 * byte, 4 * byte + 4)];
  assert.deepEqual([0, 127, 254, 255].map(at), [[194, 65, 12, 255], [255, 255, 255, 255], [11, 107, 181, 255], [0, 0, 0, 0]]);
});

test("tiles are painted from the bottom up in the colours of their scale", () => {
  const ramp = [...paint.shades([0, 255, 254, 0], 2, "ramp:bn")], signed = [...paint.shades([127, 0], 1, "signed:0.5")];
  assert.deepEqual(ramp.slice(8), [255, 255, 255, 255, 0, 0, 0, 0]);
  assert.deepEqual(ramp.slice(4, 8), [255, 255, 255, 255]);
  assert.deepEqual(signed, [194, 65, 12, 255, 255, 255, 255, 255]);
});
