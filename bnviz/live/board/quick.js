// The quick way to draw new numbers: they are put where plotly keeps the ones it has calculated (gd.calcdata), and
// plotly's own cartesian module draws them with the axes as they are. Ten times cheaper than Plotly.react.

/** @import { Calculated, Numbers, PlotElement, Shown } from "./types.js" */

/**
 * Draws numbers into a drawn plot. Says whether it could: not where plotly's insides are other than expected.
 * @param {PlotElement} place
 * @param {Shown[]} values
 */
export function drawQuickly(place, values) {
  const { _fullData: full, _fullLayout: layout, calcdata, data } = place;
  const cartesian = layout?._basePlotModules.find(({ name }) => name === "cartesian");
  if (!cartesian || !data || full?.length !== values.length || calcdata?.length !== values.length) return false;
  values.forEach(({ x, y }, index) => {
    if (!x || !y) return;
    Object.assign(data[index], { x, y });
    Object.assign(full[index], { x, y });
    fill(calcdata[index], x, y);
  });
  if (values.some(({ x }) => x)) cartesian.plot(place);
  return true;
}

/**
 * Points as plotly calculates them; a missing value is undefined there. The first point carries plotly's own notes.
 * @param {Calculated[]} points
 * @param {Numbers} x
 * @param {Numbers} y
 */
export function fill(points, x, y) {
  const length = Math.max(1, x.length);
  for (let i = 0; i < length; i += 1) {
    const isKnown = Number.isFinite(x[i]) && Number.isFinite(y[i]);
    Object.assign((points[i] ??= { i }), { x: isKnown ? x[i] : undefined, y: isKnown ? y[i] : undefined });
  }
  points.length = length;
}
