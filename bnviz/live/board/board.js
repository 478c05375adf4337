// The board: one socket, one bar, one set of cards. Mounted once; everything that moves afterwards moves in here.

import { Card } from "./card.js";
import { make, say, write } from "./dom.js";
import { lookOf, Paint } from "./paint.js";
import { Rows } from "./rows.js";
import { loadPlotly, nextTask, painted, pause } from "./tasks.js";
import { Transport } from "./transport.js";
import { Line, readFrame } from "./wire.js";

const SUMMARY_EVERY = 1500;
const LONGEST_SKETCHING = 1000;
const boards = new WeakMap();

/** Components v2 calls this at the mount and again when the theme changes. */
export default function mount({ parentElement, data, setTriggerValue }) {
  const board = boards.get(parentElement);
  if (board && board.token === data.live) {
    board.setTriggerValue = setTriggerValue;
    board.restyle();
  } else {
    board?.leave();
    boards.set(parentElement, new Board(parentElement, data, setTriggerValue));
  }
  return () => setTimeout(() => parentElement.isConnected || leave(parentElement), 0);
}

function leave(parentElement) {
  boards.get(parentElement)?.leave();
  boards.delete(parentElement);
}

class Board {
  constructor(parent, data, setTriggerValue) {
    this.token = data.live;
    this.setTriggerValue = setTriggerValue;
    this.cards = new Map();
    this.dimmed = new Set();
    this.setup = this.next = this.rows = null;
    this.scrubbed = null;
    this.transport = new Transport({
      send: (command) => this.line.send(command), newSeed: () => this.setTriggerValue("new_seed", true),
      scrub: (row) => this.scrub(row), again: () => this.again(),
    });
    this.caption = make("p", { className: "bnviz-caption" });
    this.grid = make("div", { className: "bnviz-grid" });
    this.root = make("section", { className: "bnviz-board bnviz-opening" }, this.transport.element, this.caption, this.grid);
    this.root.setAttribute("aria-label", "The networks, measured while they train");
    this.skeleton();
    parent.append(this.root);
    this.root.addEventListener("bnviz-redraw", () => this.soon());
    this.root.addEventListener("bnviz-moved", () => this.placeOverlays());
    this.root.addEventListener("bnviz-hover", ({ detail }) => this.hover(detail));
    this.onShow = () => document.hidden || this.soon();
    document.addEventListener("visibilitychange", this.onShow);
    this.restyle();
    this.line = new Line(data.live, {
      place: () => ({ run: this.setup?.run ?? null, since: this.rows?.length ? this.rows.steps[this.rows.last] : -1 }),
      open: () => this.connected(),
      text: (message) => (message.kind === "setup" ? this.prepare(message) : this.stand(message)),
      frame: (buffer) => this.take(buffer),
      closed: (why) => this.dropped(why),
    });
    const sketched = new Promise((resolve) => { this.sketched = resolve; });
    loadPlotly(data.plotly, Promise.race([sketched.then(painted), pause(LONGEST_SKETCHING)])).then(
      () => this.redraw(),
      () => this.transport.show({ state: "failed", message: "The charts could not be loaded. Reload the page." }),
    );
  }

  skeleton() {
    write(this.caption, "Opening the laboratory.");
    const blanks = Array.from({ length: 4 }, () => make("div", { className: "bnviz-card bnviz-half bnviz-blank" }));
    this.grid.replaceChildren(...blanks);
  }

  /** The page's look may have changed: every colour is read again. */
  restyle() {
    this.root.dataset.look = lookOf(this.root.parentElement ?? document.body);
    const header = document.querySelector('[data-testid="stHeader"]');
    this.root.style.setProperty("--bnviz-top", `${header ? header.offsetHeight : 0}px`);
    this.paint = new Paint(this.root);
    this.redraw();
  }

  redraw() {
    for (const card of this.cards.values()) card.chart.whole = true;
    this.soon();
  }

  /** A new run is announced. The old one stays readable until the new one's first row. */
  prepare(setup) {
    this.next = { setup, rows: new Rows(setup.columns) };
  }

  stand(state) {
    const done = JSON.stringify(state.events);
    this.state = state;
    if (done !== this.done) this.redraw();
    this.done = done;
    if (this.next ? state.run === this.next.setup.run : true) this.transport.show(state);
  }

  take(buffer) {
    const setup = this.next?.setup ?? this.setup;
    if (!setup) return;
    const { run, rows } = readFrame(buffer, setup.columns);
    if (run !== setup.run) return;
    if (this.next && rows.length) this.adopt();
    for (const row of rows) this.rows.add(row);
    this.soon();
  }

  adopt() {
    ({ setup: this.setup, rows: this.rows } = this.next);
    this.next = null;
    this.scrubbed = null;
    this.root.classList.remove("bnviz-opening");
    const { seeds } = this.setup;
    const run = seeds.every((seed, i) => i === 0 || seed === seeds[i - 1] + 1) && seeds.length > 2;
    const named = run ? `${seeds[0]}–${seeds.at(-1)}` : seeds.join(", ");
    this.seeds = `seed${seeds.length > 1 ? "s" : ""} ${named}`;
    const charts = JSON.stringify(this.setup.charts);
    if (charts !== this.charts) this.layOut();
    this.charts = charts;
  }

