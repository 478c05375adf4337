// Many short lines, such as the bars of units, as one picture over plotly's axes: a path of each for plotly takes tens of
// milliseconds a step, a canvas one.

import { make } from "./dom.js";
import { axisOf } from "./overlay.js";

/** @import { DrawnAxes, PlotElement, Shown, Trace } from "./types.js" */
/** @import { Paint } from "./paint.js" */

/** The strokes of one chart: the traces that say so. */
export class Strokes {
  /** @type {HTMLCanvasElement | null} */
  canvas = null;

  /** @param {Trace[]} traces */
  constructor(traces) {
    this.traces = traces;
    this.own = traces.flatMap(({ meta }, index) => (meta.strokes ? [index] : []));
  }

  /**
   * Lays the canvas over a plot, as large and as fine as the screen shows it.
   * @param {PlotElement} plot
   */
  place(plot) {
    if (!this.own.length) return;
    this.canvas ??= make("canvas", { className: "bnviz-strokes" });
    const { clientWidth: width, clientHeight: height } = plot;
    Object.assign(this.canvas, { width: width * devicePixelRatio, height: height * devicePixelRatio });
    Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    if (this.canvas.parentElement !== plot.parentElement) plot.after(this.canvas);
  }

  /**
   * Draws every stroke anew.
   * @param {Shown[]} values
   * @param {DrawnAxes} drawn
   * @param {{ paint: Paint, dimmed: Set<string> }} scene
   * @param {number} step
   */
  draw(values, drawn, { paint, dimmed }, step) {
    const context = this.canvas?.getContext("2d");
    if (!this.canvas || !context) return;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    for (const index of this.own) {
      const { line, meta } = this.traces[index];
      Object.assign(context, { strokeStyle: paint.colour(line.color), lineWidth: line.width });
      context.globalAlpha = dimmed.has(meta.arm) ? paint.dim : 1;
      context.beginPath();
      this.follow(context, index, values[index], drawn);
      context.stroke();
    }
    this.canvas.dataset.step = String(step);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} index
   * @param {Shown} values
   * @param {DrawnAxes} drawn
   */
  follow(context, index, { x = [], y = [] }, drawn) {
    const across = drawn[axisOf(this.traces[index].xaxis ?? "x")], up = drawn[axisOf(this.traces[index].yaxis)];
    let isDown = false;
    for (let i = 0; i < x.length; i += 1) {
      const isKnown = Number.isFinite(x[i]) && Number.isFinite(y[i]);
      if (isKnown) context[isDown ? "lineTo" : "moveTo"](across._offset + across.c2p(x[i]), up._offset + up.c2p(y[i]));
      isDown = isKnown;
    }
  }

  remove() {
    this.canvas?.remove();
  }
}
