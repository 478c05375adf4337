// The rules by which a template's axes end: the same as in bnviz/charts/bindings.py.

import { apart, entry } from "./bindings.js";

/** @import { AtCursor, AxisRule, Picks, Range, Series } from "./types.js" */
/** @import { Rows } from "./rows.js" */
/** @typedef {{ values: Float64Array, first: Float64Array, alive: boolean }} Extent   sorted; of the first row; at the end */

const LADDER = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];
const SPIKE = 3;
const LEAST_STEPS = 20;

/**
 * An axis' range (exponents for `log`) by its rule. A step axis grows in jumps, so that it is seldom redrawn.
 * @param {AxisRule} rule
 * @param {Rows} rows
 * @param {Picks} picks
 * @returns {Range}
 */
export function axisRange(rule, rows, picks) {
  if ("steps" in rule) {
    const last = rows.length ? rows.steps[rows.last] : 0;
    return [0, rung(Math.max(last, LEAST_STEPS)) + (rule.ridges ? apart(last) : 0)];
  }
  const { least = [0, 1] } = rule;
  let columns = rule.covers.map((binding) => allRows(binding, rows, picks));
  // What an arm read on its way to infinity would push the living ones off the axis.
  if (rule.log && columns.some(({ alive }) => alive)) columns = columns.filter(({ alive }) => alive);
  const known = columns.filter(({ values }) => values.length);
  const ends = known.flatMap((column) => (rule.log ? decades(column) : [stretch(column, least)]));
  let low = Math.min(least[0], ...ends.map((end) => end[0])), high = Math.max(least[1], ...ends.map((end) => end[1]));
  if (rule.most) {
    const limit = rule.most * Math.max(...least.map(Math.abs), calm(rule.most, ends, columns));
    [low, high] = [Math.max(low, -limit), Math.min(high, limit)];
  }
  if (rule.log) return [Math.max(low, Math.min(high - (rule.decades ?? 20), ...columns.map(usualDecade))), high];
  return [low < 0 ? -rung(-low) : low, rung(high)];
}

/**
 * How far from 0 the calmest column goes; where all run away, so many times farther than it began or mostly is.
 * @param {number} most
 * @param {Range[]} ends
 * @param {Extent[]} columns
 */
function calm(most, ends, columns) {
  const begun = columns.filter(({ first }) => first.length);
  const usual = begun.map(({ first, values }) => Math.max(Math.abs(first[0]), Math.abs(quantile(values, 0.5))));
  const reaches = [...ends.map((end) => Math.max(...end.map(Math.abs))), ...usual.map((reach) => most * reach)];
  return reaches.length ? Math.min(...reaches) : 0;
}

/**
 * The finite values of a binding in every row.
 * @param {Series | AtCursor} binding
 * @param {Rows} rows
 * @param {Picks} picks
 * @returns {Extent}
 */
function allRows(binding, rows, picks) {
  let all, wide;
  if ("series" in binding) [all, wide] = [entry(binding, rows, picks), 1];
  else {
    const { data, length } = rows.values[binding.row];
    const { from = 0, to = length } = binding;
    const isIn = (/** @type {number} */ _, /** @type {number} */ at) => at % length >= from && at % length < to;
    [all, wide] = [Float64Array.from(data.subarray(0, rows.length * length)).filter(isIn), to - from];
  }
  const alive = all.subarray(-wide).some(Number.isFinite);
  return { values: all.filter(Number.isFinite).sort(), first: all.subarray(0, wide).filter(Number.isFinite), alive };
}

/**
 * The decades of positive values; the uppermost ones only if a tenth of the values come near them.
 * @param {Extent} column
 * @returns {Range[]}
 */
function decades({ values: all }) {
  const values = all.filter((value) => value > 0);
  if (!values.length) return [];
  const [low, high, usual] = [values[0], values[values.length - 1], quantile(values, 0.9)].map(Math.log10);
  return [[Math.floor(low), Math.min(Math.ceil(high), Math.ceil(usual) + 2)]];
}

/**
 * The decade of the middle of what a column read: an arm is on the axis, however low it is.
 * @param {Extent} column
 */
function usualDecade({ values: all }) {
  const values = all.filter((value) => value > 0);
  return values.length ? Math.floor(Math.log10(quantile(values, 0.5))) : Infinity;
}

/**
 * The least and greatest value, spikes left out, of one column: an arm is no spike beside the others.
 * @param {Extent} column
 * @param {Range} least
 * @returns {Range}
 */
function stretch({ values, first }, least) {
  const centre = least[0] === 0 ? 0 : quantile(values, 0.5);
  const up = Math.max(quantile(values, 0.9), ...first) - centre;
  const down = centre - Math.min(quantile(values, 0.1), ...first);
  const room = SPIKE * Math.max(up, down, 0);
  return [Math.max(values[0], centre - room), Math.min(values[values.length - 1], centre + room)];
}

/**
 * @param {Float64Array} sorted
 * @param {number} share
 */
function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/**
 * The first number on the ladder not below `value`.
 * @param {number} value
 */
export function rung(value) {
  if (value <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  return (LADDER.find((step) => step * power >= value * (1 - 1e-9)) ?? 10) * power;
}
