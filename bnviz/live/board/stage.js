// What stands on a stage: the charts that were chosen, drawn for the last row of a lecture hall. Knows no element.

/** @import { Axis, AxisName, ChartSpec, RuledLayout } from "./types.js" */

const TYPE = 1.6; // every letter, and all that has to do with letters, at most
const READ = 480; // pixels of a window's shorter side for which letters are as on every other page
const LINES = 2; // lines of 2 pixels become 4, and dashes grow with them
const APART = 0.08; // of a panel's width is given up to what is between panels
const FEW = 2; // numbers below one of many panels
const NAMES = 25; // pixels of an arm's name from top to bottom, before it grows

const LETTERS = new Set(["size", "l", "r", "t", "b", "xshift", "yshift", "ticklabelstandoff"]);
const LEFT_ALONE = new Set(["meta", "x", "y", "z", "text"]);

/**
 * The charts of these names, in this order, with what a click on one of them opens; all of them where none is named or
 * none of the named is there.
 * @param {ChartSpec[]} specs
 * @param {string[]} names
 * @param {boolean} opens   whether there is room for what a click opens
 */
export function chosen(specs, names, opens) {
  const named = names.flatMap((name) => specs.find((spec) => spec.name === name) ?? []);
  const isOpened = (/** @type {ChartSpec} */ { name }) => !names.includes(name) && named.some((one) => one.opens === name);
  const opened = opens ? specs.filter(isOpened) : [];
  return named.length ? [...named, ...opened] : specs;
}

/**
 * How much letters grow in a window of this size.
 * @param {number} width
 * @param {number} height
 */
export const typeIn = (width, height) => Math.min(TYPE, Math.max(1, Math.min(width, height) / READ));

/**
 * A chart as a stage has it: it fills its place, and can be read from afar.
 * @param {ChartSpec} spec
 * @param {number} type   how much its letters grow
 * @returns {ChartSpec}
 */
export function projected(spec, type) {
  const { layout, data } = spec, meta = { ...layout.meta, fills: type, names: type * NAMES, least: layout.height };
  return { ...spec, data: grown(data, type), layout: { ...spaced(grown(layout, type)), meta } };
}

/**
 * A layout with room for larger numbers: fewer where panels are narrow, and more between panels.
 * @param {RuledLayout} layout
 * @returns {RuledLayout}
 */
function spaced(layout) {
  const names = /** @type {AxisName[]} */ (Object.keys(layout).filter((name) => name.startsWith("xaxis")));
  const axes = layout.meta.squares ? [] : names.map((name) => [name, spacedAxis(layout[name], names.length)]);
  return { ...layout, ...Object.fromEntries(axes) };
}

/**
 * @param {Axis} axis
 * @param {number} panels
 */
function spacedAxis(axis, panels) {
  const [from, to] = axis.domain ?? [0, 1];
  const domain = to < 1 ? [from, to - APART * (to - from)] : [from, to];
  return { ...axis, domain, tickangle: 0, nticks: panels > 2 ? Math.min(axis.nticks, FEW) : axis.nticks };
}

/**
 * A copy of a part of a figure with all its letters and lines grown.
 * @template Part
 * @param {Part} part
 * @param {number} type
 * @returns {Part}
 */
export function grown(part, type) {
  return /** @type {Part} */ (enlarged(part, "", type));
}

/**
 * @param {unknown} part
 * @param {string} key
 * @param {number} type
 * @returns {unknown}
 */
function enlarged(part, key, type) {
  if (LEFT_ALONE.has(key)) return part;
  if (Array.isArray(part)) return part.map((inner) => enlarged(inner, "", type));
  if (part && typeof part === "object") {
    return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, enlarged(inner, name, type)]));
  }
  if (typeof part === "number") return part * (key === "width" ? LINES : LETTERS.has(key) ? type : 1);
  return key === "dash" && typeof part === "string" ? part.replace(/\d+(?=px)/g, (pixels) => String(LINES * Number(pixels))) : part;
}
