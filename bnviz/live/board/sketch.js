// A chart as plain SVG, for the moment until plotly.js can draw it, or for good where no trace is plotly's: the same
// template, numbers, places and colours.
//
// It knows lines, bands, outlines, dots, shapes, tick labels and titles. Flags and maps wait for plotly.
// What it brings (11 pairs of fresh pages): the first chart after 1.18 s of the page's processor time, not 1.92 s.

import { svg } from "./dom.js";
import { ticks } from "./ticks.js";

/** @import { Annotation, Axis, AxisName, DrawnAxes, DrawnAxis, Figure, Layout, Shape, Trace } from "./types.js" */
/** @typedef {[number, number]} Point */
/** @typedef {{ [axis in AxisName]: Axis & DrawnAxis }} PlacedAxes */

/** @type {Map<string, number[]>} */
const DASHES = new Map([["dot", [1, 1]], ["dashdot", [3, 1, 1, 1]], ["longdash", [5, 5]]]);
const RISE = 0.35; // from the middle of a digit to its foot, as a share of the type's size

/**
 * Draws a filled figure into `place`. Returns its axes as plotly would know them, `width`, and `remove()`.
 * @param {Element} place
 * @param {Figure} figure
 * @returns {DrawnAxes & { remove: () => void }}
 */
export function sketch(place, { data, layout }) {
  const named = /** @type {AxisName[]} */ (Object.keys(layout).filter((name) => /^[xy]axis\d*$/.test(name)));
  const axes = /** @type {PlacedAxes} */ (Object.fromEntries(named.map((name) => [name, placed(name, layout)])));
  const picture = svg(
    "svg", { "class": "bnviz-sketch", "aria-hidden": "true", "font-family": layout.font.family },
    ...layout.shapes.flatMap((shape) => backdrop(shape, axes)),
    ...named.flatMap((name) => scale(name, axes, layout)),
    ...data.filter(({ type, meta }) => type === "scatter" && !meta.flag).map((trace) => curve(trace, axes)),
    ...layout.annotations.map((note) => title(note, axes, layout)),
  );
  place.querySelector(".bnviz-sketch")?.remove();
  place.append(picture);
  return { ...axes, width: layout.width ?? 0, remove: () => picture.remove() };
}

/**
 * The axis that a trace or another axis names: `y2` is `yaxis2`.
 * @param {PlacedAxes} axes
 * @param {"x" | "y"} letter
 */
function axisNamed(axes, letter, name = "") {
  return axes[/** @type {AxisName} */ (`${letter}axis${name.slice(1)}`)];
}

/**
 * An axis with its place.
 * @param {AxisName} name
 * @param {Layout} layout
 * @returns {Axis & DrawnAxis}
 */
function placed(name, { [name]: axis, width = 0, height, margin: { l, r, t, b } }) {
  const [from, to] = axis.domain ?? [0, 1];
  const [low, high] = axis.range;
  const isAcross = name.startsWith("x");
  const whole = isAcross ? width - l - r : height - t - b;
  const length = (to - from) * whole;
  const share = (/** @type {number} */ value) => ((axis.type === "log" ? Math.log10(value) : value) - low) / (high - low);
  return {
    ...axis, _length: length, _offset: isAcross ? l + from * whole : t + (1 - to) * whole,
    c2p: (value) => length * (isAcross ? share(value) : 1 - share(value)),
  };
}

/**
 * An axis' grid and tick labels; a horizontal axis stands below the vertical one that it is anchored to.
 * @param {AxisName} name
 * @param {PlacedAxes} axes
 * @param {Layout} layout
 */
function scale(name, axes, { width = 0, margin }) {
  const axis = axes[name], isAcross = name.startsWith("x");
  const other = axisNamed(axes, isAcross ? "y" : "x", axis.anchor);
  const end = isAcross ? other._offset + other._length : other._offset;
  return ticks(axis).flatMap(([value, text]) => {
    const along = axis.c2p(value), at = axis._offset + along;
    const { size, color } = axis.tickfont, gap = axis.ticklabelstandoff + 1;
    const [x, y, anchor] = isAcross ? [at, end + gap + size, "middle"] : [end - gap, at + RISE * size, "end"];
    const word = svg("text", { x, y, "text-anchor": anchor, "font-size": size, fill: color }, text);
    if (!axis.showgrid || along <= 1 || along >= axis._length - 1) return [word];
    const d = `M${margin.l},${at}H${width - margin.r}`;
    return [svg("path", { d, stroke: axis.gridcolor, "shape-rendering": "crispEdges" }), word];
  });
}

/**
 * A rectangle, or an upright line, behind what is drawn; up an axis it may reach from end to end.
 * @param {Shape} shape
 * @param {PlacedAxes} axes
 */
