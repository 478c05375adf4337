// One chart: a template, a place to draw, and two ways to draw it (and a sketch until plotly.js is there).
//
// The whole way is Plotly.react: first drawing, new axis ranges, new colours, new size. The quick way, ten times
// cheaper, is for new numbers: they are put where plotly keeps the ones it has calculated (gd.calcdata), and plotly's
// own cartesian module draws them with the axes as they are. Zoom, hover and colours stay plotly's business.

import { axisRange, evaluate, outline } from "./bindings.js";
import { eventMarks } from "./marks.js";
import { sketch } from "./sketch.js";

const MOST_POINTS = 300;
const PINNED = 0.86; // of the axis' height: where a flag stands that would be beyond it
const CONFIG = { displayModeBar: false, responsive: false, doubleClick: false, showTips: false, scrollZoom: false };

const ENLARGED = 1.75;

export class Chart {
  constructor(place, spec) {
    this.place = place;
    this.unzoomed = 0;
    this.use(spec);
  }

  /** Takes a new template, for the same place. */
  use(spec) {
    this.spec = spec;
    this.ranges = {};
    this.given = null;
    this.whole = true;
    this.drawn = null;
    this.values = null;
  }

  get overSteps() {
    return Boolean(this.spec.layout.meta.axes.xaxis?.steps);
  }

  /** The template's height, or less where square panels are narrow. */
  heightFor(width) {
    const { margin, meta } = this.spec.layout;
    const height = this.spec.layout.height * (this.large ? ENLARGED : 1);
    if (!meta.squares) return height;
    const [across, down] = meta.squares;
    const side = (width - margin.l - margin.r) / across;
    return Math.min(height, Math.ceil(down * 1.14 * side + margin.t + margin.b));
  }

  /** Draws one row of a run. `scene` is {rows, cursor, picks, dimmed, paint, events}. Nothing to do costs nothing. */
  async draw(scene) {
    const { rows, cursor, picks } = scene;
    if (!rows.length || this.place._dragging) return;
    const step = rows.steps[cursor];
    const now = [rows, this.overSteps ? rows.version : step, step, JSON.stringify(picks)];
    const same = this.drawn && now.every((part, index) => part === this.drawn[index]);
    if (same && !this.whole) return;
    const kept = this.overSteps ? thinned(rows.length) : null;
    const values = this.spec.data.map(({ meta }) => numbers(meta, rows, cursor, picks, kept));
    const grown = this.fitAxes(rows, picks, this.drawn?.[0] !== rows || this.drawn?.[3] !== now[3]);
    this.pinFlags(values);
    const events = this.overSteps ? scene.events.filter(([at]) => at <= rows.steps[rows.last]) : [];
    const flags = JSON.stringify([events, ...values.filter((_, index) => this.spec.data[index].meta.flag)]);
    const quick = !this.whole && !grown && flags === this.flags && this.drawNumbers(values, scene);
    if (!quick) await this.drawWhole(values, { ...scene, events });
    this.flags = flags;
    this.drawn = now;
    this.values = values;
  }

  /** New ranges for axes that have a rule, when a value left the range or the run grew by a quarter. */
  fitAxes(rows, picks, afresh) {
    let changed = false;
    for (const [name, rule] of Object.entries(this.spec.layout.meta.axes)) {
      const old = this.ranges[name];
      const due = rule.steps ? rows.steps[rows.last] > (old?.range[1] ?? 0) : rows.length >= 1.25 * (old?.length ?? 0);
      if (!afresh && !due) continue;
      const range = axisRange(rule, rows, picks);
      changed ||= !old || range[0] !== old.range[0] || range[1] !== old.range[1];
      this.ranges[name] = { range, length: rows.length };
    }
    return changed;
  }

  /** A flag beyond the axis is planted just below its upper end. */
  pinFlags(values) {
    const top = this.top(), below = this.top("y", PINNED);
    this.spec.data.forEach(({ meta }, index) => {
      if (meta.flag) values[index].y = Array.from(values[index].y, (value) => (value > top ? below : value));
    });
  }

  /** The value at which a vertical axis with a rule ends, or a share of the way there; Infinity for others. */
  top(axis = "y", share = 1) {
    const { range: [low, high] = [0, Infinity] } = this.ranges[`yaxis${axis.slice(1)}`] ?? {};
    const end = low + share * (high - low);
    return this.spec.layout.yaxis.type === "log" ? 10 ** end : end;
  }

