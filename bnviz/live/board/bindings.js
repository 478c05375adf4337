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
  const every = rule.covers.map((binding) => allRows(binding, rows, picks));
  const values = every.flatMap(({ all }) => all).sort((a, b) => a - b);
  return rule.log ? decades(rule, values.filter((value) => value > 0)) : stretch(rule, values, every);
}

function allRows(binding, rows, picks) {
  const finite = (list) => Array.from(list).filter(Number.isFinite);
  if ("series" in binding) {
    const series = entry(binding, rows, picks);
    return { all: finite(series), first: finite(series.subarray(0, 1)) };
  }
  const { length } = rows.values[binding.row];
  const [from, to] = [binding.from ?? 0, binding.to ?? length];
  const all = [];
  for (let row = 0; row < rows.length; row += 1) all.push(...finite(rows.row(binding.row, row).subarray(from, to)));
  return { all, first: rows.length ? finite(rows.row(binding.row, 0).subarray(from, to)) : [] };
}

function decades({ least = [0, 0], decades: most = 20 }, values) {
  let [low, high] = least;
  if (values.length) {
    low = Math.min(low, Math.floor(Math.log10(values[0])));
    high = Math.max(high, Math.ceil(Math.log10(values.at(-1))));
    high = Math.min(high, Math.max(Math.ceil(Math.log10(quantile(values, 0.9))) + 2, least[1]));
  }
  return [Math.max(low, high - most), high];
}

function stretch({ least = [0, 1] }, values, every) {
  if (!values.length) return [...least];
  const first = every.flatMap((part) => part.first);
  const centre = least[0] === 0 ? 0 : quantile(values, 0.5);
  const up = Math.max(quantile(values, 0.9), ...first) - centre;
  const down = centre - Math.min(quantile(values, 0.1), ...first);
  const high = Math.max(least[1], Math.min(values.at(-1), centre + SPIKE * Math.max(up, 0)));
  const low = Math.min(least[0], Math.max(values[0], centre - SPIKE * Math.max(down, 0)));
  return [low < 0 ? -rung(-low) : least[0], rung(high)];
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
