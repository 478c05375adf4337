// A chart's card: title, the "i", what may be picked, the chart with the arms' names, the footer, the summary in words.

import { Chart } from "./chart.js";
import { icon, make, number, say, write } from "./dom.js";

const LABEL_HEIGHT = 18;
let count = 0;

export class Card {
  /** `on` has pick(name, choice), dim(arm) and seen(). */
  constructor(spec, on) {
    this.on = on;
    this.visible = false;
    const id = `bnviz-card-${(count += 1)}`;
    this.title = make("h3", { id: `${id}-title` });
    this.words = make("div", { id: `${id}-words`, className: "bnviz-words", hidden: true });
    this.info = make("button", {
      type: "button", className: "bnviz-info", textContent: "i", ariaExpanded: "false",
      on: { click: () => this.explain(this.words.hidden) },
    });
    this.info.setAttribute("aria-controls", this.words.id);
    this.enlarger = make("button", {
      type: "button", className: "bnviz-enlarge", ariaPressed: "false", on: { click: () => this.enlarge(!this.chart.large) },
    }, icon("M14 4h6v6", "M20 4l-7 7", "M10 20H4v-6", "M4 20l7-7"));
    this.choices = make("div", { className: "bnviz-choices" });
    this.place = make("div", { className: "bnviz-plot" });
    this.labels = make("div", { className: "bnviz-labels" });
    this.cursor = make("div", { className: "bnviz-cursor", hidden: true });
    this.beyond = make("div", { className: "bnviz-beyond", hidden: true });
    this.summary = make("p", { className: "bnviz-hidden", id: `${id}-summary` });
    this.footer = make("figcaption", { className: "bnviz-footer" });
    this.frame = make("div", { className: "bnviz-frame" }, this.place, this.cursor, this.beyond, this.labels);
    const head = make("header", { className: "bnviz-head" }, this.title, this.info, this.choices, this.enlarger);
    this.element = make("figure", { className: "bnviz-card" }, head, this.words, this.frame, this.summary, this.footer);
    this.element.setAttribute("aria-labelledby", this.title.id);
    this.element.setAttribute("aria-describedby", this.summary.id);
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.explain(false);
      if (this.chart.large) this.enlarge(false);
    });
    this.chart = new Chart(this.place, spec);
    this.watchers = [
      new IntersectionObserver(([entry]) => this.noteVisible(entry.isIntersecting), { rootMargin: "200px" }),
      new ResizeObserver(() => this.noteSize()),
    ];
    for (const watcher of this.watchers) watcher.observe(this.frame);
    this.use(spec);
  }

  use(spec) {
    if (this.spec !== spec) this.chart.use(spec);
    this.spec = spec;
    this.element.dataset.chart = spec.name;
    this.element.className = ["bnviz-card", ...spec.size.split(" ").map((word) => `bnviz-${word}`)].join(" ");
    this.enlarge(Boolean(this.chart.large));
    write(this.title, spec.title);
    this.info.setAttribute("aria-label", `What to look for: ${spec.title}`);
    this.words.replaceChildren(...spec.look_for.map((sentence) => make("p", {}, sentence)));
    this.choices.replaceChildren(...Object.entries(spec.choices).map(([name, list]) => this.choice(name, list)));
  }

  choice(name, list) {
    const select = make(
      "select", { on: { change: () => this.on.pick(name, Number(select.value)) } },
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

  /** The whole width of the board and more of its height, or the place the chart had. */
  enlarge(large) {
    this.chart.large = large;
    this.element.classList.toggle("bnviz-large", large);
    this.enlarger.setAttribute("aria-pressed", String(large));
    this.enlarger.setAttribute("aria-label", `${large ? "Shrink" : "Enlarge"}: ${this.spec.title}`);
    this.frame.style.height = `${this.chart.heightFor(this.width ?? Infinity)}px`;
    this.chart.whole = true;
    this.on.seen();
  }

  explain(open) {
    this.words.hidden = !open;
    this.info.setAttribute("aria-expanded", String(open));
  }

  noteVisible(visible) {
    this.visible = visible;
    if (visible) this.on.seen();
  }

  noteSize() {
    const width = this.place.clientWidth;
    if (!width || width === this.width) return;
    this.width = width;
    this.frame.style.height = `${this.chart.heightFor(width)}px`;
    this.chart.whole = true;
    this.on.seen();
  }

  async draw(scene) {
    await this.chart.draw({ ...scene, picks: this.picks });
    this.placeLabels(scene.dimmed);
    this.mark();
  }

  placeLabels(dimmed) {
    const wanted = this.chart.labels().sort((a, b) => a.top - b.top);
    let free = -Infinity;
    for (const label of wanted) {
      label.top = free = Math.max(label.top - LABEL_HEIGHT / 2, free);
      free += LABEL_HEIGHT;
    }
    const overflow = wanted.length ? free - (Math.max(...wanted.map(({ bottom }) => bottom)) + 4) : 0;
    while (this.labels.children.length > wanted.length) this.labels.lastChild.remove();
    wanted.forEach((label, index) => {
      const button = this.labels.children[index] ?? this.labels.appendChild(this.label());
      const top = Math.round(label.top - Math.max(0, overflow));
      const state = `${label.arm} ${label.left} ${top} ${dimmed.has(label.arm)} ${label.room}`;
      if (button.dataset.state === state) return;
      button.dataset.state = state;
      button.dataset.arm = label.arm;
      write(button, label.label);
      button.style.transform = `translate(${Math.round(label.left) + 2}px, ${top}px)`;
      button.style.maxWidth = `${Math.floor(label.room) - 2}px`;
      button.style.color = `var(--bnviz-${label.role})`;
      button.setAttribute("aria-pressed", String(!dimmed.has(label.arm)));
      button.title = dimmed.has(label.arm) ? `Show ${label.label} again` : `Dim ${label.label}`;
    });
  }

  label() {
    return make("button", { type: "button", on: { click: ({ currentTarget }) => this.on.dim(currentTarget.dataset.arm) } });
  }

  mark() {
    const beyond = this.chart.beyond();
    this.beyond.hidden = beyond === null;
    if (beyond !== null) write(this.beyond, `▲ up to ${say(beyond)}`);
  }

  /** The shared step cursor; null hides it. */
  showCursor(step) {
    const at = this.chart.cursorAt(step);
    this.cursor.hidden = !at;
    if (!at) return;
    this.cursor.style.transform = `translate(${Math.round(at.x)}px, ${at.top}px)`;
    this.cursor.style.height = `${at.height}px`;
  }

  writeFooter(about, step) {
    write(this.footer, `step ${number.format(step)} · ${about}`);
  }

  /** The chart in words, for those who do not see it: what every named line shows at this step. */
  summarize(rows, cursor) {
    const told = this.chart.told({ rows, cursor, picks: this.picks });
    const parts = told.map(([label, values]) => `${label}: ${values.map(say).join(", ")}`);
    const each = this.chart.overSteps ? "" : ", layer by layer";
    const what = parts.length ? `${parts.join("; ")}${each}.` : this.spec.look_for[0];
    write(this.summary, `${this.spec.title} at step ${number.format(rows.steps[cursor])}. ${what}`);
  }

  remove() {
    for (const watcher of this.watchers) watcher.disconnect();
    this.chart.remove();
    this.element.remove();
  }
}