  async drawWhole(values, { paint, dimmed, rows, events }) {
    const { data, layout } = paint.whole({ data: this.spec.data, layout: this.marked(events) });
    data.forEach((trace, index) => {
      Object.assign(trace, values[index]);
      if (trace.z) trace.z = fold(trace.z, trace.meta.z.wide);
      if (trace.type === "heatmap") trace.colorscale = [[0, "rgba(0,0,0,0)"], [1, "rgba(0,0,0,0)"]];
      if (dimmed.has(trace.meta.arm)) trace.opacity = paint.dim;
      if (trace.meta.flag) trace.visible = Number.isFinite(trace.x[0]);
    });
    for (const [name, { range }] of Object.entries(this.ranges)) {
      layout[name].range = this.zoomOf(name) ?? [...range];
      if (layout[name].type === "log") layout[name].dtick = Math.max(1, Math.ceil((range[1] - range[0]) / 5));
    }
    delete layout.meta; // plotly would prune its empty parts
    layout.width = this.place.clientWidth;
    if (layout.width <= layout.margin.l + layout.margin.r) return; // no room: the page is being left
    layout.height = this.heightFor(layout.width);
    if (!window.Plotly) {
      this.sketched = sketch(this.place, { data, layout });
      return;
    }
    layout.uirevision = this.unzoomed;
    this.given = Object.fromEntries(Object.keys(this.ranges).map((name) => [name, this.zoomOf(name) ? null : [...layout[name].range]]));
    this.whole = false;
    await window.Plotly.react(this.place, data, layout, CONFIG);
    this.sketched?.remove();
    this.sketched = null;
    this.paintMaps(values, paint);
    if (!this.heard) this.listen(rows);
  }

  /** The layout with a mark wherever something was done to the run. */
  marked(events) {
    const { layout } = this.spec;
    if (!events.length) return layout;
    const marks = eventMarks(events, this.ranges.xaxis.range[1]);
    return { ...layout, shapes: marks.shapes, annotations: [...layout.annotations, ...marks.annotations] };
  }

  /** The range that the reader zoomed an axis to, if so: it is kept whatever the run does. */
  zoomOf(name) {
    const shown = this.place.layout?.[name]?.range;
    if (!shown || !this.given || !(name in this.given)) return null;
    const given = this.given[name];
    return given && shown[0] === given[0] && shown[1] === given[1] ? null : [...shown];
  }

  listen() {
    this.heard = true;
    this.place.on("plotly_doubleclick", () => {
      this.unzoomed += 1;
      this.given = null;
      this.whole = true;
      this.place.dispatchEvent(new CustomEvent("bnviz-redraw", { bubbles: true }));
    });
    this.place.on("plotly_relayout", () => this.place.dispatchEvent(new CustomEvent("bnviz-moved", { bubbles: true })));
    if (!this.overSteps) return;
    const tell = (step) => this.place.dispatchEvent(new CustomEvent("bnviz-hover", { bubbles: true, detail: step }));
    this.place.on("plotly_hover", ({ points }) => tell(points[0].x));
    this.place.on("plotly_unhover", () => tell(null));
  }

  /** The quick way. Says whether it could be taken: not where plotly's insides are other than expected. */
  drawNumbers(values, { paint }) {
    const { _fullData: full, _fullLayout: layout, calcdata, data } = this.place;
    const cartesian = layout?._basePlotModules?.find(({ name }) => name === "cartesian");
    if (!cartesian || full?.length !== values.length || calcdata?.length !== values.length) return false;
    values.forEach((numbers, index) => {
      if (numbers.z) return;
      Object.assign(data[index], numbers);
      Object.assign(full[index], numbers);
      fill(calcdata[index], numbers);
    });
    if (values.some(({ x }) => x)) cartesian.plot(this.place);
    this.paintMaps(values, paint);
    return true;
  }

  /** Maps are drawn as one small picture each, laid over plotly's empty heat map. */
  paintMaps(values, paint) {
    const pictures = this.place.querySelectorAll(".heatmaplayer .hm image");
    let next = 0;
    values.forEach(({ z }, index) => {
      if (!z || !pictures[next]) return;
      const picture = pictures[next++];
      picture.setAttribute("href", paint.map(z, this.spec.data[index].meta.z.wide));
      picture.style.imageRendering = "auto";
    });
  }

