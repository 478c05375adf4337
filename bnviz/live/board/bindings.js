// The words in which a chart's template names its numbers: the same few as in bnviz/charts/bindings.py.

const LADDER = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];
const SPIKE = 3;

/** The numbers that a binding stands for, at the row `cursor`. */
export function evaluate(binding, rows, cursor, picks) {
  if ("values" in binding) return binding.values.map((value) => value ?? NaN);
  if ("join" in binding) return binding.join.flatMap((part) => Array.from(evaluate(part, rows, cursor, picks)));
  if ("at" in binding) return [valueAt(binding, rows, cursor)];
  if ("series" in binding) return entry(binding, rows, picks);
  if (!rows.length) return [];
  const vector = "row" in binding ? rows.row(binding.row, cursor) : rows.row(binding.first, 0);
  const part = vector.subarray(binding.from ?? 0, binding.to ?? vector.length);
  return "times" in binding ? part.map((value) => value * binding.times) : part;
}

function entry(binding, rows, picks) {
  if (binding.series === "step") return Float64Array.from(rows.steps);
  let index = 0;
  for (const [name, choices] of Object.entries(binding.pick ?? {})) {
    const chosen = choices.indexOf(picks?.[name] ?? choices[name === "layer" ? choices.length - 1 : 0]);
    if (chosen < 0) return new Float64Array(rows.length).fill(NaN);
    index = index * choices.length + chosen;
  }
  return rows.series(binding.series, index);
}

function valueAt(binding, rows, cursor) {
  const step = rows.length ? rows.row(binding.at, cursor)[0] : NaN;
  const series = rows.series(binding.series);
  for (let index = rows.last; index >= 0; index -= 1) {
    if (rows.steps[index] <= step && Number.isFinite(series[index])) return series[index];
  }
  return NaN;
}

/** A band as one closed line: along the upper edge and back along the lower one, where both are known. */
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

/** An axis' range (exponents for `log`) by its rule. A step axis grows in jumps, so that it is seldom redrawn. */
export function axisRange(rule, rows, picks) {
  if (rule.steps) return [0, rung(Math.max(rows.length ? rows.steps[rows.last] : 0, 20))];
  const extent = rule.log ? decades : stretch;
  let columns = rule.covers.map((binding) => allRows(binding, rows, picks));
  // What an arm read on its way to infinity would push the living ones off the axis.
  if (rule.log && columns.some(({ alive }) => alive)) columns = columns.filter(({ alive }) => alive);
  const ends = columns.map((column) => extent(rule, column)).filter(Boolean);
  const { least = [0, 1] } = rule;
  let low = Math.min(least[0], ...ends.map((end) => end[0])), high = Math.max(least[1], ...ends.map((end) => end[1]));
  if (rule.most) {
    const limit = rule.most * Math.max(...least.map(Math.abs), calm(rule, ends, columns));
    [low, high] = [Math.max(low, -limit), Math.min(high, limit)];
  }
  if (rule.log) return [Math.max(low, high - (rule.decades ?? 20)), high];
  return [low < 0 ? -rung(-low) : low, rung(high)];
}

/** How far from 0 the calmest column goes; where all run away, so many times farther than it began. */
function calm({ most }, ends, columns) {
  const begins = columns.flatMap(({ first }) => (first.length ? [most * Math.abs(first[0])] : []));
  const reaches = [...ends.map((end) => Math.max(...end.map(Math.abs))), ...begins];
  return reaches.length ? Math.min(...reaches) : 0;
}

/** The finite values of a binding in every row, sorted, and those of the first row. */
function allRows(binding, rows, picks) {
  const finite = (list) => Float64Array.from(list).filter(Number.isFinite);
  if ("series" in binding) {
    const series = entry(binding, rows, picks);
    const alive = Number.isFinite(series[series.length - 1]);
    return { values: finite(series).sort(), first: finite(series.subarray(0, 1)), alive };
  }
  const { data, length } = rows.values[binding.row];
  const [from, to] = [binding.from ?? 0, binding.to ?? length];
  const part = (_, index) => index % length >= from && index % length < to;
  const all = data.subarray(0, rows.length * length).filter(part);
  const alive = all.subarray(from - to).some(Number.isFinite);
  return { values: finite(all).sort(), first: finite(all.subarray(0, to - from)), alive };
}

function decades(rule, { values: all }) {
  const values = all.filter((value) => value > 0);
  if (!values.length) return null;
  const [low, high, usual] = [values[0], values.at(-1), quantile(values, 0.9)].map(Math.log10);
  return [Math.floor(low), Math.min(Math.ceil(high), Math.ceil(usual) + 2)];
}

function stretch({ least = [0, 1] }, { values, first }) {
  if (!values.length) return null;
  const centre = least[0] === 0 ? 0 : quantile(values, 0.5);
  const up = Math.max(quantile(values, 0.9), ...first) - centre;
  const down = centre - Math.min(quantile(values, 0.1), ...first);
  const room = SPIKE * Math.max(up, down, 0);
  return [Math.max(values[0], centre - room), Math.min(values.at(-1), centre + room)];
}

function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** The first number on the ladder not below `value`. */
export function rung(value) {
  if (value <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  return (LADDER.find((step) => step * power >= value * (1 - 1e-9)) ?? 10) * power;
}
