// Where plotly.js puts the ticks of an axis, and what it writes there.

import { written } from "./words.js";

/** @import { Axis } from "./types.js" */

const ROUND = [2, 5, 10];
const PREFIXES = ["", "k", "M", "G"];

/**
 * The ticks of a filled axis as [value, words].
 * @param {Axis} axis
 * @returns {[number, string][]}
 */
export function ticks(axis) {
  const { range: [low, high], tickvals, ticktext, tickformat, tick0: first = 0 } = axis;
  if (axis.showticklabels === false) return [];
  if (tickvals) return tickvals.map((value, index) => [value, ticktext?.[index] ?? word(value, tickformat)]);
  const stride = axis.dtick ?? nice((high - low) / axis.nticks);
  const from = Math.ceil((low - first) / stride - 1e-6), to = Math.floor((high - first) / stride + 1e-6);
  const places = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => first + (from + i) * stride);
  const shown = (/** @type {number} */ at) => axis.labelalias?.[word(at, tickformat)] ?? word(at, tickformat);
  return places.map((at) => (axis.type === "log" ? [10 ** at, decade(at)] : [at, shown(at)]));
}

const MOST_STEPS = 5;

/**
 * The round steps from 0 on that mark a track up to `last`; a tenth of it before its end is left free.
 * @param {number} last
 */
export function roundSteps(last) {
  const stride = Math.max(1, nice(last / MOST_STEPS));
  return Array.from({ length: Math.ceil((0.9 * last) / stride) }, (_, index) => index * stride);
}

/**
 * The first round number above `least`.
 * @param {number} least
 */
function nice(least) {
  const base = 10 ** Math.floor(Math.log10(least));
  return base * (ROUND.find((step) => step * base > least) ?? 10);
}

/** @param {number} exponent */
function decade(exponent) {
  const size = Math.abs(exponent);
  return size < 3 ? word(10 ** exponent) : `1e${exponent < 0 ? "−" : "+"}${size}`;
}

/**
 * A number at a tick, in the format of its axis.
 * @param {number} value
 * @param {string} [format]
 */
export function word(value, format) {
  if (format?.endsWith("%")) return `${Math.round(100 * value)}%`;
  const thousands = format === "~s" && value ? Math.floor(Math.log10(Math.abs(value)) / 3 + 1e-9) : 0;
  const power = Math.min(Math.max(thousands, 0), PREFIXES.length - 1);
  return written(`${Number((value / 1000 ** power).toPrecision(6))}${PREFIXES[power]}`).replace("-", "−");
}
