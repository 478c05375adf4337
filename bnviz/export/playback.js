// A recorded run that a page carries with itself, played as the server plays one: a board's source where there is none.

import { readHeader } from "../live/board/frame.js";

/** @import { Command, Hearing, Setup, State, Unit } from "../live/board/types.js" */

/**
 * What is carried: the two messages that a run begins with, each row as a frame, and what is known of single units, by
 * layer and unit.
 * @typedef {{ setup: Setup, state: State, steps: number[], epochs: number[], rows: ArrayBuffer[],
 *   looks: Record<string, ArrayBuffer[]>, nothing: string }} Carried
 */

const PICTURES_PER_SECOND = 12; // of so many steps, as a reader chose; at full speed ...
const FIRST_STEPS = 100, FIRST_ROWS_PER_SECOND = 2, FIRST_SECONDS = 5, ROWS_PER_SECOND = 8; // as in live/run_stream.py
const SOON = 0.2;

/**
 * When each row is due, in seconds after the first.
 * @param {number[]} steps
 * @param {number} speed   steps from one picture to the next; 0 shows the rows, and lingers on the first hundred steps
 */
export function due(steps, speed) {
  const early = steps.filter((step) => step <= FIRST_STEPS).length - 1;
  const first = Math.max(FIRST_ROWS_PER_SECOND, early / FIRST_SECONDS);
  let at = 0;
  return steps.map((step, index) => {
    const rate = step <= FIRST_STEPS ? first : ROWS_PER_SECOND;
    const wait = speed ? (step - steps[index - 1]) / (speed * PICTURES_PER_SECOND) : 1 / rate;
    if (index) at += index === 1 ? Math.min(SOON, wait) : wait;
    return at;
  });
}

/**
 * What is carried, from the bytes that bnviz/export/carried.py packs.
 * @param {ArrayBuffer} buffer
 * @returns {Carried}
 */
export function unpacked(buffer) {
  const { header: { sizes, looks, ...more }, begin } = readHeader(buffer);
  let at = begin;
  const next = (/** @type {number} */ size) => buffer.slice(at, (at += size));
  const rows = sizes.map(next);
  const known = Object.entries(looks).map(([unit, own]) => [unit, /** @type {number[]} */ (own).map(next)]);
  return { ...more, rows, looks: Object.fromEntries(known) };
}

/**
 * A message without packed numbers.
 * @param {object} header
 */
function message(header) {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const buffer = new ArrayBuffer(4 + text.length);
  new DataView(buffer).setUint32(0, text.length, true);
  new Uint8Array(buffer, 4).set(text);
  return buffer;
}

export class Playback {
  ready = true;
  ended = false;
  plays = true;
  speed = 0;
  /** How many rows the board was given, and when the first would have been, for the next to be due in time. */
  given = 0;
  began = 0;
  /** The step that the board draws. @type {number | null} */
  drawing = null;

  /**
   * @param {Carried} carried
   * @param {Hearing} hears
   */
  constructor(carried, hears) {
    this.carried = carried;
    this.hears = hears;
    Promise.resolve().then(() => this.open());
  }

  open() {
    this.hears.open();
    this.begin();
  }

  /** From the first row; nobody is here who could answer a drawing. */
  begin() {
    this.hears.text({ ...this.carried.setup, drawn: 0 });
    [this.given, this.drawing] = [0, null];
    this.play(true);
  }

  /** @param {boolean} plays */
  play(plays) {
    this.plays = plays;
    this.wind();
    this.tell();
    this.go();
  }

  tell() {
    this.hears.text({ ...this.carried.state, plays: this.plays, speed: this.speed, alone: true });
  }

  /** The clock goes on from the row that the board has. */
  wind() {
    this.times = due(this.carried.steps, this.speed);
    this.began = performance.now() / 1000 - this.times[Math.max(0, this.given - 1)];
  }

  /** Gives what is due, unless the board still draws, and comes back when the next is. */
  go() {
    clearTimeout(this.timer);
    const { times = [], given } = this;
    if (this.ended || this.drawing !== null || (!this.plays && given)) return;
    const passed = performance.now() / 1000 - this.began;
    let until = given;
    while (until < times.length && times[until] <= passed) until += 1;
    if (until > given) this.give(until);
    else if (given < times.length) this.timer = setTimeout(() => this.go(), 1000 * (times[given] - passed) + 1);
  }

  /**
   * Gives the rows before this one; the last one ends the playing.
   * @param {number} until
   */
  give(until) {
    const { rows, steps } = this.carried, news = rows.slice(this.given, until);
    [this.given, this.drawing] = [until, steps[until - 1]];
    for (const row of news) this.hears.frame(row);
    if (until < rows.length || !this.plays) return;
    this.plays = false;
    this.tell();
  }

  /** @param {Command} command */
  send(command) {
    const { steps, epochs } = this.carried, isAtEnd = this.given === steps.length;
    if (command.do === "ack") {
      if (this.drawing === null || command.step < this.drawing) return;
      this.drawing = null;
      this.go();
    } else if (command.do === "speed") {
      this.speed = command.value;
      this.play(this.plays);
    } else if (command.do === "pause") this.play(false);
    else if (command.do === "open") this.look([command.layer, command.unit]);
    else if (command.do === "step" || command.do === "epoch") {
      const epoch = Math.floor(epochs[this.given - 1]);
      const next = command.do === "step" ? this.given : epochs.findIndex((at) => Math.floor(at) > epoch);
      this.play(false);
      if (!isAtEnd) this.give((next < 0 ? steps.length - 1 : next) + 1);
    } else if (isAtEnd || command.do === "reset") this.begin();
    else this.play(true);
  }

  /**
   * All that is known of a unit, at every step; of most nothing is.
   * @param {Unit} unit
   */
  look(unit) {
    const { looks, setup, nothing } = this.carried;
    if (!unit[0]) return;
    const known = looks[String(unit)] ?? [message({ run: setup.run, inside: unit, steps: [], message: nothing })];
    for (const one of known) this.hears.frame(one);
  }

  end() {
    this.ended = true;
    clearTimeout(this.timer);
  }
}
