// Many short lines and dots, such as the bars of units, as one picture over plotly's axes: a path of each for plotly takes
// tens of milliseconds a step, a canvas one.

import { placeOver } from "./canvas.js";
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

  /** @param {PlotElement} plot */
  place(plot) {
    if (this.own.length) this.canvas = placeOver(plot, this.canvas, "bnviz-strokes");
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
      const { line, marker, meta, mode } = this.traces[index];
      context.globalAlpha = dimmed.has(meta.arm) ? paint.dim : 1;
      context.beginPath();
      if (mode === "markers") {
        context.fillStyle = paint.colour(marker.color);
        this.dot(context, index, values[index], drawn);
        context.fill();
      } else {
        Object.assign(context, { strokeStyle: paint.colour(line.color), lineWidth: line.width });
        this.follow(context, index, values[index], drawn);
        context.stroke();
      }
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

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} index
   * @param {Shown} values
   * @param {DrawnAxes} drawn
   */
  dot(context, index, { x = [], y = [] }, drawn) {
    const { xaxis, yaxis, marker } = this.traces[index], radius = marker.size / 2;
    const across = drawn[axisOf(xaxis ?? "x")], up = drawn[axisOf(yaxis)];
    for (let i = 0; i < x.length; i += 1) {
      if (!Number.isFinite(x[i]) || !Number.isFinite(y[i])) continue;
      const left = across._offset + across.c2p(x[i]), top = up._offset + up.c2p(y[i]);
      context.moveTo(left + radius, top);
      context.arc(left, top, radius, 0, 2 * Math.PI);
    }
  }

  remove() {
    this.canvas?.remove();
  }
}
