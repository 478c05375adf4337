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
const { breather, loadPlotly } = await import("../../bnviz/live/board/tasks.js");

test("plotly.js runs once for all who need it, though the first has left the page before it was free", async () => {
  loadPlotly("plotly.js", new Promise(() => {}));
  await Promise.all([loadPlotly("plotly.js", Promise.resolve()), loadPlotly("plotly.js", Promise.resolve())]);
  assert.equal(runs, 1);
});

test("the page answers in between when what was done took its time, and only then", async (context) => {
  let now = 0;
  let answers = 0;
  context.mock.method(performance, "now", () => now);
  globalThis.scheduler = /** @type {any} */ ({ postTask: async () => { answers += 1; } });
  const breathe = breather(8);
  const answered = [];
  for (const took of [5, 2, 4, 7, 1]) {
    now += took;
    await breathe();
    answered.push(answers);
  }
  assert.deepEqual(answered, [0, 0, 1, 1, 2]);
});
