// A chart as a table of numbers: what its lines, or its own words for a table, say at a row of a run. Knows no element.

import { evaluate } from "./bindings.js";
import { number, sayCell } from "./words.js";

/** @import { Rows } from "./rows.js" */
/** @import { ChartSpec, Numbers, Picks, Trace } from "./types.js" */
/** @typedef {{ columns: string[], rows: string[][], isSpan: boolean }} NumberTable   each row begins with its name */

const STEPS = 12, MOST = 128; // rows of a chart over the steps, and of any
const NEAR = 0.3; // a band's ends may stand so far beside its line's point
const CLASSES = 5;
/** @typedef {[value: number | undefined, low: number | undefined, high: number | undefined]} Span */
/** @type {Span} */
const NOWHERE = [undefined, undefined, undefined];

/**
 * The numbers of a chart at the row `cursor`; null where it has none to list.
 * @param {ChartSpec} spec
 * @param {Rows} rows
 * @param {number} cursor
 * @param {Picks} picks
 * @returns {NumberTable | null}
 */
export function tableOf(spec, rows, cursor, picks) {
  const { table, axes } = spec.layout.meta, of = (/** @type {any} */ binding) => evaluate(binding, rows, cursor, picks);
  if (table) return declared(table, of);
  if (spec.data.some(({ meta }) => meta.z && "wide" in meta.z)) return ofClasses(spec.data, of);
  const lines = spec.data.filter(({ meta }) => meta.label && meta.y && !meta.beside);
  if (!lines.length) return null;
  const isPercent = Boolean(spec.layout.yaxis.tickformat?.endsWith("%"));
  const found = lines.map((line) => points(line, spec.data, of));
  const overSteps = axes.xaxis !== undefined && "steps" in axes.xaxis;
  const all = new Set(found.flatMap(({ at }) => [...at.keys()]));
  const places = overSteps ? spread(rows.steps, cursor) : [...all].sort((a, b) => a - b);
  const nameOf = namesOf(spec), what = spec.layout.annotations.find(({ name }) => name === "x title")?.text ?? "";
  const cells = places.slice(0, MOST).map((place) => [
    nameOf(place), ...found.map(({ at }) => sayCell(...(at.get(place) ?? NOWHERE), isPercent)),
  ]);
  const isSpan = found.some(({ at }) => [...at.values()].some(([, low]) => Number.isFinite(low)));
  return { columns: [what, ...found.map(({ label }) => label)], rows: cells, isSpan };
}

/**
 * What a line shows at each of its places, with the ends of its arm's band there.
 * @param {Trace} line
 * @param {Trace[]} traces
 * @param {(binding: any) => Numbers} of
 */
function points({ meta, yaxis }, traces, of) {
  /** @type {Map<number, Span>} */
  const at = new Map();
  const x = Array.from(of(meta.x)), y = Array.from(of(meta.y));
  const ends = traces.filter((each) => each.meta.lower && each.meta.arm === meta.arm && each.yaxis === yaxis).flatMap((band) => {
    const [places, low, high] = [band.meta.x, band.meta.lower, band.meta.upper].map((binding) => Array.from(of(binding)));
    return places.map((place, index) => ({ place, low: low[index], high: high[index] }));
  });
  const isAligned = ends.length === x.length && ends.every(({ place }, index) => place === x[index]);
  x.forEach((place, index) => {
    const own = isAligned ? ends[index] : ends.find((end) => Math.abs(end.place - place) < NEAR);
    at.set(Math.round(place), [y[index], own?.low, own?.high]);
  });
  return { label: meta.label ?? "", at };
}

/**
 * Steps from a row back to the first, evenly, the newest first.
 * @param {number[]} steps
 * @param {number} cursor
 */
function spread(steps, cursor) {
  const count = Math.min(STEPS, cursor + 1);
  return Array.from({ length: count }, (_, i) => steps[Math.round(cursor * (1 - i / Math.max(1, count - 1)))]);
}

/**
 * How a place on the horizontal axis is called there.
 * @param {ChartSpec} spec
 */
function namesOf({ layout: { xaxis } }) {
  const { tickvals, ticktext } = xaxis;
  return (/** @type {number} */ place) => ticktext?.[tickvals?.indexOf(place) ?? -1] ?? number.format(place);
}

/**
 * The rows and columns that a template names itself.
 * @param {NonNullable<ChartSpec["layout"]["meta"]["table"]>} table
 * @param {(binding: any) => Numbers} of
 * @returns {NumberTable}
 */
function declared({ title, rows, columns }, of) {
  const found = columns.map(([, binding]) => of(binding));
  const cells = rows.slice(0, MOST).map((name, index) => [name, ...found.map((values) => sayCell(values[index]))]);
  return { columns: [title, ...columns.map(([name]) => name)], rows: cells, isSpan: false };
}

/**
 * The share of the plane that each network gives to each class: a map's values are 50 a class, 255 is nothing.
 * @param {Trace[]} traces
 * @param {(binding: any) => Numbers} of
 * @returns {NumberTable}
 */
function ofClasses(traces, of) {
  const maps = traces.filter(({ meta }) => meta.z && "wide" in meta.z);
  const shares = maps.map(({ meta }) => {
    const values = Array.from(of(meta.z));
    const named = values.map((value) => Math.floor(value / 50));
    return Array.from({ length: CLASSES }, (_, word) => named.filter((each) => each === word).length / named.length);
  });
  const there = Array.from({ length: CLASSES }, (_, word) => word).filter((word) => shares.some((share) => share[word] > 0));
  const rows = there.map((word) => [String(word), ...shares.map((share) => sayCell(share[word], undefined, undefined, true))]);
  return { columns: ["class", ...maps.map(({ name }) => name ?? "")], rows, isSpan: false };
}
