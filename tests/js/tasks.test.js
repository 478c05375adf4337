import assert from "node:assert/strict";
import { test } from "node:test";

let runs = 0;
const page = {
  /** @type {object | undefined} */
  Plotly: undefined,
  bnvizPlotly() {
    runs += 1;
    page.Plotly = {};
  },
};
globalThis.window = /** @type {any} */ (page);
const { loadPlotly } = await import("../../bnviz/live/board/tasks.js");

test("plotly.js runs once for all who need it, though the first has left the page before it was free", async () => {
  loadPlotly("plotly.js", new Promise(() => {}));
  await Promise.all([loadPlotly("plotly.js", Promise.resolve()), loadPlotly("plotly.js", Promise.resolve())]);
  assert.equal(runs, 1);
});
