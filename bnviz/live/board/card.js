// A chart's card: title, the "i", what may be picked, the chart with the arms' names, the footer, the summary in words.

import { Chart } from "./chart.js";
import { icon, make, write } from "./dom.js";
import { captionOf } from "./numbers.js";
import { heightIn, widthIn } from "./size.js";
import { number, say, sayNumbers } from "./words.js";

/** @import { Scene } from "./chart.js" */
/** @import { Rows } from "./rows.js" */
/** @import { ChartSpec } from "./types.js" */

/**
 * What a card tells: draw me when you can, an arm's name was pressed, the pointer is at a step (null: at none).
 * @typedef {{ changed: () => void, dim: (arm: string) => void, hover: (step: number | null) => void }} CardHandlers
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
    this.choices = make("div", { className: "bnviz-choices" });
    this.place = make("div", { className: "bnviz-plot" });
    this.labels = make("div", { className: "bnviz-labels" });
    this.stage = make("div", { className: "bnviz-stage" }, this.place);
    /** @type {HTMLElement[]} */
    this.cursors = [];
    this.beyond = make("div", { className: "bnviz-beyond", hidden: true });
    this.empty = make("p", { className: "bnviz-empty", hidden: true });
    this.summary = make("p", { className: "bnviz-hidden", id: `${id}-summary` });
    this.caption = make("p", { className: "bnviz-told", hidden: true });
    this.footer = make("figcaption", { className: "bnviz-footer" });
    this.frame = make("div", { className: "bnviz-frame" }, this.stage, this.beyond, this.empty, this.labels);
    this.element = make(
      "figure", { "aria-labelledby": this.title.id, "aria-describedby": this.summary.id },
      make("header", { className: "bnviz-head" }, this.title, this.info, this.choices, this.enlarger),
      this.words, this.frame, this.caption, this.summary, this.footer,
    );
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.explain(false);
      if (this.chart.large) this.enlarge(false);
    });
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
    this.element.className = ["bnviz-card", ...spec.size.split(" ").map((word) => `bnviz-${word}`)].join(" ");
    this.enlarge(this.chart.large);
    write(this.title, spec.title);
    this.info.setAttribute("aria-label", `What to look for: ${spec.title}`);
    this.words.replaceChildren(...spec.look_for.map((sentence) => make("p", {}, sentence)));
    this.choices.replaceChildren(...Object.entries(spec.choices).map(([name, list]) => this.choice(name, list)));
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
    return make("label", {}, `${name} `, select);
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
    this.enlarger.setAttribute("aria-label", `${large ? "Shrink" : "Enlarge"}: ${this.spec.title}`);
    this.resize();
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
    const width = this.frame.clientWidth;
    if (!width || width === this.width) return;
    this.width = width;
    this.resize();
  }

  resize() {
    const { layout } = this.spec, width = widthIn(this.width, layout), isWider = width > this.width;
    this.frame.style.height = `${heightIn(this.width, layout, this.chart.large)}px`;
    this.place.style.width = isWider ? `${width}px` : "";
    if (isWider) this.stage.tabIndex = 0;
    else this.stage.removeAttribute("tabindex");
    this.chart.whole = true;
    this.on.changed();
  }

  /** @param {Scene} scene */
  async draw(scene) {
    await this.chart.draw(scene, this.picks);
    this.dimmed = scene.dimmed;
    this.placeOverlays();
    const told = captionOf(this.spec.layout.meta.caption, scene.rows, scene.cursor);
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
    const { dimmed } = this;
    const names = this.chart.names(this.width);
    while (this.labels.children.length < names.length) this.labels.append(this.nameButton());
    while (this.labels.children.length > names.length) this.labels.lastChild?.remove();
    this.labels.querySelectorAll("button").forEach((button, index) => {
      const { label, arm, role, left, top, room } = names[index];
      const state = `${arm} ${left} ${top} ${dimmed.has(arm)} ${room}`;
      if (button.dataset.state === state) return;
      button.dataset.state = state;
      button.dataset.arm = arm;
      write(button, label);
      button.style.transform = `translate(${Math.round(left) + 2}px, ${top}px)`;
      button.style.maxWidth = `${Math.floor(room) - 2}px`;
      button.style.color = `var(--bnviz-${role})`;
      button.setAttribute("aria-pressed", String(!dimmed.has(arm)));
      button.title = dimmed.has(arm) ? `Show ${label} again` : `Dim ${label}`;
    });
  }

  nameButton() {
    const button = make("button", { type: "button" });
    button.addEventListener("click", () => this.on.dim(button.dataset.arm ?? ""));
    return button;
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
    const cursor = make("div", { className: "bnviz-cursor", hidden: true });
    this.cursors.push(cursor);
    this.stage.append(cursor);
  }

  /**
   * @param {string} about
   * @param {number} step
   */
  writeFooter(about, step) {
    write(this.footer, `step ${number.format(step)} · ${about}`);
  }

  /**
   * The chart in words, for those who do not see it: its sentence, or what every named line shows at this step.
   * @param {Rows} rows
   * @param {number} cursor
   */
  summarize(rows, cursor) {
    const parts = this.chart.told(rows, cursor, this.picks).map(([label, values, layers]) =>
      `${label}${layers.length ? `, ${sayNumbers("layer", layers)}` : ""}: ${values.map(say).join(", ")}`);
    const told = captionOf(this.spec.layout.meta.caption, rows, cursor) || this.spec.look_for[0];
    const what = parts.length ? `${parts.join("; ")}.` : told;
    write(this.summary, `${this.spec.title} at step ${number.format(rows.steps[cursor])}. ${what}`);
  }

  remove() {
    for (const watcher of this.watchers) watcher.disconnect();
    this.chart.remove();
    this.element.remove();
  }
}
