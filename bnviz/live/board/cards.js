// The cards of a board by name: those that stay keep their place and their plot, so nothing blinks.

import { Card } from "./card.js";
import { make } from "./dom.js";
import { linesOf } from "./heard.js";
import { pictureButton } from "./picture_button.js";
import { sizesOf } from "./size.js";
import { Sound } from "./sound.js";
import { breather } from "./tasks.js";

/** @import { CardHandlers } from "./card.js" */
/** @import { Scene } from "./chart.js" */
/** @import { Timeline } from "./timeline.js" */
/** @import { ChartSpec } from "./types.js" */

const BLANKS = 4; // stand where the first cards will be
const BREATH = 8; // milliseconds, half of what the screen shows one picture for

/** @param {Card} card */
const isOpened = ({ element }) => element.classList.contains("bnviz-opened");

export class Cards {
  /** @type {Map<string, Card>} */
  named = new Map();
  sound = new Sound();
  step = 0; // that is shown

  /** @param {CardHandlers} on */
  constructor(on) {
    this.on = on;
    const blanks = Array.from({ length: BLANKS }, () => make("div", { className: "bnviz-card bnviz-half bnviz-blank" }));
    this.element = make("div", { className: "bnviz-grid" }, ...blanks);
  }

  /** Those that are seen, first what a reader has opened. */
  get visible() {
    const seen = [...this.named.values()].filter(({ visible }) => visible);
    return [...seen.filter(isOpened), ...seen.filter((card) => !isOpened(card))];
  }

  /** How many are on the board without being asked for. */
  get listed() {
    return [...this.named.values()].filter((card) => !isOpened(card)).length;
  }

  /** The card that the keyboard is in. */
  get focused() {
    return [...this.named.values()].find(({ element }) => element.contains(document.activeElement));
  }

  /**
   * Plays the chart that the keyboard is in as tones, or stops.
   * @param {Pick<Timeline, "now" | "cursor">} timeline
   */
  hear({ now, cursor }) {
    const card = this.focused;
    if (now && card) this.sound.toggle(linesOf(card.spec, now.rows, cursor, card.picks));
  }

  /**
   * @param {ChartSpec[]} specs
   * @param {boolean} isFirstWhole   whether the first has a row of its own, whatever its size
   */
  layOut(specs, isFirstWhole = false) {
    const sizes = sizesOf(specs.map(({ size }) => size), isFirstWhole);
    for (const blank of this.element.querySelectorAll(".bnviz-blank")) blank.remove();
    const names = new Set(specs.map(({ name }) => name));
    for (const [name, card] of this.named) {
      if (names.has(name)) continue;
      card.remove();
      this.named.delete(name);
    }
    this.element.classList.toggle("bnviz-several", specs.length > 1); // in the styles ":has" takes half of the pictures a second
    specs.forEach((spec, index) => {
      const known = this.named.get(spec.name);
      known?.use(spec);
      const card = known ?? this.made(spec);
      card.size(sizes[index]);
      card.element.style.setProperty("--bnviz-least", `${card.spec.layout.meta.least ?? 0}px`);
      this.named.set(spec.name, card);
      const there = this.element.children[index] ?? null;
      if (there !== card.element) this.element.insertBefore(card.element, there);
    });
    return specs;
  }

  /**
   * A new card, which can be saved as a picture.
   * @param {ChartSpec} spec
   */
  made(spec) {
    const card = new Card(spec, this.on);
    const said = () => ({ title: card.spec.title, name: `${card.spec.name}-step-${this.step}` });
    card.element.querySelector(".bnviz-head")?.append(pictureButton(card.element, said));
    return card;
  }

  /** The next drawing is a whole one: something other than numbers changed. */
  stale() {
    for (const { chart } of this.named.values()) chart.whole = true;
  }

  /**
   * Draws what is seen, few charts a task so that the page answers in between, as long as it `goesOn`.
   * @param {Scene} scene
   * @param {() => boolean} goesOn
   */
  async draw(scene, goesOn) {
    const breathe = breather(BREATH);
    for (const card of this.visible) {
      await card.draw(scene).catch((error) => {
        card.chart.whole = true;
        console.error(error);
      });
      await breathe();
      if (!goesOn()) return;
    }
  }

  /**
   * Draws all of them at once, as paper needs them: what it does not find drawn stays blank there.
   * @param {Scene} scene
   */
  drawAll(scene) {
    this.stale();
    for (const card of this.named.values()) card.draw(scene).catch(console.error);
  }

  /**
   * Shows a step on every chart; null on none.
   * @param {number | null} step
   */
  point(step) {
    for (const card of this.named.values()) card.point(step);
  }

  /**
   * @param {string} about
   * @param {number} step
   */
  writeFooters(about, step) {
    this.step = step;
    for (const card of this.named.values()) card.writeFooter(about, step);
  }

  /**
   * Every chart says in words what it shows now.
   * @param {Pick<Timeline, "now" | "cursor">} timeline
   */
  tell({ now, cursor }) {
    if (now) for (const card of this.named.values()) card.summarize(now.rows, cursor);
  }

  remove() {
    this.sound.stop();
    for (const card of this.named.values()) card.remove();
  }
}
