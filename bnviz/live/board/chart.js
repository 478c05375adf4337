// One chart: a template, a place to draw, and two ways to draw it (and a sketch until plotly.js is there). The whole way
// is Plotly.react, for new axis ranges, colours and sizes; the quick way is for new numbers (quick.js).

import { Axes } from "./axes.js";
import { evaluate } from "./bindings.js";
import { pinFlags, plantFlags } from "./flags.js";
import { eventMarks } from "./marks.js";
import { folded, shownBy, thinned } from "./numbers.js";
import { axisOf, placeCursors, placeNames } from "./overlay.js";
import { isOurs, Pictures } from "./pictures.js";
import { drawQuickly } from "./quick.js";
import { heightIn, marginIn, ticksIn } from "./size.js";
import { sketch } from "./sketch.js";
import { grown } from "./stage.js";
import { say } from "./words.js";

/** @import { ChartSpec, DrawnAxes, Happening, Picks, PlotElement, Shown, Trace } from "./types.js" */
/** @import { Paint } from "./paint.js" */
/** @import { Rows } from "./rows.js" */

/**
 * What there is to draw: a row of a run, the arms that are dimmed, the colours, and what was done to the run.
 * @typedef {{ rows: Rows, cursor: number, dimmed: Set<string>, paint: Paint, events: Happening[] }} Scene
 */

/**
 * What a chart tells: draw me when you can, my axes moved, the pointer is at a step (null: at none).
 * @typedef {{ changed: () => void, moved: () => void, hover: (step: number | null) => void }} ChartHandlers
 */

const CLEAR = "rgba(0,0,0,0)";
const CONFIG = { displayModeBar: false, responsive: false, doubleClick: false, showTips: false, scrollZoom: false };

export class Chart {
  large = false;
  whole = true;
  unzoomed = 0;
  listening = false;
  flags = "";
  /** @type {ReturnType<typeof sketch> | null} */
  sketched = null;
  /** @type {[Rows, unknown, number, string] | null} */
  drawn = null;
  /** The pictures of the run before, until there are new ones. @type {Pictures | null} */
  former = null;
  /** @type {Shown[] | null} */
  values = null;

  /**
   * @param {PlotElement} place
   * @param {ChartSpec} spec
   * @param {ChartHandlers} on
   */
  constructor(place, spec, on) {
    this.place = place;
    this.spec = spec;
    this.on = on;
    this.axes = new Axes(spec.layout);
    this.pictures = new Pictures(spec.data);
  }

  /**
   * Takes a new template, for the same place.
   * @param {ChartSpec} spec
   */
  use(spec) {
    this.spec = spec;
    this.axes = new Axes(spec.layout);
    this.former?.remove();
    this.former = this.pictures;
    this.pictures = new Pictures(spec.data);
    this.drawn = this.values = null;
    this.whole = true;
  }

  /**
   * Draws one row of a run. Nothing to do costs nothing.
   * @param {Scene} scene
   * @param {Picks} picks
   */
  async draw(scene, picks) {
    const { rows, cursor } = scene, { overSteps } = this.axes;
    if (!rows.length || this.place._dragging) return;
    const step = rows.steps[cursor];
    /** @type {[Rows, unknown, number, string]} */
    const now = [rows, overSteps ? rows.version : rows.looks.get(step), step, JSON.stringify(picks)];
    if (!this.whole && this.drawn?.every((part, index) => part === now[index])) return;
    const kept = overSteps ? thinned(rows.length) : null;
    const values = this.spec.data.map(({ meta }) => shownBy(meta, rows, cursor, picks, kept));
    const isWider = this.axes.fit(rows, picks, this.drawn?.[0] !== rows || this.drawn[3] !== now[3]);
    pinFlags(this.spec.data, values, this.axes);
    const events = overSteps ? scene.events.filter(([at]) => at <= rows.steps[rows.last]) : [];
    const flags = JSON.stringify([events, ...values.filter((_, index) => this.spec.data[index].meta.flag)]);
    const plotted = values.map((own, index) => (isOurs(this.spec.data[index]) ? {} : own));
    const same = !this.whole && !isWider && rows.length > 2 && flags === this.flags;
    const quick = same && (this.spec.layout.meta.own || drawQuickly(this.place, plotted));
    if (quick) this.drawPictures(values, scene);
    else await this.drawWhole(values, { ...scene, events });
    Object.assign(this, { flags, drawn: now, values });
  }

