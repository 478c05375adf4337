// A chart's card: title, the "i", what may be picked, the chart with the arms' names, the footer, the summary in words.

import { Chart } from "./chart.js";
import { icon, make, write } from "./dom.js";
import { isPressed } from "./keys.js";
import { nameHeight, Names } from "./names.js";
import { captionOf } from "./numbers.js";
import { NumbersPanel } from "./numbers_panel.js";
import { sizeIn } from "./size.js";
import { tableOf } from "./table.js";
import { number, PICKED, sayAll, sayLayers } from "./words.js";

/** @import { Scene } from "./chart.js" */
/** @import { Rows } from "./rows.js" */
/** @import { ChartSpec } from "./types.js" */

/**
 * What a card tells: draw me when you can, an arm's name was pressed, the pointer is at a step (null: at none), my words
 * are read.
 * @typedef {{ changed: () => void, dim: (arm: string) => void, hover: (step: number | null) => void, tell: () => void }}
 *   CardHandlers
 */

let count = 0;

/** What scrolls the page: Streamlit's own part of it, or the window. A chart that is nearly in sight is drawn. */
const scroller = () => document.querySelector('[data-testid="stMain"]');

export class Card {
  visible = false;
  width = Infinity;
  /** @type {number | null} */
  pointed = null;
  /** @type {Set<string>} */
  dimmed = new Set();

  /**
   * @param {ChartSpec} spec
   * @param {CardHandlers} on
   */
  constructor(spec, on) {
    this.on = on;
    this.spec = spec;
    const id = `bnviz-card-${(count += 1)}`;
    this.title = make("h3", { id: `${id}-title` });
    this.words = make("div", { id: `${id}-words`, className: "bnviz-words", hidden: true });
    this.info = make("button", {
      "type": "button", "className": "bnviz-info", "textContent": "i", "aria-expanded": "false",
      "aria-controls": this.words.id, "on": { click: () => this.explain(Boolean(this.words.hidden)) },
    });
    this.enlarger = make("button", {
      type: "button", className: "bnviz-enlarge", on: { click: () => this.enlarge(!this.chart.large) },
    }, icon("M14 4h6v6", "M20 4l-7 7", "M10 20H4v-6", "M4 20l7-7"));
    this.numbers = new NumbersPanel(`${id}-numbers`, () => on.tell());
    this.choices = make("div", { className: "bnviz-choices" });
    this.place = make("div", { className: "bnviz-plot" });
    this.names = new Names((arm) => on.dim(arm));
    this.summary = make("p", { className: "bnviz-hidden", id: `${id}-summary` });
    this.stage = make("div", {
      "className": "bnviz-stage", "tabIndex": 0, "role": "group", "aria-labelledby": this.title.id,
      "aria-describedby": this.summary.id, "aria-keyshortcuts": "t h",
    }, this.place);
    /** @type {HTMLElement[]} */
    this.cursors = [];
    this.beyond = make("div", { className: "bnviz-beyond", hidden: true });
    this.empty = make("p", { className: "bnviz-empty", hidden: true });
    this.caption = make("p", { className: "bnviz-told", hidden: true });
    this.footer = make("figcaption", { className: "bnviz-footer" });
    this.frame = make("div", { className: "bnviz-frame" }, this.stage, this.beyond, this.empty, this.names.element);
    this.element = make(
      "figure", { "aria-labelledby": this.title.id },
      make("header", { className: "bnviz-head" }, this.title, this.info, this.choices, this.numbers.button, this.enlarger),
      this.words, this.frame, this.caption, this.numbers.element, this.summary, this.footer,
    );
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.element.addEventListener("focusin", () => on.tell());
    this.chart = new Chart(this.place, spec, { changed: on.changed, hover: on.hover, moved: () => this.placeOverlays() });
    this.watchers = [
      new IntersectionObserver(([entry]) => this.noteVisible(entry.isIntersecting), { root: scroller(), rootMargin: "200px" }),
      new ResizeObserver(() => this.noteSize()),
    ];
    for (const watcher of this.watchers) watcher.observe(this.frame);
    this.use(spec);
  }

  /** @param {ChartSpec} spec */
  use(spec) {
    this.chart.use(spec);
    this.spec = spec;
    this.element.dataset.chart = spec.name;
    this.enlarge(this.chart.large);
    write(this.title, spec.title);
    this.numbers.name(spec.title);
    this.info.setAttribute("aria-label", `What to look for: ${spec.title}`);
    this.words.replaceChildren(...spec.look_for.map((sentence) => make("p", {}, sentence)));
    this.choices.replaceChildren(...Object.entries(spec.choices).map(([name, list]) => this.choice(name, list)));
  }

  /** @param {string} words   its share of the board's width, as templates say it */
  size(words) {
    const names = ["card", ...words.split(" "), ...(this.chart.large ? ["large"] : [])];
    this.element.className = names.map((word) => `bnviz-${word}`).join(" ");
  }

