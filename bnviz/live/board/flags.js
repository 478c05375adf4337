// The flags where an arm diverged: none beyond the axis, and no words on the words of another, as in bnviz/charts/flags.py.

/** @import { Axes } from "./axes.js" */
/** @import { Layout, Shown, Trace } from "./types.js" */
/** @typedef {{ x: number, y: number, words: number }} Planted */

const PINNED = 0.86; // where a flag stands that would be beyond its axis, of the height
const HIGH = 16, CHARACTER = 7, GAP = 6; // of the words, in pixels
const PLACES = ["top right", "bottom right", "top left", "bottom left"];

/**
 * A flag beyond the axis is planted just below its upper end.
 * @param {Trace[]} traces
 * @param {Shown[]} values
 * @param {Axes} axes
 */
export function pinFlags(traces, values, axes) {
  const top = axes.at("yaxis", 1), below = axes.at("yaxis", PINNED);
  traces.forEach(({ meta }, index) => {
    if (meta.flag) values[index].y = Array.from(values[index].y ?? [], (value) => (value > top ? below : value));
  });
}

/**
 * Plants the flags of a figure: those without a step are hidden, and words without a place are left to the sentence.
 * @param {Trace[]} traces
 * @param {Shown[]} values
 * @param {Layout} layout
 */
export function plantFlags(traces, values, { xaxis, yaxis, width = 0, height, margin: { l, r, t, b } }) {
  const flags = traces.flatMap((trace, index) => (trace.meta.flag ? [{ trace, at: values[index] }] : []));
  for (const { trace, at } of flags) trace.visible = Number.isFinite(at.x?.[0]);
  const share = (/** @type {number} */ value, /** @type {typeof yaxis} */ { type, range: [low, high] }) =>
    ((type === "log" ? Math.log10(value) : value) - low) / (high - low);
  const seen = flags.filter(({ trace }) => trace.visible);
  const places = placeWords(seen.map(({ trace, at: { x, y } }) => ({
    x: (width - l - r) * share(Number(x?.[0]), xaxis), y: (height - t - b) * (1 - share(Number(y?.[0]), yaxis)),
    words: String(trace.texttemplate).length,
  })), width - l - r);
  seen.forEach(({ trace }, index) => {
    if (places[index]) trace.textposition = places[index];
    else trace.mode = "markers";
  });
}

/**
 * On which side of each flag its words stand: the first that is within the chart and free; none where no side is.
 * @param {Planted[]} flags
 * @param {number} width
 */
export function placeWords(flags, width) {
  /** @type {[number, number, number, number][]} */
  const taken = flags.map(({ x, y }) => [x - GAP, x + GAP, y - GAP, y + GAP]);
  return flags.map(({ x, y, words }) => PLACES.find((place) => {
    const from = place.endsWith("right") ? x + GAP : x - GAP - words * CHARACTER;
    const top = place.startsWith("top") ? y - HIGH - GAP : y + GAP;
    const [to, bottom] = [from + words * CHARACTER, top + HIGH];
    if (from < 0 || to > width) return false;
    if (taken.some(([left, right, high, low]) => from < right && to > left && top < low && bottom > high)) return false;
    taken.push([from, to, top, bottom]);
    return true;
  }));
}
