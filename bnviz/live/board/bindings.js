// The words in which a chart's template names its numbers: the same few as in bnviz/charts/bindings.py.

/** @import { AtStep, Binding, Numbers, Picks, Series } from "./types.js" */
/** @import { Rows } from "./rows.js" */

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
  if ("at" in binding) return [valueAt(binding, rows, cursor)];
  if ("series" in binding) return entry(binding, rows, picks);
  if (!rows.length) return [];
  const vector = "row" in binding ? rows.row(binding.row, cursor) : rows.row(binding.first, 0);
  const part = vector.subarray(binding.from ?? 0, binding.to ?? vector.length);
  const { times = 1 } = binding;
  return times === 1 ? part : Float64Array.from(part, (value) => value * times);
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
