// Where something was done to the run: a hairline with a few words, as in bnviz/charts/marks.py.

/** @import { Annotation, Happening } from "./types.js" */

const APART = 0.14;

/**
 * Shapes and annotations of events on a step axis that ends at `last`.
 * @param {Happening[]} events
 * @param {number} last
 */
export function eventMarks(events, last) {
  /** @type {object[]} */
  const shapes = [];
  /** @type {Annotation[]} */
  const annotations = [];
  let free = Infinity;
  for (const [step, text] of [...events].sort((a, b) => b[0] - a[0])) {
    const line = { color: "quiet", width: 1, dash: "2px,3px" };
    shapes.push({ type: "line", xref: "x", yref: "paper", x0: step, x1: step, y0: 0, y1: 1, layer: "below", line });
    if (step + APART * last > free) continue;
    annotations.push({
      text, xref: "x", yref: "paper", x: step, y: 1, xanchor: "left", yanchor: "bottom", yshift: -2, showarrow: false,
      font: { size: 12, color: "quiet" },
    });
    free = step;
  }
  return { shapes, annotations };
}
