// What is said of a place of a map, and of a part of it.

import { NOTHING, sayOutcome } from "./pixels.js";
import { cornerOf } from "./walk.js";
import { say } from "./words.js";

/** @import { Pixels } from "./pixels.js" */
/** @import { Place, Rectangle } from "./walk.js" */
/** @import { MapScale, MapSetup } from "./types.js" */
/** @typedef {{ label: string, role: string, pixels: Pixels }} Arm */
/** @typedef {[words: string, role?: string]} Line */

/**
 * The network at a pixel of an arm, by its two values, and what became of it in every arm.
 * @param {Place} at
 * @param {Arm} own   the arm that is pointed at
 * @param {Arm[]} arms
 * @param {MapSetup} setup
 * @param {string} quantity
 * @param {MapScale} scale
 * @returns {Line[]}
 */
export function wordsAt(at, own, arms, { x, y }, quantity, scale) {
  const { column, row } = cornerOf(at, own.pixels.at(at.column, at.row).size);
  const outcomes = arms.map(({ label, role, pixels }) => {
    const pixel = pixels.at(column, row);
    const isOwn = column % pixel.size === 0 && row % pixel.size === 0;
    return /** @type {Line} */ ([`${label}: ${sayOutcome(isOwn ? pixel : { ...pixel, kind: NOTHING }, quantity, scale)}`, role]);
  });
  return [[`${x.label} ${say(x.values[column])}, ${y.label} ${say(y.values[row])}`], ...outcomes];
}

/**
 * A part of a map: from which network to which, and how many they are.
 * @param {Rectangle} part
 * @param {MapSetup} setup
 * @returns {Line[]}
 */
export function wordsOf([left, bottom, right, top], { x, y, cells }) {
  const across = `${x.label} ${say(x.values[left])} to ${say(x.values[right - 1])}`;
  const up = `${y.label} ${say(y.values[bottom])} to ${say(y.values[top - 1])}`;
  return [[`${across}, ${up}`], [`${right - left} x ${top - bottom} of the ${cells} x ${cells} networks`]];
}
