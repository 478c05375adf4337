// The rows of one run, oldest first, in bounded memory. When they are full, every second one goes.

import { HOLDS } from "./frame.js";

/** @import { Column, Looked, Packed, Row } from "./types.js" */

const CAPACITY = 600;
const UNREAD = 255; // a byte of what nobody watched

export class Rows {
  /**
   * @param {Column[]} columns
   * @param {number} capacity
   * @param {{ name: string, length: number }[]} apart   columns of the unit that is open
   */
  constructor(columns, capacity = CAPACITY, apart = []) {
    this.capacity = capacity;
    /** @type {number[]} */
    this.steps = [];
    /** @type {number[]} */
    this.epochs = [];
    /** @type {string[]} */
    this.captions = [];
    this.seen = 0;
    this.stride = 1;
    this.version = 0;
    /** What is known of the unit that is open, by step. @type {Map<number, Looked["values"]>} */
    this.looks = new Map();
    this.blank = Object.fromEntries(apart.map(({ name, length }) => [name, new Float32Array(length).fill(NaN)]));
    /** @type {Record<string, { length: number, data: Packed }>} */
    this.values = {};
    for (const { name, dtype, length } of columns) {
      this.values[name] = { length, data: new HOLDS[dtype]((capacity + 1) * length) };
    }
  }

  get length() {
    return this.steps.length;
  }

  get last() {
    return this.steps.length - 1;
  }

  /**
   * Keeps a row that is newer than all others. The newest row is always kept.
   * @param {Row} row
   */
  add(row) {
    if (this.length && row.step <= this.steps[this.last]) return;
    if (this.length && (this.seen - 1) % this.stride) this.drop();
    const at = this.length;
    this.steps.push(row.step);
    this.epochs.push(row.epoch);
    this.captions.push(row.caption);
    for (const [name, { data, length }] of Object.entries(this.values)) {
      if (row.values[name]) data.set(row.values[name], at * length);
      else data.fill(UNREAD, at * length, (at + 1) * length);
    }
    this.seen += 1;
    if (this.length > this.capacity) this.halve();
    this.version += 1;
  }

  /**
   * Keeps what was read of the unit that is open, mostly ahead of the step's row; without a row, not for long.
   * @param {Looked} looked
   */
  look({ step, values }) {
    this.looks.set(step, values);
    if (this.looks.size <= 2 * this.capacity) return;
    const kept = new Set([...this.steps, step]);
    for (const known of this.looks.keys()) if (!kept.has(known)) this.looks.delete(known);
  }

  drop() {
    this.steps.pop();
    this.epochs.pop();
    this.captions.pop();
  }

  halve() {
    const kept = this.steps.map((_, index) => index).filter((index) => index % 2 === 0 || index === this.last);
    for (const { data, length } of Object.values(this.values)) {
      kept.forEach((from, to) => data.copyWithin(to * length, from * length, (from + 1) * length));
    }
    this.steps = kept.map((index) => this.steps[index]);
    this.epochs = kept.map((index) => this.epochs[index]);
    this.captions = kept.map((index) => this.captions[index]);
    this.stride *= 2;
  }

  /**
   * The vector of a column in one row.
   * @param {string} name
   * @param {number} index
   */
  row(name, index) {
    if (name in this.blank) return this.looks.get(this.steps[index])?.[name] ?? this.blank[name];
    const { data, length } = this.values[name];
    return data.subarray(index * length, (index + 1) * length);
  }

  /**
   * One entry of a column in every row.
   * @param {string} name
   */
  series(name, entry = 0) {
    const { data, length } = this.values[name];
    return Float64Array.from({ length: this.length }, (_, index) => data[index * length + entry]);
  }

  /**
   * The last row that is not later than a step.
   * @param {number} step
   */
  at(step) {
    let index = this.last;
    while (index > 0 && this.steps[index] > step) index -= 1;
    return index;
  }
}
