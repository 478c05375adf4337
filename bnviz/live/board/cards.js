// The cards of a board by name: those that stay keep their place and their plot, so nothing blinks.

import { Card } from "./card.js";
import { make } from "./dom.js";
import { nextTask } from "./tasks.js";

/** @import { CardHandlers } from "./card.js" */
/** @import { Scene } from "./chart.js" */
/** @import { Rows } from "./rows.js" */
/** @import { ChartSpec } from "./types.js" */

const BLANKS = 4; // stand where the first cards will be

export class Cards {
  /** @type {Map<string, Card>} */
  named = new Map();

  /** @param {CardHandlers} on */
  constructor(on) {
    this.on = on;
    const blanks = Array.from({ length: BLANKS }, () => make("div", { className: "bnviz-card bnviz-half bnviz-blank" }));
    this.element = make("div", { className: "bnviz-grid" }, ...blanks);
  }

  get visible() {
    return [...this.named.values()].filter(({ visible }) => visible);
  }

  /** @param {ChartSpec[]} specs */
  layOut(specs) {
    for (const blank of this.element.querySelectorAll(".bnviz-blank")) blank.remove();
    const names = new Set(specs.map(({ name }) => name));
    for (const [name, card] of this.named) {
      if (names.has(name)) continue;
      card.remove();
      this.named.delete(name);
    }
    specs.forEach((spec, index) => {
      const known = this.named.get(spec.name);
      known?.use(spec);
      const card = known ?? new Card(spec, this.on);
      this.named.set(spec.name, card);
      const there = this.element.children[index] ?? null;
      if (there !== card.element) this.element.insertBefore(card.element, there);
    });
  }

  /** The next drawing is a whole one: something other than numbers changed. */
  stale() {
    for (const { chart } of this.named.values()) chart.whole = true;
  }

  /**
   * Draws what is seen, one chart a task so that the page answers in between, as long as it `goesOn`.
   * @param {Scene} scene
   * @param {() => boolean} goesOn
   */
  async draw(scene, goesOn) {
    for (const card of this.visible) {
      await card.draw(scene).catch((error) => {
        card.chart.whole = true;
        console.error(error);
      });
      await nextTask();
      if (!goesOn()) return;
    }
  }

  /**
   * Draws all of them at once, as paper needs them: what it does not find drawn stays blank there.
   * @param {Scene} scene
   */
  drawAll(scene) {
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
    for (const card of this.named.values()) card.writeFooter(about, step);
  }

  /**
   * @param {Rows} rows
   * @param {number} cursor
   */
  summarize(rows, cursor) {
    for (const card of this.named.values()) card.summarize(rows, cursor);
  }

  remove() {
    for (const card of this.named.values()) card.remove();
  }
}
