// The words in which a chart's template names its numbers: the same few as in bnviz/charts/bindings.py.

/** @import { AtStep, Binding, Density, Numbers, Packed, Part, Picks, Ridges, Series } from "./types.js" */
/** @import { Rows } from "./rows.js" */

const MOST_RIDGES = 12;

/**
 * The numbers that a binding stands for, at the row `cursor`.
 * @param {Binding} binding
 * @param {Rows} rows
 * @param {number} cursor
 * @param {Picks} picks
 * @returns {Numbers}
 */
export function evaluate(binding, rows, cursor, picks) {
  if ("values" in binding) return binding.values.map((value) => value ?? NaN);
  if ("join" in binding) return binding.join.flatMap((part) => Array.from(evaluate(part, rows, cursor, picks)));
  if ("weave" in binding) return woven(binding.weave.map((part) => evaluate(part, rows, cursor, picks)));
  if ("only" in binding) {
    const where = evaluate(binding.where, rows, cursor, picks);
    return Array.from(evaluate(binding.only, rows, cursor, picks), (value, i) => (binding.is.includes(where[i]) ? value : NaN));
  }
  if ("ridges" in binding) return ridges(binding, rows);
  if ("at" in binding) return [valueAt(binding, rows, cursor)];
  if ("series" in binding) return entry(binding, rows, picks);
  if (!rows.length) return [];
  if ("row" in binding) return changed(binding, partOf(binding, rows.row(binding.row, cursor)));
  if ("first" in binding) return changed(binding, partOf(binding, rows.row(binding.first, 0)));
  return changed(binding, ranks(partOf(binding, rows.row(binding.rank, 0))));
}

/**
 * @param {Part} binding
 * @param {Packed} vector
 */
function partOf({ from = 0, to }, vector) {
  return vector.subarray(from, to ?? vector.length);
}

/**
 * Numbers times a factor, cut off within an interval, plus a number.
 * @param {Part} binding
 * @param {Packed | number[]} part
 */
function changed({ times = 1, within, plus = 0 }, part) {
  if (times === 1 && !within && !plus) return part;
  const [low, high] = within ?? [-Infinity, Infinity];
  return Float64Array.from(part, (value) => Math.min(Math.max(value * times, low), high) + plus);
}

/**
 * The place, from 0, that each number has by its size; what is missing comes last.
 * @param {Packed} values
 */
function ranks(values) {
  const size = (/** @type {number} */ index) => (Number.isNaN(values[index]) ? Infinity : values[index]);
  const order = Array.from(values, (_, index) => index).sort((a, b) => size(a) - size(b) || a - b);
  /** @type {number[]} */
  const places = [];
  order.forEach((index, place) => { places[index] = place; });
  return places;
}

/**
 * The first of each, the second of each, ...; a single number comes again.
 * @param {Numbers[]} parts
 */
function woven(parts) {
  const at = (/** @type {Numbers} */ part, /** @type {number} */ i) => part[part.length === 1 ? 0 : i];
  return Array.from(parts[0], (_, i) => parts.map((part) => at(part, i))).flat();
}

/**
 * The steps from one ridge to the next in a run of so many: 10, 20, 50, 100, ..., so that there are about a dozen.
 * @param {number} last
 */
export function apart(last) {
  for (let power = 10; ; power *= 10) {
    const distance = [1, 2, 5].find((factor) => factor * power * MOST_RIDGES >= last);
    if (distance) return distance * power;
  }
}

/**
 * Parts of rows at equal distances, or their steps and what is added to them, with a gap after each.
 * @param {Ridges} binding
 * @param {Rows} rows
 */
function ridges(binding, rows) {
  const between = apart(rows.steps[rows.last] ?? 0), last = rows.steps[rows.last] ?? -1;
  const found = new Set(Array.from({ length: Math.floor(last / between) + 1 }, (_, index) => nearest(rows, index * between)));
  return [...found].flatMap((row) => ("at" in binding
    ? [...binding.at.map((share) => rows.steps[row] + share * between), NaN]
    : [...partOf(binding, rows.row(binding.ridges, row)), ...(binding.then ?? []), NaN]));
}

/**
 * The row whose step is the nearest, the earlier of two.
 * @param {Rows} rows
 * @param {number} step
 */
function nearest(rows, step) {
  const before = rows.at(step), after = Math.min(before + 1, rows.last);
  return step - rows.steps[before] <= rows.steps[after] - step || after === before ? before : after;
}

/**
 * A column of a density map: the row's shares of its largest number, to a power below 1 so that tails show.
 * @param {Density} binding
 * @param {Rows} rows
 * @param {number} index
 */
export function densityAt(binding, rows, index) {
  const part = partOf(binding, rows.row(binding.rows, index)), peak = Math.max(...part);
  return Array.from(part, (share) => (share / peak) ** binding.power);
}

/**
 * One number a row: a column's only entry, or the one that the reader chose.
 * @param {Series} binding
 * @param {Rows} rows
 * @param {Picks} picks
 */
export function entry(binding, rows, picks) {
  if (binding.series === "step") return Float64Array.from(rows.steps);
  let index = 0;
  for (const [name, choices] of Object.entries(binding.pick ?? {})) {
    const chosen = choices.indexOf(picks[name] ?? choices[name === "layer" ? choices.length - 1 : 0]);
    if (chosen < 0) return new Float64Array(rows.length).fill(NaN);
    index = index * choices.length + chosen;
  }
  return rows.series(binding.series, index);
}

/**
 * @param {AtStep} binding
 * @param {Rows} rows
 * @param {number} cursor
 */
function valueAt(binding, rows, cursor) {
  const step = rows.length ? rows.row(binding.at, cursor)[0] : NaN;
  const series = rows.series(binding.series);
  for (let index = rows.last; index >= 0; index -= 1) {
    if (rows.steps[index] <= step && Number.isFinite(series[index])) return series[index];
  }
  return NaN;
}

/**
 * A band as one closed line: along the upper edge and back along the lower one, where both are known.
 * @param {Numbers} x
 * @param {Numbers} lower
 * @param {Numbers} upper
 * @returns {[number[], number[]]}
 */
export function outline(x, lower, upper) {
  const known = [];
  for (let index = 0; index < x.length; index += 1) {
    if (Number.isFinite(lower[index]) && Number.isFinite(upper[index])) known.push(index);
  }
  const back = [...known].reverse();
  return [
    [...known.map((i) => x[i]), ...back.map((i) => x[i])],
    [...known.map((i) => upper[i]), ...back.map((i) => lower[i])],
  ];
}
