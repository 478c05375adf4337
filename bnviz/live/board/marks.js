// Where something was done to the run: a hairline with a few words, as in bnviz/charts/marks.py.

/** @import { Annotation, Happening, Shape } from "./types.js" */

const APART = 0.14;

/**
 * Shapes and annotations of events on a step axis that ends at `last`; where panels stand side by side each has its
 * hairline, with a small mark above in place of words.
 * @param {Happening[]} events
 * @param {number} last
 */
export function eventMarks(events, last, panels = 0) {
  if (panels) return panelMarks(events, panels);
  /** @type {Shape[]} */
  const shapes = [];
  /** @type {Annotation[]} */
  const annotations = [];
  let free = Infinity;
  for (const [step, text] of [...events].sort((a, b) => b[0] - a[0])) {
    shapes.push(hairline(step, "x", "below"));
    if (step + APART * last > free) continue;
    annotations.push({ ...above(text, step, "x", -2), xanchor: "left" });
    free = step;
  }
  return { shapes, annotations };
}

/**
 * @param {Happening[]} events
 * @param {number} panels
 */
function panelMarks(events, panels) {
  const axes = Array.from({ length: panels }, (_, index) => (index ? `x${index + 1}` : "x"));
  const places = events.flatMap(([step]) => axes.map((axis) => ({ step, axis })));
  return {
    shapes: places.map(({ step, axis }) => hairline(step, axis, "above")),
    annotations: places.map(({ step, axis }) => above("▾", step, axis, -4)),
  };
}

/**
 * @param {number} step
 * @param {string} xref
 * @param {string} layer
 */
function hairline(step, xref, layer) {
  const line = { color: "quiet", width: 1, dash: "2px,3px" };
  return { type: "line", xref, yref: "paper", x0: step, x1: step, y0: 0, y1: 1, layer, line };
}

/**
 * @param {string} text
 * @param {number} x
 * @param {string} xref
 * @param {number} yshift
 * @returns {Annotation}
 */
function above(text, x, xref, yshift) {
  return { text, xref, yref: "paper", x, y: 1, yanchor: "bottom", yshift, showarrow: false, font: { size: 12, color: "quiet" } };
}
