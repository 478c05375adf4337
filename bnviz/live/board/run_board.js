// The board of a run: one socket, one bar, one sentence, one set of cards.

import { Cards } from "./cards.js";
import { Connection } from "./connection.js";
import { make, write } from "./dom.js";
import { Goal } from "./goal.js";
import { headline } from "./headline.js";
import { Modes } from "./mode.js";
import { bringTo, news } from "./page.js";
import { dressed } from "./paint.js";
import { Paper } from "./paper.js";
import { atMostEvery, loadPlotly, nextTask, painted, pause, signal } from "./tasks.js";
import { Timeline } from "./timeline.js";
import { Transport } from "./transport.js";
import { sayNumbers, sayRates } from "./words.js";

/** @import { Rows } from "./rows.js" */
/** @import { Told } from "./timeline.js" */
/** @import { BoardData, Closed, Setup, State, Trigger } from "./types.js" */

const SUMMARY_EVERY = 1500, LONGEST_SKETCHING = 1000;

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
      scrub: (step) => this.scrub(step), move: (by) => this.move(by), again: () => this.again(),
    });
    this.transport.element.append(this.goal.element);
    this.caption = make("p", { className: "bnviz-caption" }, headline(this.timeline, null));
    this.cards = new Cards({ changed: () => this.soon(), dim: (arm) => this.dim(arm), hover: (step) => this.hover(step) });
    this.modes = new Modes(() => this.cards.named.size, () => this.redraw());
    this.root = make(
      "section", { "className": "bnviz-board bnviz-opening", "aria-label": "The networks, measured while they train" },
      this.transport.element, this.caption, this.cards.element, this.modes.button,
    );
    this.modes.root = this.root;
    this.modes.set(data.mode);
    parent.append(this.root);
    this.paint = dressed(this.root);
    document.addEventListener("visibilitychange", this.shown);
    this.paper = new Paper(this.root, () => this.timeline.now && this.cards.drawAll(this.scene(this.timeline.now.rows)));
    this.summarize = atMostEvery(SUMMARY_EVERY, () => {
      const { now, cursor } = this.timeline;
      if (now && !this.gone) this.cards.summarize(now.rows, cursor);
    });
    /** @type {Connection<Setup | State>} */
    this.connection = new Connection(data.live, {
      query: () => this.timeline.known,
      open: () => this.connected(),
      text: (message) => (message.kind === "setup" ? this.timeline.announce(message) : this.stand(message)),
      frame: (buffer) => this.take(buffer),
      closed: (why) => this.dropped(why),
    });
    this.sketched = signal();
    const late = pause(LONGEST_SKETCHING).then(() =>
      this.timeline.now && this.cards.visible[0] ? this.sketched.given : undefined);
    loadPlotly(data.plotly, Promise.race([this.sketched.given, late]).then(painted)).then(
      () => this.redraw(),
      () => this.transport.show({ state: "failed", message: "The charts could not be loaded. Reload the page." }),
    );
  }

  /** The page's look may have changed: every colour is read again. */
  restyle() {
    this.paint = dressed(this.root);
    this.redraw();
  }

  redraw() {
    this.cards.stale();
    this.soon();
  }

  shown = () => document.hidden || this.soon();

  /**
   * What there is to draw of a run.
   * @param {Rows} rows
   */
  scene(rows) {
    return { rows, cursor: this.timeline.cursor, dimmed: this.dimmed, paint: this.paint, events: this.state?.events ?? [] };
  }

  /** @param {State} state */
  stand(state) {
    this.state = state;
    this.happen(JSON.stringify(state.events));
    this.turn(state.turns);
    if (!this.timeline.next || state.run === this.timeline.next.setup.run) this.transport.show(state);
    this.sayHeadline();
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

  /** @param {Setup} setup */
  begin(setup) {
    const charts = JSON.stringify(setup.charts);
    if (charts !== this.charts) this.cards.layOut(setup.charts);
    this.charts = charts;
    this.modes.set(this.modes.mode);
  }

  /** @param {number | null} step */
  scrub(step) {
    this.timeline.scrub(step);
    this.soon();
  }

  /** @param {number} by */
  move(by) {
    this.timeline.move(by);
    this.soon();
  }

  /** @param {string} arm */
  dim(arm) {
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
    if (this.cards.visible.length) this.sketched.give();
    this.summarize();
  }

  /** @param {Told} told */
  writeWords({ setup, rows }) {
    const { cursor, back } = this.timeline;
    this.transport.place(rows, cursor, back !== null);
    const rates = sayRates(this.state?.rates ?? {}, setup.arms);
    this.cards.writeFooters(`${setup.about}${rates && `, ${rates}`} · ${sayNumbers("seed", setup.seeds)}`, rows.steps[cursor]);
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

  again() {
    if (this.connection.ready) this.connection.send({ do: "again" });
    else this.connection.open();
  }

  connected() {
    this.root.classList.remove("bnviz-dropped");
    if (this.state) this.transport.show(this.state);
  }

  /** @param {Closed} why */
  dropped(why) {
    this.acknowledged = null;
    if (why === "lost") {
      this.trigger("lost", true);
      return;
    }
    this.root.classList.add("bnviz-dropped");
    this.transport.show({ state: why, message: why === "replaced" ? "This run is shown on another page." : "" });
  }

  leave() {
    this.gone = true;
    this.connection.end();
    this.transport.end();
    document.removeEventListener("visibilitychange", this.shown);
    this.paper.end();
    this.cards.remove();
    this.root.remove();
  }
}
