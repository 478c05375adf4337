// The board of a run: one socket, one bar, one sentence, one set of cards.

import { Cards } from "./cards.js";
import { Connection } from "./connection.js";
import { Digit } from "./digit.js";
import { make, write } from "./dom.js";
import { Goal } from "./goal.js";
import { headline } from "./headline.js";
import { Modes } from "./mode.js";
import { OneUnit } from "./one_unit.js";
import { bringTo, news } from "./page.js";
import { dressed, Paint } from "./paint.js";
import { Paper } from "./paper.js";
import { atMostEvery, loadPlotly, nextTask, signal, sketchedOrLate } from "./tasks.js";
import { Timeline } from "./timeline.js";
import { Transport } from "./transport.js";
import { sayRun } from "./words.js";

/** @import { Rows } from "./rows.js" @import { Told } from "./timeline.js" */
/** @import { BoardData, Closed, Drawn, Hearing, Setup, State, Trigger } from "./types.js" */

export class RunBoard {
  timeline = new Timeline();
  /** @type {State | null} */
  state = null;
  /** @type {Set<string>} */
  dimmed = new Set();
  /** What the server knows to be drawn. @type {{ rows: Rows, step: number } | null} */
  acknowledged = null;
  charts = "";
  wanted = false;
  busy = false;
  gone = false;
  goal = new Goal((told) => this.trigger("goal", told));
  happen = news(() => this.redraw(), String([]));
  turn = news((turns) => this.trigger("turned", turns));

  /**
   * @param {Element} parent
   * @param {BoardData} data
   * @param {Trigger} trigger
   */
  constructor(parent, data, trigger) {
    this.token = data.live;
    this.arrive = news(() => bringTo(this.root, this.transport.play), data.arrivals);
    this.trigger = trigger;
    this.transport = new Transport({
      send: (command) => this.connection.send(command), newSeed: () => this.trigger("new_seed", true),
      scrub: (step) => this.look(() => this.timeline.scrub(step)), move: (by) => this.move(by),
      again: () => (this.connection.ready ? this.connection.send({ do: "again" }) : this.connection.open()),
      ask: (key) => this.trigger("pressed", key), found: () => (this.cards.focused?.summary ?? this.caption).textContent ?? "", hear: () => this.cards.hear(this.timeline),
    });
    this.transport.seed.hidden = Boolean(data.source);
    this.transport.element.append(this.goal.element);
    this.caption = make("p", { className: "bnviz-caption" }, headline(this.timeline, null));
    this.cards = new Cards({
      changed: () => this.soon(), dim: (arm) => this.dim(arm), hover: (step) => this.hover(step),
      tell: () => this.cards.tell(this.timeline),
    });
    this.unit = new OneUnit(this.cards, this.timeline, (command) => this.connection.send(command), () => this.soon());
    this.digit = new Digit((command) => this.connection.send(command));
    this.modes = new Modes(() => this.cards.listed, () => this.redraw());
    this.root = make(
      "section", { "className": "bnviz-board bnviz-opening", "tabIndex": -1, "aria-label": "The networks, measured while they train" },
      this.modes.sentence, this.transport.element, this.caption, this.digit.element, make("h2", { className: "bnviz-hidden" }, "Charts"), this.cards.element, this.modes.button,
    );
    this.modes.root = this.root;
    this.use(data);
    this.transport.invitation = this.modes.isHere ? "Run it here" : "Play";
    parent.append(this.root);
    this.root.addEventListener("bnviz-unit", (event) => {
      if (event instanceof CustomEvent && this.unit.card) this.unit.open([event.detail.layer, event.detail.unit]);
    });
    this.paint = dressed(this.root);
    document.addEventListener("visibilitychange", this.shown);
    window.addEventListener("resize", this.fit);
    this.paper = new Paper(this.root, () =>
      this.timeline.now && this.cards.drawAll(this.scene(this.timeline.now.rows, Paint.of(this.root))));
    this.summarize = atMostEvery(1500, () => this.cards.tell(this.timeline));
    /** @type {Hearing} */
    const hears = {
      query: () => this.timeline.known, open: () => this.connected(), closed: (why) => this.dropped(why),
      text: (message) => (message.kind === "setup" ? this.timeline.announce(message) : this.stand(message)),
      frame: (buffer) => this.take(buffer),
    };
    this.connection = data.source?.(hears) ?? new Connection(data.live, hears);
    this.sketched = signal();
    const underWay = () => this.timeline.now !== null && this.cards.visible.length > 0;
    const loaded = loadPlotly(data.plotly, sketchedOrLate(this.sketched.given, underWay));
    loaded.then(() => this.soon(), () => this.transport.show({ state: "failed", message: "The charts could not be loaded. Reload the page." }));
  }

  /** The page's look may have changed: every colour is read again. */
  restyle() {
    this.paint = dressed(this.root);
    this.redraw();
  }

  redraw = () => this.look(() => this.cards.stale());

  shown = () => document.hidden || this.soon();

