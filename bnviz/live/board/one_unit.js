// The unit that a reader looks into: which one, the card that shows it, and the way in and out of it.

import { icon, make, write } from "./dom.js";
import { Picker } from "./picker.js";
import { atMostEvery } from "./tasks.js";

/** @import { Cards } from "./cards.js" */
/** @import { Timeline } from "./timeline.js" */
/** @import { ChartSpec, Command, Unit } from "./types.js" */

const NAME = "inside";
const SELDOM = 250; // milliseconds: whoever holds an arrow key down passes units by

export class OneUnit {
  /** @type {Map<string, Picker>} */
  pickers = new Map();
  /** What has the keyboard again when it is closed. @type {Element | null} */
  opener = null;
  asked = "";
  /** What the card says where nothing is known yet and the server says nothing. */
  words = "";

  /**
   * @param {Cards} cards
   * @param {Timeline} timeline
   * @param {(command: Command) => void} send
   * @param {() => void} changed
   */
  constructor(cards, timeline, send, changed) {
    this.cards = cards;
    this.timeline = timeline;
    this.changed = changed;
    this.tell = atMostEvery(SELDOM, () => {
      const [layer, unit] = this.unit ?? [0, 0];
      send({ do: "open", layer, unit, back: this.asked === this.asking });
    });
    this.closer = make("button", {
      "type": "button", "className": "bnviz-close", "aria-label": "Close this unit", "on": { click: () => this.close() },
    }, icon("M5 5L19 19", "M19 5L5 19"));
  }

  get unit() {
    return this.timeline.unit;
  }

  get card() {
    return this.cards.named.get(NAME);
  }

  /**
   * The cards were laid out anew: a unit can be chosen wherever all of them are drawn. A card that nothing opens is open.
   * @param {ChartSpec[]} specs
   */
  lay(specs) {
    for (const { name, layout } of specs) {
      const card = this.cards.named.get(name);
      const { units } = layout.meta;
      if (!card || !units) continue;
      const picker = this.pickers.get(name) ?? new Picker(card.stage, (unit) => this.open(unit));
      this.pickers.set(name, picker);
      picker.use(units);
    }
    for (const name of this.pickers.keys()) if (!this.cards.named.has(name)) this.pickers.delete(name);
    const { card } = this, isOpened = specs.some(({ opens }) => opens === NAME);
    if (!card) {
      if (this.unit) this.close();
      return;
    }
    card.element.addEventListener("change", this.chosen);
    card.element.addEventListener("keydown", this.pressed);
    card.element.classList.add("bnviz-opened");
    if (isOpened) card.element.querySelector(".bnviz-head")?.append(this.closer);
    else this.closer.remove();
    this.words = card.spec.empty;
    const { layer, unit } = card.spec.choices;
    if (!isOpened && !this.unit) this.open([layer[layer.length - 1], unit[0]]);
    this.show();
  }

  chosen = () => {
    const { layer, unit } = this.card?.picks ?? {};
    if (layer && unit) this.open([layer, unit]);
  };

  /** @param {KeyboardEvent} event */
  pressed = (event) => {
    if (event.key === "Escape" && this.closer.isConnected) this.close();
  };

  /**
   * Looks into a unit; the same one again changes nothing.
   * @param {Unit} unit
   */
  open(unit) {
    if (String(unit) === String(this.unit)) return;
    const isFirst = !this.unit;
    if (isFirst) this.opener = document.activeElement;
    this.timeline.lookInto(unit);
    this.tell();
    this.show();
    const { card } = this;
    if (isFirst && card && this.closer.isConnected) {
      this.closer.focus({ preventScroll: true });
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      card.element.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
    }
    this.changed();
  }

  close() {
    this.timeline.lookInto(null);
    this.tell();
    this.show();
    if (this.opener instanceof HTMLElement) this.opener.focus({ preventScroll: true });
    this.changed();
  }

  /** Of which run and unit the past is asked for, if it is. */
  get asking() {
    return `${this.timeline.now?.setup.run} ${this.unit}`;
  }

  /** The card is seen while a unit is open, and its fields say which one. */
  show() {
    const { card, unit } = this;
    if (!card) return;
    card.element.hidden = !unit;
    const [layers, units] = card.choices.querySelectorAll("select");
    if (unit && layers) [layers.value, units.value] = unit.map(String);
  }

  /**
   * After a drawing: marks the unit in the pictures of all, says why nothing is known of it, and asks for a step of the
   * past.
   */
  drawn() {
    const { now, cursor, back, message } = this.timeline;
    if (this.card) write(this.card.empty, this.card.spec.empty = message || this.words);
    for (const [name, picker] of this.pickers) {
      const shown = this.cards.named.get(name)?.chart.shown;
      if (now && shown) picker.place(shown, now.rows, this.unit);
    }
    const { asking } = this;
    if (!now || !this.unit || back === null || this.asked === asking || now.rows.looks.has(now.rows.steps[cursor])) return;
    this.asked = asking;
    this.tell();
  }
}