  /** Cards by name: those that stay keep their place and their plot, so nothing blinks. */
  layOut() {
    for (const blank of this.grid.querySelectorAll(".bnviz-blank")) blank.remove();
    const specs = this.setup.charts;
    const names = new Set(specs.map(({ name }) => name));
    for (const [name, card] of this.cards) {
      if (names.has(name)) continue;
      card.remove();
      this.cards.delete(name);
    }
    specs.forEach((spec, index) => {
      if (this.cards.has(spec.name)) this.cards.get(spec.name).use(spec);
      else this.cards.set(spec.name, new Card(spec, { pick: () => this.soon(), dim: (arm) => this.dim(arm), seen: () => this.soon() }));
      const { element } = this.cards.get(spec.name);
      if (this.grid.children[index] !== element) this.grid.insertBefore(element, this.grid.children[index] ?? null);
    });
  }

  get cursor() {
    return this.scrubbed === null ? this.rows.last : this.rows.at(this.scrubbed);
  }

  scrub(row) {
    if (!this.rows?.length) return;
    this.scrubbed = row === null || row >= this.rows.last ? null : this.rows.steps[Math.max(0, row)];
    this.soon();
  }

  dim(arm) {
    if (!this.dimmed.delete(arm)) this.dimmed.add(arm);
    this.redraw();
  }

  hover(step) {
    this.hovered = step;
    this.placeOverlays();
  }

  placeOverlays() {
    if (!this.rows?.length) return;
    const step = this.hovered ?? (this.scrubbed === null ? null : this.rows.steps[this.cursor]);
    for (const card of this.cards.values()) {
      card.showCursor(step);
      card.placeLabels(this.dimmed);
    }
  }

  soon() {
    this.wanted = true;
    if (!this.busy) this.work();
  }

  /** Draws what is newest, one chart a task so that the page answers in between, then tells the server. */
  async work() {
    this.busy = true;
    while (this.wanted && !this.gone) {
      this.wanted = false;
      await nextTask();
      if (!this.rows?.length) break;
      const { rows } = this;
      const newest = rows.steps[rows.last];
      this.writeWords();
      if (!document.hidden) await this.drawCards();
      if (rows === this.rows) this.acknowledge(newest);
    }
    this.busy = false;
  }

  async drawCards() {
    const step = this.rows.steps[this.cursor];
    const { rows, cursor, dimmed, paint } = this;
    const scene = { rows, cursor, dimmed, paint, events: this.state?.events ?? [] };
    for (const card of this.cards.values()) {
      if (!card.visible) continue;
      await card.draw(scene).catch((error) => {
        card.chart.whole = true;
        console.error(error);
      });
      card.showCursor(this.hovered ?? (this.scrubbed === null ? null : step));
      await nextTask();
      if (this.gone || scene.rows !== this.rows) return;
    }
    if ([...this.cards.values()].some(({ visible }) => visible)) this.sketched();
    this.summarize();
  }

  writeWords() {
    const { cursor } = this;
    this.transport.place(this.rows, cursor, this.scrubbed !== null);
    const about = `${this.about()} · ${this.seeds}`;
    for (const card of this.cards.values()) card.writeFooter(about, this.rows.steps[cursor]);
    write(this.caption, this.rows.captions[cursor]);
  }

  /** The run in a few words, with the learning rates of now: they may have changed since it began. */
  about() {
    const { about, arms } = this.setup;
    const rates = Object.entries(this.state?.rates ?? {});
    if (!rates.length) return about;
    const same = rates.every(([, rate]) => rate === rates[0][1]);
    const label = (arm) => arms.find(({ name }) => name === arm)?.label ?? arm;
    const words = same ? `rate ${say(rates[0][1])}` : `rates ${rates.map(([arm, rate]) => `${label(arm)} ${say(rate)}`).join(", ")}`;
    return `${about}, ${words}`;
  }

  summarize() {
    this.atMost("summary", SUMMARY_EVERY, () => {
      for (const card of this.cards.values()) {
        if (card.visible) card.summarize(this.rows, this.cursor);
      }
    });
  }

  /** Does something now if it was not done for `pause` milliseconds, else once when they are over. */
  atMost(name, pause, act) {
    this.timers ??= {};
    const timer = (this.timers[name] ??= { last: -Infinity });
    clearTimeout(timer.id);
    const run = () => {
      timer.last = performance.now();
      if (!this.gone && this.rows?.length) act();
    };
    const wait = timer.last + pause - performance.now();
    if (wait <= 0) run();
    else timer.id = setTimeout(run, wait);
  }

  acknowledge(step) {
    if (this.acked?.rows === this.rows && this.acked.step === step) return;
    this.acked = { rows: this.rows, step };
    this.line.send({ do: "ack", run: this.setup.run, step });
  }

  again() {
    if (this.line.ready) this.line.send({ do: "again" });
    else this.line.open();
  }

  connected() {
    this.root.classList.remove("bnviz-dropped");
    if (this.state) this.transport.show(this.state);
  }

  dropped(why) {
    this.acked = null;
    if (why === "lost") return this.setTriggerValue("lost", true);
    this.root.classList.add("bnviz-dropped");
    const message = why === "replaced" ? "This run is shown on another page." : "";
    this.transport.show({ state: why, message });
  }

  leave() {
    this.gone = true;
    this.line.end();
    this.transport.end();
    document.removeEventListener("visibilitychange", this.onShow);
    for (const card of this.cards.values()) card.remove();
    this.root.remove();
  }
}
