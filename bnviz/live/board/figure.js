// A figure that is measured while it is looked at: one plot that stays, its progress, its sentences and a small table.

import { Display, Progress } from "./display.js";
import { make, write } from "./dom.js";
import { lookOf, Paint } from "./paint.js";
import { Paper } from "./paper.js";
import { loadPlotly, painted } from "./tasks.js";

/** @import { DisplayData, DisplayTrigger } from "./display.js" */
/** @import { DrawnFigure, PlotElement, Told } from "./types.js" */
/** @typedef {DisplayData & { plotly: string }} FigureData */

const CONFIG = { displayModeBar: false, responsive: false, showTips: false, scrollZoom: false };
const NARROW = 560, LEAST = 340; // a figure of many panels is not drawn narrower than it can be read: it scrolls
/** @type {WeakMap<Element, Figure>} */
const figures = new WeakMap();

/**
 * Components v2 calls this at the mount, whenever the page ran again with other data, and when the theme changes.
 * @param {{ parentElement: Element, data: FigureData, setTriggerValue: DisplayTrigger }} component
 */
export default function mount({ parentElement, data, setTriggerValue }) {
  const figure = figures.get(parentElement);
  if (figure && figure.display.live === data.live) {
    figure.display.use(data, setTriggerValue);
    figure.restyle();
  } else {
    figure?.leave();
    figures.set(parentElement, new Figure(parentElement, data, setTriggerValue));
  }
  return () => setTimeout(() => parentElement.isConnected || leave(parentElement), 0);
}

/** @param {Element} parentElement */
function leave(parentElement) {
  figures.get(parentElement)?.leave();
  figures.delete(parentElement);
}

class Figure {
  /** @type {DrawnFigure | null} */
  drawn = null;
  /** @type {Told | null} */
  told = null;
  width = 0;

  /**
   * @param {Element} parent
   * @param {FigureData} data
   * @param {DisplayTrigger} trigger
   */
  constructor(parent, data, trigger) {
    this.progress = new Progress();
    this.place = /** @type {PlotElement} */ (make("div", { className: "bnviz-figure-plot" }));
    this.waiting = make("p", { className: "bnviz-figure-waiting" });
    this.stage = make("div", { className: "bnviz-figure-stage", hidden: true }, this.place, this.waiting);
    this.words = make("div", { className: "bnviz-figure-words" });
    this.root = make("section", { className: "bnviz-board bnviz-figure" }, this.progress.element, this.stage, this.words);
    parent.append(this.root);
    this.restyle();
    this.ready = loadPlotly(data.plotly, painted());
    /** @type {Display<object, object>} */
    this.display = new Display(data, trigger, {
      setup: () => { this.drawn = null; },
      state: (told) => this.stand(told),
      frame: (header) => this.show(header.drawn),
    });
    this.watch = new ResizeObserver(() => {
      if (Math.abs(this.root.clientWidth - this.width) > 1) this.draw();
    });
    this.watch.observe(this.root);
    this.paper = new Paper(this.root);
  }

  restyle() {
    this.root.dataset.look = lookOf(this.root.parentElement ?? document.body);
    this.paint = Paint.of(this.root);
    this.draw();
  }

  /** @param {Told} told */
  stand(told) {
    this.told = told;
    this.root.dataset.stage = told.stage;
    this.progress.show(told);
    this.fit();
  }

  /** @param {DrawnFigure} drawn */
  async show(drawn) {
    this.drawn = drawn;
    this.write(drawn);
    this.place.style.minHeight = `${drawn.figure.layout.height}px`; // its room, before plotly.js is there
    this.fit();
    await this.draw();
  }

  /** Axes without a row stand there only while one may come. */
  fit() {
    const { drawn } = this;
    this.stage.hidden = !drawn || (drawn.waiting !== "" && this.told?.stage !== "moving");
    this.words.hidden = !drawn || drawn.waiting !== "";
    write(this.waiting, drawn?.waiting ?? "");
    this.waiting.hidden = !drawn?.waiting;
  }

  async draw() {
    if (!this.drawn) return;
    await this.ready;
    const { drawn, paint } = this;
    const width = this.root.clientWidth;
    if (!drawn || !paint || !window.Plotly || !width || this.stage.hidden) return;
    this.width = width;
    const { data, layout } = paint.whole(drawn.figure);
    const panels = Object.keys(layout).filter((name) => name.startsWith("xaxis")).length;
    const least = width < NARROW && panels > 1 ? Math.min(panels, 2) * LEAST : 0;
    Object.assign(layout, { width: Math.max(width, least), uirevision: drawn.key });
    await window.Plotly.react(this.place, data, layout, CONFIG);
  }

  /** @param {DrawnFigure} drawn */
  write({ sentences, heading, table, notes = [] }) {
    const parts = sentences.map((text) => make("p", { className: "bnviz-figure-sentence" }, text));
    if (heading && table) parts.push(make("h3", {}, heading), make("div", { className: "bnviz-figure-scroll" }, tableOf(table)));
    parts.push(...notes.map((text) => make("p", { className: "bnviz-figure-sentence" }, text)));
    const same = parts.map((part) => part.textContent).join("\n");
    if (this.words.dataset.said === same) return;
    this.words.replaceChildren(...parts);
    this.words.dataset.said = same;
  }

  leave() {
    this.display.end();
    this.watch.disconnect();
    this.paper.end();
    window.Plotly?.purge(this.place);
    this.root.remove();
  }
}

/** @param {{ columns: string[], rows: string[][] }} table */
function tableOf({ columns, rows }) {
  const head = make("tr", {}, ...columns.map((text) => make("th", { scope: "col" }, text)));
  const body = rows.map(([name, ...cells]) => {
    const arm = make("th", { scope: "row" }, name);
    return make("tr", {}, arm, ...cells.map((text) => make("td", {}, text)));
  });
  return make("table", {}, make("thead", {}, head), make("tbody", {}, ...body));
}
