// A figure that is measured while it is looked at: one plot that stays, its progress, its sentences and a small table.

import { Asked } from "./asked.js";
import { Display, Progress } from "./display.js";
import { make, write } from "./dom.js";
import { isPressed } from "./keys.js";
import { NumbersPanel, tableElement } from "./numbers_panel.js";
import { lookOf, Paint } from "./paint.js";
import { Paper } from "./paper.js";
import { pictureButton } from "./picture_button.js";
import { Places } from "./places.js";
import { loadPlotly, painted } from "./tasks.js";
import { announce } from "./voice.js";

/** @import { DisplayData, DisplayTrigger } from "./display.js" */
/** @import { DrawnFigure, PlotElement, Told } from "./types.js" */
/** @typedef {DisplayData & { plotly: string, buttons: string }} FigureData */

const CONFIG = { displayModeBar: false, responsive: false, showTips: false, scrollZoom: false };
const NARROW = 560, LEAST = 340; // a figure of many panels is not drawn narrower than it can be read: it scrolls
let count = 0;
/** @type {Places<Figure>} */
const figures = new Places();

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
  return figures.departure(parentElement);
}

class Figure {
  /** @type {DrawnFigure | null} */
  drawn = null;
  /** What was asked for and has no row yet. @type {DrawnFigure | null} */
  next = null;
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
    this.stage = make(
      "div", { className: "bnviz-figure-stage", hidden: true, tabIndex: 0, role: "img" }, this.place, this.waiting,
    );
    this.numbers = new NumbersPanel(`bnviz-figure-${(count += 1)}-numbers`, () => this.list());
    this.words = make("div", { className: "bnviz-figure-words" });
    this.root = make("section", { className: "bnviz-board bnviz-figure", on: { keydown: (event) => this.key(event) } },
      this.progress.element, this.numbers.button, this.stage,
      this.numbers.element, this.words);
    this.picture = pictureButton(this.root, () => ({ title: this.drawn?.name ?? "", name: this.drawn?.key.split(".")[0] ?? "figure" }));
    this.numbers.button.after(this.picture);
    parent.append(this.root);
    this.restyle();
    this.ready = loadPlotly(data.plotly, painted());
    /** @type {Display<object, object>} */
    this.display = new Display(data, trigger, {
      setup: () => {},
      state: (told) => this.stand(told),
      frame: (header) => this.show(header.drawn),
    });
    this.watch = new ResizeObserver(() => {
      if (Math.abs(this.root.clientWidth - this.width) > 1) this.draw();
    });
    this.watch.observe(this.root);
    this.paper = new Paper(this.root, () => this.repaint());
    this.asked = new Asked(data.buttons, this.progress);
  }

  restyle() {
    this.root.dataset.look = lookOf(this.root.parentElement ?? document.body);
    this.repaint();
  }

  /** All of it in the look that the figure has now. */
  repaint() {
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

  /**
   * What stands there stays, faint, until the one that was asked for has something to show: nothing blinks.
   * @param {DrawnFigure} drawn
   */
  async show(drawn) {
    this.next = drawn.waiting && this.drawn && !this.drawn.waiting ? drawn : null;
    if (!this.next) this.drawn = drawn;
    if (this.next) return this.fit();
    this.stage.ariaLabel = drawn.name;
    this.numbers.name(drawn.name);
    if (this.numbers.isOpen) this.list();
    this.write(drawn);
    this.place.style.minHeight = `${drawn.figure.layout.height}px`; // its room, before plotly.js is there
    this.fit();
    await this.draw();
  }

  list() {
    const { name = "", numbers } = this.drawn ?? {};
    this.numbers.fill(name, numbers?.rows.length ? { ...numbers, isSpan: false } : null);
  }

  /** @param {Event} event */
  key(event) {
    if (this.drawn?.numbers && isPressed(event, "t")) this.numbers.toggle();
    if (event instanceof KeyboardEvent && event.key === "Escape") this.numbers.close();
  }

  /** Axes without a row stand there only while one may come. */
  fit() {
    if (this.next && this.told?.stage !== "moving") [this.drawn, this.next] = [this.next, null];
    const { drawn, next } = this;
    this.root.classList.toggle("bnviz-faint", next !== null);
    this.stage.hidden = !drawn || (drawn.waiting !== "" && this.told?.stage !== "moving");
    this.numbers.button.hidden = this.stage.hidden || !drawn?.numbers;
    this.picture.hidden = this.stage.hidden;
    this.words.hidden = !drawn || drawn.waiting !== "";
    write(this.waiting, (next ?? drawn)?.waiting ?? "");
    this.waiting.hidden = !(next ?? drawn)?.waiting;
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
    if (heading && table) {
      const wide = { "className": "bnviz-figure-scroll", "role": "region", "aria-label": heading, "tabIndex": 0 };
      parts.push(make("h2", {}, heading), make("div", wide, tableElement("", table)));
    }
    parts.push(...notes.map((text) => make("p", { className: "bnviz-figure-sentence" }, text)));
    const same = parts.map((part) => part.textContent).join("\n");
    if (this.words.dataset.said === same) return;
    if (this.words.dataset.said !== undefined && this.told?.stage !== "moving") announce(sentences.at(-1) ?? "");
    this.words.replaceChildren(...parts);
    this.words.dataset.said = same;
  }

  leave() {
    this.display.end();
    this.watch.disconnect();
    this.paper.end();
    this.asked.end();
    window.Plotly?.purge(this.place);
    this.root.remove();
  }
}
