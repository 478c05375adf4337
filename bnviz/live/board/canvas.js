// Canvases that lie over a plot, as large and as fine as the screen shows it.

import { make } from "./dom.js";

/**
 * Lays a canvas over a plot: this one, or a new one.
 * @param {HTMLElement} plot
 * @param {HTMLCanvasElement | null} canvas
 * @param {string} className
 */
export function placeOver(plot, canvas, className) {
  const placed = canvas ?? make("canvas", { className });
  const { clientWidth: width, clientHeight: height } = plot;
  Object.assign(placed, { width: width * devicePixelRatio, height: height * devicePixelRatio });
  Object.assign(placed.style, { width: `${width}px`, height: `${height}px` });
  if (placed.parentElement !== plot.parentElement) plot.after(placed);
  return placed;
}