  /** The width and the axes of what is drawn now. */
  get shown() {
    return this.sketched ?? this.place._fullLayout;
  }

  /** Where the arms' names stand: beside the last known point of each line, inside the chart. */
  labels() {
    const { shown: layout } = this;
    if (!layout || !this.values) return [];
    return this.spec.data.flatMap((trace, index) => {
      const { label, arm, role, beside } = trace.meta;
      const axis = layout[`yaxis${(trace.yaxis ?? "y").slice(1)}`];
      const known = label && axis ? last(this.values[index].y) : undefined;
      if (known === undefined) return [];
      const inside = Math.min(Math.max(axis.c2p(known), 0), axis._length);
      const right = layout.xaxis._offset + layout.xaxis._length;
      const room = layout.width - right;
      const top = axis._offset + (beside === "middle" ? axis._length / 2 : Number.isFinite(inside) ? inside : axis._length);
      return [{ label, arm, role, left: right, top, room, bottom: axis._offset + axis._length }];
    });
  }

  /** The vertical line of a step, in pixels; null where the step is not on the axis. */
  cursorAt(step) {
    const { shown: layout } = this;
    if (!layout || !this.overSteps || step === null) return null;
    const { xaxis } = layout;
    const x = xaxis.c2p(step);
    if (x < -1 || x > xaxis._length + 1) return null;
    const axes = Object.keys(layout).filter((key) => /^yaxis\d*$/.test(key)).map((key) => layout[key]);
    const top = Math.min(...axes.map((axis) => axis._offset));
    return { x: xaxis._offset + x, top, height: Math.max(...axes.map((axis) => axis._offset + axis._length)) - top };
  }

  /** The largest value that an axis with a rule leaves out above, to be marked; null where there is none. */
  beyond() {
    let most = null;
    this.spec.data.forEach(({ meta, yaxis }, index) => {
      if (!meta.label || !this.values) return;
      const top = this.top(yaxis);
      for (const value of this.values[index].y) if (value > top && !(value <= most)) most = value;
    });
    return most;
  }

  /** What every named line shows at a row, in words' numbers: [label, values]. */
  told({ rows, cursor, picks }) {
    return this.spec.data.flatMap(({ meta, type }) => {
      if (!meta.label || meta.beside || type === "heatmap") return [];
      const values = evaluate(meta.y, rows, cursor, picks);
      return [[meta.label, this.overSteps ? [values[cursor]] : Array.from(values)]];
    });
  }

  remove() {
    window.Plotly?.purge(this.place);
  }
}

function numbers(meta, rows, cursor, picks, kept) {
  const of = (key) => {
    const all = evaluate(meta[key], rows, cursor, picks);
    return kept && meta[key].series && !meta[key].at ? kept.map((index) => all[index]) : all;
  };
  if (meta.z) return { z: of("z") };
  if (!meta.lower) return { x: of("x"), y: of("y") };
  const [x, y] = outline(of("x"), of("lower"), of("upper"));
  return { x, y };
}

/** Which rows a curve shows when there are more than it has pixels for: every so many, and the newest. */
function thinned(count) {
  const stride = Math.ceil(count / MOST_POINTS);
  if (stride <= 1) return null;
  const kept = [];
  for (let index = 0; index < count; index += stride) kept.push(index);
  if (kept.at(-1) !== count - 1) kept.push(count - 1);
  return kept;
}

/** Points as plotly calculates them; a missing value is undefined there. The first point carries plotly's own notes. */
function fill(points, { x, y }) {
  const known = (value) => (Number.isFinite(value) ? value : undefined);
  const length = Math.max(1, x.length);
  for (let i = 0; i < length; i += 1) {
    const point = (points[i] ??= { i });
    const a = known(x[i]), b = known(y[i]);
    point.x = b === undefined ? undefined : a;
    point.y = a === undefined ? undefined : b;
  }
  points.length = length;
}

function fold(values, wide) {
  return Array.from({ length: values.length / wide }, (_, row) => Array.from(values.subarray(row * wide, (row + 1) * wide)));
}

function last(values) {
  for (let index = values.length - 1; index >= 0; index -= 1) if (Number.isFinite(values[index])) return values[index];
  return undefined;
}