  /**
   * What there is to draw of a run.
   * @param {Rows} rows
   */
  scene(rows, paint = this.paint) {
    return { rows, cursor: this.timeline.cursor, dimmed: this.dimmed, paint, events: this.state?.events ?? [] };
  }

  stand(/** @type {State | Drawn} */ state) {
    if (this.digit.hears(state)) return;
    this.state = state;
    this.happen(JSON.stringify(state.events));
    this.turn(state.turns);
    if (!this.timeline.next || state.run === this.timeline.next.setup.run) this.transport.show(state);
    if (this.timeline.now?.setup.run === state.run) this.writeWords(this.timeline.now); else this.sayHeadline();
  }

  /** What is above the charts, and whether they are another run's, or none can come. */
  sayHeadline() {
    const { now, next } = this.timeline;
    write(this.caption, headline(this.timeline, this.state));
    this.root.classList.toggle("bnviz-before", next !== null && now !== null);
    this.cards.element.hidden = now === null && this.state?.state === "failed";
    this.root.classList.toggle("bnviz-opening", now === null && !this.cards.element.hidden);
  }

  /** @param {ArrayBuffer} buffer */
  take(buffer) {
    const before = this.timeline.now;
    this.timeline.take(buffer);
    if (this.timeline.now && this.timeline.now !== before) this.begin(this.timeline.now.setup);
    this.soon();
  }

  begin(/** @type {Setup} */ setup) {
    const { mode } = this.modes, seen = this.modes.fitted(setup.charts), charts = JSON.stringify([seen, mode]);
    if (charts !== this.charts) this.unit.lay(this.cards.layOut(seen, mode !== ""));
    this.charts = charts;
    this.digit.use(mode ? { ...setup, drawn: 0 } : setup);
    this.modes.set(mode);
  }

  use(/** @type {BoardData} */ data) {
    this.modes.use(data);
    this.transport.use(data.mode);
    this.fit();
  }

  fit = () => void (this.timeline.now && this.begin(this.timeline.now.setup));

  move(/** @type {number} */ by) {
    if (this.modes.isHere) this.trigger(by < 0 ? "back" : "next", true);
    else this.look(() => this.timeline.move(by));
  }

  look(/** @type {() => void} */ turn) {
    turn();
    this.soon();
  }

  dim(/** @type {string} */ arm) {
    if (!this.dimmed.delete(arm)) this.dimmed.add(arm);
    this.redraw();
  }

  /** @param {number | null} step */
  hover(step) {
    this.timeline.hovered = step;
    this.cards.point(this.timeline.pointed);
  }

  soon() {
    this.wanted = true;
    if (!this.busy) this.work();
  }

  /** Draws what is newest, then tells the server. */
  async work() {
    this.busy = true;
    while (this.wanted && !this.gone) {
      this.wanted = false;
      await nextTask();
      const { now } = this.timeline;
      if (!now) break;
      const newest = now.rows.steps[now.rows.last];
      this.writeWords(now);
      if (!document.hidden) await this.drawCards(now.rows);
      if (now === this.timeline.now) this.acknowledge(now, newest);
      this.goal.measure(now.setup.run, newest, this.state);
    }
    this.busy = false;
  }

  /** @param {Rows} rows */
  async drawCards(rows) {
    this.cards.point(this.timeline.pointed);
    const goesOn = () => !this.gone && rows === this.timeline.now?.rows;
    await this.cards.draw(this.scene(rows), goesOn);
    if (!goesOn()) return;
    this.unit.drawn();
    if (this.cards.visible.length) this.sketched.give();
    this.summarize();
  }

  /** @param {Told} told */
  writeWords({ setup, rows }) {
    const { cursor, back } = this.timeline;
    this.transport.place(rows, cursor, back !== null);
    const step = rows.steps[cursor];
    this.cards.writeFooters(sayRun(setup, this.state?.rates, step ?? 0), step);
    this.sayHeadline();
  }

  /**
   * @param {Told} told
   * @param {number} step
   */
  acknowledge({ setup, rows }, step) {
    if (this.acknowledged?.rows === rows && this.acknowledged.step === step) return;
    this.acknowledged = { rows, step };
    this.connection.send({ do: "ack", run: setup.run, step });
  }

  connected() {
    this.root.classList.remove("bnviz-dropped");
    if (this.timeline.unit) this.unit.tell();
    if (this.state) this.transport.show(this.state);
  }

  /** @param {Closed} why */
  dropped(why) {
    this.acknowledged = null;
    if (why === "lost") return void this.trigger("lost", true);
    this.root.classList.add("bnviz-dropped");
    this.transport.show({ state: why, message: why === "replaced" ? "This run is shown on another page." : "" });
  }

  leave() {
    this.gone = true;
    this.connection.end();
    this.transport.end();
    document.removeEventListener("visibilitychange", this.shown);
    window.removeEventListener("resize", this.fit);
    this.paper.end();
    this.cards.remove();
    this.root.remove();
  }
}
