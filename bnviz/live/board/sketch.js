// A chart as plain SVG, for the moment until plotly.js can draw it: the same template, numbers, places and colours.
//
// It knows lines, bands, outlines, dots, tick labels and titles. Flags and maps wait for plotly.

import { svg } from "./dom.js";
import { ticks } from "./ticks.js";

const RISE = 0.35; // from the middle of a digit to its foot, as a share of the type's size

/** Draws a filled figure into `place`. Returns its axes as plotly would know them, `width`, and `remove()`. */
export function sketch(place, { data, layout }) {
  const named = Object.keys(layout).filter((name) => /^[xy]axis\d*$/.test(name));
  const axes = Object.fromEntries(named.map((name) => [name, placed(name[0], layout[name], layout)]));
  const of = (trace, letter) => axes[`${letter}axis${(trace[`${letter}axis`] ?? letter).slice(1)}`];
  const picture = svg(
    "svg", { "class": "bnviz-sketch", "aria-hidden": true, "font-family": layout.font.family },
    ...named.flatMap((name) => scale(name[0], axes[name], axes, layout)),
    ...data.filter(({ type, meta }) => type === "scatter" && !meta.flag).map((t) => curve(t, of(t, "x"), of(t, "y"))),
    ...layout.annotations.map((note) => title(note, axes, layout)),
  );
  place.querySelector(".bnviz-sketch")?.remove();
  place.append(picture);
  return { ...axes, width: layout.width, remove: () => picture.remove() };
}

function placed(letter, axis, { width, height, margin: { l, r, t, b } }) {
  const [from, to] = axis.domain ?? [0, 1];
  const [low, high] = axis.range;
  const whole = letter === "x" ? width - l - r : height - t - b;
  const length = (to - from) * whole;
  const share = (value) => ((axis.type === "log" ? Math.log10(value) : value) - low) / (high - low);
  return {
    ...axis, _length: length, _offset: letter === "x" ? l + from * whole : t + (1 - to) * whole,
    c2p: (value) => length * (letter === "x" ? share(value) : 1 - share(value)),
  };
}

/** An axis' grid and tick labels; a horizontal axis stands below the vertical one that it is anchored to. */
function scale(letter, axis, axes, { width, margin }) {
  const other = axes[`${letter === "x" ? "y" : "x"}axis${(axis.anchor ?? "").slice(1)}`];
  const end = letter === "x" ? other._offset + other._length : other._offset;
  return ticks(axis).flatMap(([value, text]) => {
    const along = axis.c2p(value), at = axis._offset + along;
    const { size, color } = axis.tickfont, gap = axis.ticklabelstandoff + 1;
    const [x, y, anchor] = letter === "x" ? [at, end + gap + size, "middle"] : [end - gap, at + RISE * size, "end"];
    const word = svg("text", { x, y, "text-anchor": anchor, "font-size": size, fill: color }, text);
    if (!axis.showgrid || along <= 1 || along >= axis._length - 1) return [word];
    const d = `M${margin.l},${at}H${width - margin.r}`;
    return [svg("path", { d, stroke: axis.gridcolor, "shape-rendering": "crispEdges" }), word];
  });
}

/** One trace, cut off where its axes end. */
function curve({ mode, x, y, line, fill, fillcolor, marker, opacity = 1 }, across, up) {
  const points = Array.from(x, (value, i) => [across.c2p(value), up.c2p(y[i])]);
  const runs = [[]];
  for (const point of points) {
    if (point.every(Number.isFinite)) runs.at(-1).push(point.map((part) => part.toFixed(2)));
    else if (runs.at(-1).length) runs.push([]);
  }
  const paths = runs.filter(({ length }) => length).map((run) => `M${run.join("L")}`);
  const inside = [];
  if (fill) inside.push(svg("path", { d: paths.map((path) => `${path}Z`).join(""), fill: fillcolor }));
  if (mode.includes("lines") && line.width) inside.push(svg("path", {
    "class": "bnviz-sketched", d: paths.join(""), fill: "none", stroke: line.color, "stroke-width": line.width,
    "stroke-dasharray": dashed(line.dash, Math.max(line.width, 3)),
  }));
  if (mode.includes("markers")) {
    const ink = marker.symbol?.endsWith("-open") ? { fill: "none", stroke: marker.color } : { fill: marker.color };
    inside.push(svg("path", { d: runs.flat().map((point) => dot(point, marker)).join(""), ...ink }));
  }
  const place = { x: across._offset, y: up._offset, width: across._length, height: up._length };
  return svg("svg", { ...place, overflow: "hidden", opacity }, ...inside);
}

function dashed(word = "solid", unit) {
  const lengths = { solid: [], dot: [1, 1], dashdot: [3, 1, 1, 1], longdash: [5, 5] }[word];
  return lengths ? lengths.map((length) => length * unit).join() || "none" : word;
}

function dot([x, y], { size, symbol }) {
  const r = size / 2, far = 1.3 * r;
  if (symbol?.startsWith("diamond")) return `M${x},${y}m${far},0l${-far},${far}l${-far},${-far}l${far},${-far}Z`;
  return `M${x},${y}m${r},0a${r},${r} 0 1 1 ${-2 * r},0a${r},${r} 0 1 1 ${2 * r},0`;
}

/** An annotation: a word at a place of the whole plot, or over a value of an axis. */
function title({ text, x, y, xref, yref, xanchor = "center", yanchor = "middle", xshift = 0, yshift = 0, font }, axes, layout) {
  const { width, height, margin: { l, r, t, b } } = layout;
  const across = xref === "paper" ? l + x * (width - l - r) : axes.xaxis._offset + axes.xaxis.c2p(x);
  const down = yref === "paper" ? t + (1 - y) * (height - t - b) : axes.yaxis._offset + axes.yaxis.c2p(y);
  const lift = { top: 1.08, middle: RISE, bottom: -0.38 }[yanchor];
  const anchor = { left: "start", center: "middle", right: "end" }[xanchor];
  const nudge = { left: 2, center: 0, right: -2 }[xanchor];
  const place = { x: across + xshift + nudge, y: down - yshift + lift * font.size };
  return svg("text", { ...place, "text-anchor": anchor, "font-size": font.size, fill: font.color }, text);
}
