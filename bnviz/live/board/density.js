// Density maps that grow to the right: one canvas a panel, under plotly's axes. A new row is a new stretch of pixels;
// what was painted before is left alone until the axis, the run or the colours change.

import { densityAt } from "./bindings.js";
import { make } from "./dom.js";
import { axisOf } from "./overlay.js";

/** @import { Density, DrawnAxes, PlotElement, Trace } from "./types.js" */
/** @import { Paint } from "./paint.js" */
/** @import { Rows } from "./rows.js" */

const WIDE = 512; // pixels of a map across, however wide it is shown
const BEGINNING = 0.02; // of the axis: shown of step 0 until the next row comes
const EDGE = 3; // pixels of the first and the last bin, which hold what lies beyond the others; one of any other

/** One panel: its canvas, its pixels, and the newest row that is painted: its step, its colours from the top. */
class Panel {
  /** @type {{ step: number, colours: Uint32Array } | null} */
  newest = null;

  /**
   * @param {Density} binding
   * @param {string} role
   */
  constructor(binding, role) {
    this.binding = binding;
    this.role = role;
    this.high = binding.to - binding.from + 2 * (EDGE - 1);
    this.canvas = make("canvas", { className: "bnviz-density", width: WIDE, height: this.high });
    this.context = this.canvas.getContext("2d");
    this.image = new ImageData(WIDE, this.high);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  /** Nothing is painted any more. */
  clear() {
    this.newest = null;
    this.pixels.fill(0);
    this.context?.clearRect(0, 0, WIDE, this.high);
    delete this.canvas.dataset.step;
  }

  /**
   * Paints the rows that are newer than what is there: half of the way to each in the colours of the one before.
   * @param {Rows} rows
   * @param {number} last   the step at which the axis ends
   * @param {Uint32Array} ramp
   */
  grow(rows, last, ramp) {
    const from = this.newest?.step ?? 0;
    for (let index = this.newest ? rows.at(from) + 1 : 0; index < rows.length; index += 1) {
      const step = rows.steps[index], colours = this.column(rows, index, ramp);
      if (this.newest) {
        const half = (this.newest.step + step) / 2;
        this.fill(this.newest.colours, this.newest.step, half, last);
        this.fill(colours, half, step, last);
      } else this.fill(colours, 0, Math.max(step, BEGINNING * last), last);
      this.newest = { step, colours };
    }
    if (!this.newest || (this.newest.step === from && this.canvas.dataset.step)) return;
    const left = place(from, last), right = place(Math.max(this.newest.step, BEGINNING * last), last);
    this.context?.putImageData(this.image, 0, 0, left, 0, Math.max(0, right - left), this.high);
    this.canvas.dataset.step = String(this.newest.step);
  }

  /**
   * The colours of one row from the top; nothing where its network is infinite.
   * @param {Rows} rows
   * @param {number} index
   * @param {Uint32Array} ramp
   */
  column(rows, index, ramp) {
    const found = densityAt(this.binding, rows, index).map((share) => (share >= 0 ? ramp[Math.round(255 * share)] : 0));
    const edge = (/** @type {number} */ colour) => new Array(EDGE - 1).fill(colour);
    return Uint32Array.from([...edge(found[0]), ...found, ...edge(found[found.length - 1])].reverse());
  }

  /**
   * @param {Uint32Array} colours
   * @param {number} from
   * @param {number} to
   * @param {number} last
   */
  fill(colours, from, to, last) {
    const left = place(from, last), right = place(to, last);
    colours.forEach((colour, y) => this.pixels.fill(colour, y * WIDE + left, y * WIDE + right));
  }
}

/**
 * The pixel at which a step begins.
 * @param {number} step
 * @param {number} last
 */
function place(step, last) {
  return Math.min(WIDE, Math.round((WIDE * step) / last));
}

/** The density maps of one chart. */
export class Densities {
  /** @type {Map<number, Panel>} */
  panels = new Map();
  /** What the pixels were painted from. @type {unknown[]} */
  painted = [];

  /** @param {Trace[]} traces */
  constructor(traces) {
    traces.forEach(({ meta: { z, role } }, index) => {
      if (z && "rows" in z) this.panels.set(index, new Panel(z, role));
    });
  }

  /**
   * Paints what is new, or everything where the run, the axis' end or the look are others.
   * @param {Rows} rows
   * @param {number} last
   * @param {Paint} paint
   */
  paint(rows, last, paint) {
    const from = [rows, last, paint];
    const afresh = from.some((part, index) => part !== this.painted[index]);
    this.painted = from;
    for (const panel of this.panels.values()) {
      if (afresh) panel.clear();
      panel.grow(rows, last, paint.ramp(panel.role));
    }
  }

  /**
   * Puts every map where its axes are drawn, under them.
   * @param {PlotElement} plot
   * @param {Trace[]} traces
   * @param {DrawnAxes} drawn
   */
  place(plot, traces, drawn) {
    for (const [index, { canvas }] of this.panels) {
      const { xaxis = "x", yaxis, opacity = 1 } = traces[index];
      const across = drawn[axisOf(xaxis)], up = drawn[axisOf(yaxis)];
      if (canvas.parentElement !== plot.parentElement) plot.before(canvas);
      const box = { left: across._offset, top: up._offset, width: across._length, height: up._length };
      Object.entries(box).forEach(([side, pixels]) => canvas.style.setProperty(side, `${pixels}px`));
      canvas.style.opacity = String(opacity);
    }
  }

  remove() {
    for (const { canvas } of this.panels.values()) canvas.remove();
  }
}