  /**
   * @param {string} name
   * @param {number[]} list
   */
  choice(name, list) {
    const select = make(
      "select", { on: { change: () => this.on.changed() } },
      ...list.map((value) => make("option", { value: String(value) }, String(value))),
    );
    select.value = String(name === "layer" ? list.at(-1) : list[0]);
    return make("label", {}, `${PICKED[name] ?? name} `, select);
  }

  /** What the selects say now. */
  get picks() {
    const selects = [...this.choices.querySelectorAll("select")];
    return Object.fromEntries(Object.keys(this.spec.choices).map((name, i) => [name, Number(selects[i].value)]));
  }

  /**
   * The whole width of the board and more of its height, or the place the chart had.
   * @param {boolean} large
   */
  enlarge(large) {
    this.chart.large = large;
    this.element.classList.toggle("bnviz-large", large);
    this.enlarger.setAttribute("aria-pressed", String(large));
    this.enlarger.setAttribute("aria-label", large ? `Shrink: ${this.spec.title}` : `Enlarge: ${this.spec.title}`);
    this.resize();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (isPressed(event, "t")) this.numbers.toggle();
    if (event.key !== "Escape") return;
    this.explain(false);
    this.numbers.close();
    if (this.chart.large) this.enlarge(false);
  }

  /** @param {boolean} open */
  explain(open) {
    this.words.hidden = !open;
    this.info.setAttribute("aria-expanded", String(open));
  }

  /** @param {boolean} visible */
  noteVisible(visible) {
    this.visible = visible;
    if (visible) this.on.changed();
  }

  noteSize() {
    const { clientWidth: width, clientHeight: height } = this.frame, { layout } = this.spec;
    if (!width || (width === this.width && (!layout.meta.fills || height === layout.height))) return;
    this.width = width;
    this.resize();
  }

  resize() {
    if (this.spec.layout.meta.fills) this.spec.layout.height = this.frame.clientHeight;
    const { width, height } = sizeIn(this.width, this.spec.layout, this.chart.large);
    this.frame.style.height = `${height}px`;
    this.place.style.width = width > this.width ? `${width}px` : "";
    this.chart.whole = true;
    this.on.changed();
  }

  /** @param {Scene} scene */
  async draw(scene) {
    await this.chart.draw(scene, this.picks);
    this.dimmed = scene.dimmed;
    this.placeOverlays();
    const told = captionOf(this.spec.layout.meta, scene.rows, scene.cursor);
    this.caption.hidden = !told;
    write(this.caption, told);
    const beyond = this.chart.beyond();
    this.beyond.hidden = !beyond;
    write(this.beyond, beyond);
    this.empty.hidden = !this.chart.isEmpty;
    write(this.empty, this.spec.empty);
  }

  placeOverlays() {
    this.placeNames();
    this.point(this.pointed);
  }

  placeNames() {
    this.names.place(this.chart.names(this.width, this.spec.layout.meta.names ?? nameHeight()), this.dimmed);
  }

  /**
   * The shared step cursor, in every panel; null hides it.
   * @param {number | null} step
   */
  point(step) {
    this.pointed = step;
    const places = this.chart.cursorsAt(step);
    while (this.cursors.length < places.length) this.addCursor();
    this.cursors.forEach((cursor, index) => {
      cursor.hidden = index >= places.length;
      if (cursor.hidden) return;
      const { x, top, height } = places[index];
      cursor.style.transform = `translate(${Math.round(x)}px, ${top}px)`;
      cursor.style.height = `${height}px`;
    });
  }

  addCursor() {
    this.cursors.push(make("div", { className: "bnviz-cursor", hidden: true }));
    this.stage.append(this.cursors[this.cursors.length - 1]);
  }

  /**
   * @param {string} about
   * @param {number} step
   */
  writeFooter(about, step) {
    write(this.footer, `step ${number.format(step)} · ${about}`);
  }

  /**
   * The chart in words and numbers: what every named line shows at this step, or its sentence, and the table if it is open.
   * @param {Rows} rows
   * @param {number} cursor
   */
  summarize(rows, cursor) {
    const { spec, picks } = this, at = `${spec.title} at step ${number.format(rows.steps[cursor])}`;
    const lines = this.chart.told(rows, cursor, picks);
    const parts = lines.map(([label, values, layers]) =>
      `${label}${layers.length ? `, ${sayLayers(layers)}` : ""}: ${sayAll(values)}`);
    const isEmpty = lines.length > 0 && !lines.some(([, values]) => values.some(Number.isFinite));
    const told = captionOf(spec.layout.meta, rows, cursor) || spec.look_for[0];
    write(this.summary, `${at}. ${isEmpty ? spec.empty : parts.length ? `${parts.join("; ")}.` : told}`);
    if (!this.numbers.isOpen) return;
    const table = tableOf(spec, rows, cursor, picks);
    this.numbers.fill(table?.isSpan ? `${at}; in parentheses what its band spans` : at, table);
  }

  remove() {
    for (const watcher of this.watchers) watcher.disconnect();
    this.chart.remove();
    this.element.remove();
  }
}