  /**
   * @param {Shown[]} values
   * @param {Scene} scene
   */
  async drawWhole(values, scene) {
    const { paint, dimmed, events } = scene;
    const width = this.place.clientWidth, { layout: own } = this.spec;
    const margin = marginIn(this.place.parentElement?.clientWidth ?? width, own);
    if (width <= margin.l + margin.r) return; // no room: the page is being left
    const { meta, ...marked } = this.marked(events); // plotly would prune the empty parts of a meta
    const { data, layout } = paint.whole({ data: this.spec.data, layout: marked });
    data.forEach((trace, index) => {
      const { x, y, z } = values[index];
      const map = trace.meta.z;
      if (isOurs(trace)) Object.assign(trace, { type: "scatter", mode: "none", x: [null], y: [null] });
      else if (map && "wide" in map && z) Object.assign(trace, { z: folded(z, map.wide), colorscale: [[0, CLEAR], [1, CLEAR]] });
      else Object.assign(trace, { x, y });
      if (trace.mode === "lines" && trace.meta.label && x?.length === 1) { // a line of one point cannot be seen
        Object.assign(trace, { mode: "lines+markers", marker: { size: 6, color: trace.line.color } });
      }
      if (dimmed.has(trace.meta.arm)) trace.opacity = paint.dim;
    });
    this.axes.write(layout, this.place.layout);
    if (layout.xaxis?.nticks && !meta.panels) layout.xaxis.nticks = ticksIn(width, margin, layout.xaxis.nticks);
    Object.assign(layout, { width, height: heightIn(width, own, this.large), margin, uirevision: this.unzoomed });
    plantFlags(data, values, layout);
    this.whole = !window.Plotly && !meta.own;
    if (!window.Plotly || meta.own) {
      this.sketched = sketch(this.place, { data, layout });
      this.drawPictures(values, scene, data);
      return;
    }
    await window.Plotly.react(this.place, data, layout, CONFIG);
    this.sketched?.remove();
    this.sketched = null;
    this.drawPictures(values, scene, data);
    if (!this.listening) this.listen();
  }

  /**
   * The layout with a mark wherever something was done to the run.
   * @param {Happening[]} events
   */
  marked(events) {
    const { layout } = this.spec;
    if (!events.length) return layout;
    const { panels, fills } = layout.meta, marks = eventMarks(events, this.axes.lastStep, panels);
    const { shapes, annotations } = fills ? grown(panels ? { ...marks, annotations: [] } : marks, fills) : marks;
    return { ...layout, shapes: [...layout.shapes, ...shapes], annotations: [...layout.annotations, ...annotations] };
  }

  listen() {
    this.listening = true;
    this.place.on?.("plotly_doubleclick", () => {
      this.unzoomed += 1;
      this.axes.unzoom();
      this.whole = true;
      this.on.changed();
    });
    this.place.on?.("plotly_relayout", () => this.on.moved());
    this.place.on?.("plotly_hover", ({ points }) => this.axes.overSteps && this.on.hover(points[0].x));
    this.place.on?.("plotly_unhover", () => this.axes.overSteps && this.on.hover(null));
  }

  /**
   * @param {Shown[]} values
   * @param {Scene} scene
   * @param {Trace[] | null} painted   where the axes have just been drawn
   */
  drawPictures(values, scene, painted = null) {
    if (painted && this.shown) {
      this.pictures.place(this.place, painted, this.shown);
      this.former?.remove();
      this.former = null;
    }
    this.pictures.draw(this.place, values, scene, { last: this.axes.lastStep, drawn: this.shown });
  }

  /**
   * The width and the axes of what is drawn now.
   * @returns {DrawnAxes | undefined}
   */
  get shown() {
    return this.sketched ?? this.place._fullLayout;
  }

  /**
   * The arms' names and where they stand, in a place of which this width is seen.
   * @param {number} seen
   * @param {number} tall   pixels that a name takes where there is room for it
   */
  names(seen, tall) {
    return this.shown && this.values ? placeNames(this.spec.data, this.values, this.shown, seen, tall) : [];
  }

  /**
   * The vertical lines of a step, in pixels.
   * @param {number | null} step
   */
  cursorsAt(step) {
    return this.shown && this.axes.overSteps && step !== null ? placeCursors(this.shown, step) : [];
  }

  /** Whether there is nothing to see of any named line, or of a network. */
  get isEmpty() {
    if (this.pictures.networks.unread) return true;
    const named = this.spec.data.flatMap(({ meta, mode }, index) =>
      (meta.label || (meta.strokes && mode === "markers") ? [Array.from(this.values?.[index].y ?? [])] : []));
    return named.length > 0 && !named.some((values) => values.some(Number.isFinite));
  }

  /** How far the named lines go beyond the ends of axes with a rule, in words; empty where none does. */
  beyond() {
    const above = [], below = [];
    for (const [index, { meta, yaxis }] of this.spec.data.entries()) {
      const values = meta.label ? Array.from(this.values?.[index].y ?? []).filter(Number.isFinite) : [];
      const [bottom, top] = [this.axes.at(axisOf(yaxis), 0), this.axes.at(axisOf(yaxis), 1)];
      above.push(...values.filter((value) => value > top));
      below.push(...values.filter((value) => value < bottom));
    }
    const words = above.length ? [`▲ up to ${say(Math.max(...above))}`] : [];
    return (below.length ? [...words, `▼ down to ${say(Math.min(...below))}`] : words).join("  ");
  }

  /**
   * What every named line shows at a row, and in which layers.
   * @param {Rows} rows
   * @param {number} cursor
   * @param {Picks} picks
   * @returns {[string, number[], number[]][]}
   */
  told(rows, cursor, picks) {
    return this.spec.data.flatMap(({ meta: { label, beside, x, y } }) => {
      if (!label || beside || !y) return [];
      const values = Array.from(evaluate(y, rows, cursor, picks));
      if (this.axes.overSteps) return [[label, [values[cursor]], []]];
      const places = x ? Array.from(evaluate(x, rows, cursor, picks)) : [];
      return [[label, values, places.every(Number.isInteger) ? places : []]];
    });
  }

  remove() {
    for (const pictures of [this.former, this.pictures]) pictures?.remove();
    window.Plotly?.purge(this.place);
  }
}