function backdrop({ type, xref, yref, x0, x1, y0, y1, fillcolor = "none", line }, axes) {
  const across = axisNamed(axes, "x", xref), up = axisNamed(axes, "y", yref.replace(" domain", ""));
  if (!across || !up || (type === "line" && x0 !== x1)) return []; // on the whole plot: those wait for plotly
  const [left, right] = [x0, x1].map((value) => across._offset + across.c2p(value));
  const [top, bottom] = yref.endsWith(" domain") ? [up._offset, up._offset + up._length] : [y1, y0].map((value) => up._offset + up.c2p(value));
  if (type === "line") return [svg("path", { d: `M${left},${top}V${bottom}`, stroke: line.color ?? "none", "stroke-width": line.width })];
  return [svg("rect", { x: left, y: top, width: right - left, height: bottom - top, fill: fillcolor })];
}

/**
 * One trace, cut off where its axes end.
 * @param {Trace} trace
 * @param {PlacedAxes} axes
 */
function curve({ mode, x = [], y = [], line, fill, fillcolor = "none", marker, opacity = 1, xaxis, yaxis }, axes) {
  const across = axisNamed(axes, "x", xaxis), up = axisNamed(axes, "y", yaxis);
  const runs = unbroken(Array.from(x, (value, i) => [across.c2p(value), up.c2p(y[i])]));
  const paths = runs.map((run) => `M${run.map((point) => point.map((part) => part.toFixed(2))).join("L")}`);
  const inside = [];
  if (fill) inside.push(svg("path", { d: paths.map((path) => `${path}Z`).join(""), fill: fillcolor }));
  if (mode.includes("lines") && line.width) {
    const dash = dashed(line.dash, Math.max(line.width, 3));
    const stroke = { stroke: line.color, "stroke-width": line.width, "stroke-dasharray": dash };
    inside.push(svg("path", { "class": "bnviz-sketched", d: paths.join(""), fill: "none", ...stroke }));
  }
  if (mode.includes("markers")) {
    const isOpen = marker.symbol?.endsWith("-open");
    const ink = { fill: isOpen ? "none" : marker.color, stroke: isOpen ? marker.color : "none" };
    inside.push(svg("path", { d: runs.flat().map((point) => dot(point, marker)).join(""), ...ink }));
  }
  const place = { x: across._offset, y: up._offset, width: across._length, height: up._length };
  return svg("svg", { ...place, overflow: "hidden", opacity }, ...inside);
}

/**
 * The runs of points that lie side by side and are known.
 * @param {Point[]} points
 */
export function unbroken(points) {
  /** @type {Point[][]} */
  const runs = [[]];
  for (const point of points) {
    const run = runs[runs.length - 1];
    if (point.every(Number.isFinite)) run.push(point);
    else if (run.length) runs.push([]);
  }
  return runs.filter(({ length }) => length);
}

/**
 * A dash of plotly's as SVG has it.
 * @param {string | undefined} word
 * @param {number} unit
 */
function dashed(word, unit) {
  if (word === undefined || word === "solid") return "none";
  return DASHES.get(word)?.map((length) => length * unit).join() ?? word;
}

/**
 * @param {Point} place
 * @param {{ size: number, symbol?: string }} marker
 */
function dot([x, y], { size, symbol }) {
  const r = size / 2, far = 1.3 * r;
  if (symbol?.startsWith("diamond")) return `M${x},${y}m${far},0l${-far},${far}l${-far},${-far}l${far},${-far}Z`;
  return `M${x},${y}m${r},0a${r},${r} 0 1 1 ${-2 * r},0a${r},${r} 0 1 1 ${2 * r},0`;
}

/**
 * An annotation: a word at a place of the whole plot, or over a value of an axis.
 * @param {Annotation} note
 * @param {PlacedAxes} axes
 * @param {Layout} layout
 */
function title({ text, x, y, xref, yref, xanchor = "center", yanchor = "middle", xshift = 0, yshift = 0, font }, axes, layout) {
  const { width = 0, height, margin: { l, r, t, b } } = layout;
  const axis = axisNamed(axes, "x", xref);
  const across = xref === "paper" ? l + x * (width - l - r) : axis._offset + axis.c2p(x);
  const down = yref === "paper" ? t + (1 - y) * (height - t - b) : axes.yaxis._offset + axes.yaxis.c2p(y);
  const lift = { top: 1.08, middle: RISE, bottom: -0.38 }[yanchor];
  const anchor = { left: "start", center: "middle", right: "end" }[xanchor];
  const nudge = { left: 2, center: 0, right: -2 }[xanchor];
  const place = { x: across + xshift + nudge, y: down - yshift + lift * font.size };
  return svg("text", { ...place, "text-anchor": anchor, "font-size": font.size, fill: font.color }, text);
}
