// The scale below a map: its colours with ticks, and what has no place on it.

import { make } from "./dom.js";
import { flatColour, REFUSED } from "./pixels.js";

/** @import { MapScale } from "./types.js" */

/**
 * The parts of the legend; `isThere` says whether the map shows a network of a kind.
 * @param {MapScale} scale
 * @param {string} look
 * @param {(kind: number) => boolean} isThere
 */
export function legendOf(scale, look, isThere) {
  const bar = make("div", { className: "bnviz-ramp" });
  bar.style.background = `linear-gradient(to right, ${scale.stops.join(", ")})`;
  const ticks = make("div", { className: "bnviz-ramp-ticks" }, ...ticked(scale.ticks, "left"));
  const box = make("div", { className: "bnviz-ramp-box" }, bar, ticks);
  const [without, word] = scale.without, keys = [];
  if (isThere(without)) keys.push(swatch("flat", word, flatColour(scale, look)));
  if (isThere(REFUSED)) keys.push(swatch("refused", "cannot be trained"));
  return [make("div", { className: "bnviz-ramp-title" }, scale.title), box, ...keys];
}

/**
 * @param {string} kind
 * @param {string} word
 * @param {string} colour
 */
function swatch(kind, word, colour = "") {
  const square = make("i", { className: `bnviz-swatch bnviz-${kind}` });
  square.style.background = colour;
  return make("span", { className: "bnviz-key" }, square, word);
}

/**
 * Words along an axis, each at its share of the length.
 * @param {[number, string][]} ticks
 * @param {"left" | "bottom"} side
 */
export function ticked(ticks, side) {
  return ticks.map(([share, word]) => {
    const tick = make("span", {}, word);
    tick.style[side] = `${100 * share}%`;
    return tick;
  });
}
