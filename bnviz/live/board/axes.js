// The ends of a chart's axes: by the template's rules, or where the reader zoomed to. Knows no element.

import { axisRange } from "./ranges.js";
import { word } from "./ticks.js";

/** @import { AxisName, AxisRule, Layout, Picks, PlotElement, Range, RuledLayout } from "./types.js" */
/** @import { Rows } from "./rows.js" */

const GROWTH = 1.25; // so much longer is a run when its axes are looked at again
const MOST_DECADES = 5; // with a tick each

export class Axes {
  /** @param {RuledLayout} layout */
  constructor({ meta: { axes, panels = 1 }, yaxis }) {
    this.log = yaxis.type === "log";
    this.rules = /** @type {[AxisName, AxisRule][]} */ (Object.entries(axes));
    /** The step axes with another one behind their end, whose 0 would touch their last number. */
    const steps = this.rules.filter(([, rule]) => "steps" in rule).map(([name]) => name);
    this.neighboured = new Set(panels > 1 ? steps.slice(0, -1) : []);
    /** Whether the chart runs over the steps, so that it shows every row. */
    this.overSteps = axes.xaxis !== undefined && "steps" in axes.xaxis;
    /** @type {Map<AxisName, { range: Range, length: number }>} */
    this.ranges = new Map();
    /** What plotly was given; null where the reader's zoom was kept. @type {Map<AxisName, Range | null>} */
    this.given = new Map();
  }

  /**
   * Fits axes that a value left, or whose run grew by a quarter. Says whether a range changed.
   * @param {Rows} rows
   * @param {Picks} picks
   * @param {boolean} afresh   looks at all of them
   */
  fit(rows, picks, afresh) {
    let changed = false;
    for (const [name, rule] of this.rules) {
      const old = this.ranges.get(name);
      const due = "steps" in rule || rows.length >= GROWTH * (old?.length ?? 0);
      if (!afresh && !due) continue;
      const range = axisRange(rule, rows, picks);
      changed ||= !old || range[0] !== old.range[0] || range[1] !== old.range[1];
      this.ranges.set(name, { range, length: rows.length });
    }
    return changed;
  }

  /**
   * The value a share of the way up a vertical axis with a rule; for others without an end.
   * @param {AxisName} name
   * @param {number} share
   */
  at(name, share) {
    const range = this.ranges.get(name)?.range;
    if (!range) return share > 0 ? Infinity : -Infinity;
    const end = range[0] + share * (range[1] - range[0]);
    return this.log ? 10 ** end : end;
  }

  /** The step at which a step axis ends. */
  get lastStep() {
    return this.ranges.get("xaxis")?.range[1] ?? 0;
  }

  /**
   * Writes the ranges into the layout that plotly is about to be given.
   * @param {Layout} layout
   * @param {PlotElement["layout"]} shown   what plotly shows now
   */
  write(layout, shown) {
    for (const [name, { range: [low, high] }] of this.ranges) {
      const zoom = this.zoomOf(name, shown);
      layout[name].range = zoom ?? [low, high];
      this.given.set(name, zoom ? null : [low, high]);
      if (this.neighboured.has(name)) layout[name].labelalias = { [word(high, layout[name].tickformat)]: "" };
      if (layout[name].type === "log") layout[name].dtick = Math.max(1, Math.ceil((high - low) / MOST_DECADES));
    }
  }

  /**
   * The range that the reader zoomed an axis to, if so: it is kept whatever the run does.
   * @param {AxisName} name
   * @param {PlotElement["layout"]} shown
   * @returns {Range | null}
   */
  zoomOf(name, shown) {
    const now = shown?.[name]?.range, given = this.given.get(name);
    if (!now || given === undefined) return null;
    return given && now[0] === given[0] && now[1] === given[1] ? null : [...now];
  }

  /** The zoom ends: plotly's ranges are ours again. */
  unzoom() {
    this.given.clear();
  }
}
