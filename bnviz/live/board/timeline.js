// The run that is shown, the one that is announced, and the step that the reader looks at. Knows no element.

import { readFrame, readLooks } from "./frame.js";
import { Rows } from "./rows.js";

/** @import { Setup, Unit } from "./types.js" */
/** @typedef {{ setup: Setup, rows: Rows }} Told   what the server told of one run: never without a row once it is shown */

export class Timeline {
  /** @type {Told | null} */
  now = null;
  /** The run before it stays readable until this one has a row. @type {Told | null} */
  next = null;
  /** The step that is looked back at; null follows the newest. @type {number | null} */
  back = null;
  /** The step under the pointer. @type {number | null} */
  hovered = null;
  /** The unit that the reader looks into. @type {Unit | null} */
  unit = null;
  /** Why nothing may be known of it. */
  message = "";

  /** @param {Setup} setup */
  announce(setup) {
    this.next = { setup, rows: new Rows(setup.columns, undefined, setup.apart) };
  }

  /**
   * Another unit is open, or none: what was known of the one before is forgotten.
   * @param {Unit | null} unit
   */
  lookInto(unit) {
    this.unit = unit;
    this.message = "";
    for (const told of [this.now, this.next]) told?.rows.looks.clear();
  }

  /**
   * Takes the rows of a frame, or what was read of the unit that is open. With its first row an announced run is the
   * one that is shown.
   * @param {ArrayBuffer} buffer
   */
  take(buffer) {
    const told = this.next ?? this.now;
    const looked = told && readLooks(buffer, told.setup);
    if (looked) {
      if (String(looked.unit) !== String(this.unit)) return;
      this.message = looked.message;
      for (const look of looked.looks) told.rows.look(look);
      return;
    }
    const rows = told ? readFrame(buffer, told.setup.run, told.setup.columns) : [];
    if (!told || !rows.length) return;
    for (const row of rows) told.rows.add(row);
    if (told === this.now) return;
    this.now = told;
    this.next = this.back = null;
  }

  /** The row that is shown. */
  get cursor() {
    if (!this.now) return 0;
    const { rows } = this.now;
    return this.back === null ? rows.last : rows.at(this.back);
  }

  /** The step that every chart points at: the one under the pointer, or the one looked back at; null is none. */
  get pointed() {
    return this.hovered ?? (this.back === null ? null : (this.now?.rows.steps[this.cursor] ?? null));
  }

  /**
   * Looks back at the last row not later than a step; null, or the newest step, follows the run again.
   * @param {number | null} step
   */
  scrub(step) {
    if (!this.now) return;
    const { rows } = this.now;
    this.back = step === null || step >= rows.steps[rows.last] ? null : rows.steps[rows.at(step)];
  }

  /**
   * Looks so many rows on or back.
   * @param {number} by
   */
  move(by) {
    const row = Math.max(0, this.cursor + by);
    this.scrub(this.now?.rows.steps[row] ?? null);
  }

  /**
   * What the page has already, as it is said to the server when a connection opens.
   * @returns {Record<string, string>}
   */
  get known() {
    if (!this.now) return {};
    const { setup, rows } = this.now;
    return { run: String(setup.run), since: String(rows.steps[rows.last]) };
  }
}
