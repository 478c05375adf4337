// What the traces of a template show at a row of a run, as plain numbers. Knows no element and no plotly.

import { evaluate, outline } from "./bindings.js";
import { sayAll } from "./words.js";

/** @import { Binding, Numbers, Picks, RuledLayout, Shown, TraceMeta } from "./types.js" */
/** @import { Rows } from "./rows.js" */

const MOST_POINTS = 300;

/**
 * The numbers of one trace: a line's points, a band's outline, or the values of a map.
 * @param {TraceMeta} meta
 * @param {Rows} rows
 * @param {number} cursor
 * @param {Picks} picks
 * @param {number[] | null} kept   which rows a curve shows, where these are not all
 * @returns {Shown}
 */
export function shownBy(meta, rows, cursor, picks, kept) {
  const of = (/** @type {Binding | undefined} */ binding) => {
    if (!binding) return [];
    const all = evaluate(binding, rows, cursor, picks);
    return kept && "series" in binding && !("at" in binding) ? kept.map((index) => all[index]) : all;
  };
  if (meta.z) return "rows" in meta.z ? { y: of(meta.y) } : { z: of(meta.z) };
  if (!meta.lower) return { x: of(meta.x), y: of(meta.y) };
  const [x, y] = outline(of(meta.x), of(meta.lower), of(meta.upper));
  return { x, y };
}

/**
 * Which rows a curve shows when there are more than it has pixels for: every so many, and the newest.
 * @param {number} count
 */
export function thinned(count) {
  const stride = Math.ceil(count / MOST_POINTS);
  if (stride <= 1) return null;
  const kept = [];
  for (let index = 0; index < count; index += stride) kept.push(index);
  if (kept.at(-1) !== count - 1) kept.push(count - 1);
  return kept;
}

/**
 * A vector as rows of a map.
 * @param {Numbers} values
 * @param {number} wide
 */
export function folded(values, wide) {
  const row = (/** @type {number} */ from) => Array.from({ length: wide }, (_, index) => values[from + index]);
  return Array.from({ length: values.length / wide }, (_, index) => row(index * wide));
}

/**
 * The last value that is known; undefined where none is.
 * @param {Numbers} values
 */
export function lastKnown(values) {
  for (let index = values.length - 1; index >= 0; index -= 1) if (Number.isFinite(values[index])) return values[index];
  return undefined;
}

/**
 * A template's caption at a row: words, and numbers that its bindings stand for. Of a unit of which nothing is known there
 * is none.
 * @param {RuledLayout["meta"]} meta
 * @param {Rows} rows
 * @param {number} cursor
 */
export function captionOf({ caption = [], own }, rows, cursor) {
  const said = caption.map((part) => (typeof part === "string" ? part : [...evaluate(part, rows, cursor, {})]));
  if (own && !said.flat().some(Number.isFinite)) return "";
  return said.map((part) => (typeof part === "string" ? part : sayAll(part))).join("");
}
