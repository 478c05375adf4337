// A chart as it is heard: each of its lines as numbers from left to right, and these as pitches. Knows no sound.

import { evaluate } from "./bindings.js";

/** @import { Rows } from "./rows.js" */
/** @import { ChartSpec, Picks } from "./types.js" */
/** @typedef {{ label: string, values: number[] }} Heard */

const MOST = 64; // tones of a line
const LOW = 220, HIGH = 880; // Hz: two octaves, in which steps can be told apart

/**
 * The lines of a chart at the row `cursor`: curves from the first step to this one, others as they stand.
 * @param {ChartSpec} spec
 * @param {Rows} rows
 * @param {number} cursor
 * @param {Picks} picks
 * @returns {Heard[]}
 */
export function linesOf(spec, rows, cursor, picks) {
  const { table, axes } = spec.layout.meta;
  const of = (/** @type {any} */ binding) => Array.from(evaluate(binding, rows, cursor, picks));
  if (table) return table.columns.map(([label, binding]) => ({ label, values: few(of(binding)) }));
  const overSteps = axes.xaxis !== undefined && "steps" in axes.xaxis;
  const lines = spec.data.filter(({ meta }) => meta.label && meta.y && !meta.beside);
  return lines.map(({ meta: { label = "", y } }) => ({ label, values: few(overSteps ? of(y).slice(0, cursor + 1) : of(y)) }));
}

/**
 * At most so many of the numbers, evenly, the first and the last among them.
 * @param {number[]} values
 */
function few(values) {
  const count = Math.min(MOST, values.length);
  return Array.from({ length: count }, (_, i) => values[Math.round((i * (values.length - 1)) / Math.max(1, count - 1))]);
}

/**
 * The pitch of every number, in Hz, on one scale for all lines so that they can be compared; null is silence.
 * @param {Heard[]} lines
 * @returns {(number | null)[][]}
 */
export function pitches(lines) {
  const known = lines.flatMap(({ values }) => values).filter(Number.isFinite);
  const low = Math.min(...known), room = Math.max(...known) - low || 1;
  const pitch = (/** @type {number} */ value) => LOW * (HIGH / LOW) ** ((value - low) / room);
  return lines.map(({ values }) => values.map((value) => (Number.isFinite(value) ? pitch(value) : null)));
}
