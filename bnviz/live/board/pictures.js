// What of a chart is not drawn by plotly but over or under its axes: maps, density maps, strokes, networks.

import { Densities } from "./density.js";
import { Networks } from "./network.js";
import { Strokes } from "./strokes.js";
import { Units } from "./units.js";

/** @import { Scene } from "./chart.js" */
/** @import { DrawnAxes, PlotElement, Shown, Trace } from "./types.js" */
/** @import { Paint } from "./paint.js" */

/**
 * Whether plotly draws nothing at all of a trace.
 * @param {Trace} trace
 */
export function isOurs({ meta: { z, strokes, network } }) {
  return Boolean(strokes || network || (z && "rows" in z));
}

/** The pictures of one chart. */
export class Pictures {
  /** @param {Trace[]} traces */
  constructor(traces) {
    this.traces = traces;
    this.densities = new Densities(traces);
    this.strokes = new Strokes(traces);
    this.networks = new Networks(traces);
    this.units = new Units(traces, (unit) => this.point(unit));
  }

  /** Draws the networks again. */
  again = () => {};

  /**
   * Of all weights those of one unit are seen, or of none all.
   * @param {import("./units.js").Unit | null} unit
   */
  point(unit) {
    this.networks.pointed = unit;
    this.again();
  }

  /**
   * Puts the canvases where the axes are drawn; of the painted traces only axes and opacity count.
   * @param {PlotElement} plot
   * @param {Trace[]} painted
   * @param {DrawnAxes} drawn
   */
  place(plot, painted, drawn) {
    this.densities.place(plot, painted, drawn);
    this.strokes.place(plot);
    this.networks.place(plot);
    this.units.place(plot, drawn);
  }

  /**
   * Draws what a row of a run shows.
   * @param {PlotElement} plot
   * @param {Shown[]} values
   * @param {Scene} scene
   * @param {{ last: number, drawn: DrawnAxes | undefined }} axes   the step at which a step axis ends, and all axes
   */
  draw(plot, values, scene, { last, drawn }) {
    const { rows, cursor, paint } = scene;
    this.densities.paint(rows, last, paint);
    if (drawn) this.strokes.draw(values, drawn, scene, rows.steps[cursor]);
    this.again = () => drawn && this.networks.draw(scene, drawn);
    this.again();
    this.paintMaps(plot, values, paint);
  }

  /**
   * Maps at the cursor are drawn as one small picture each, laid over plotly's empty heat map.
   * @param {PlotElement} plot
   * @param {Shown[]} values
   * @param {Paint} paint
   */
  paintMaps(plot, values, paint) {
    const pictures = /** @type {NodeListOf<SVGImageElement>} */ (plot.querySelectorAll(".heatmaplayer .hm image"));
    const maps = this.traces.flatMap(({ meta: { z }, colorscale }, index) =>
      (z && "wide" in z ? [{ z: values[index].z ?? [], wide: z.wide, scale: String(colorscale) }] : []));
    pictures.forEach((picture, index) => {
      const { z, wide, scale } = maps[index];
      picture.setAttribute("href", paint.map(z, wide, scale));
      picture.style.imageRendering = scale === "classes" ? "auto" : "pixelated";
    });
  }

  remove() {
    this.densities.remove();
    this.strokes.remove();
    this.networks.remove();
    this.units.remove();
  }
}
