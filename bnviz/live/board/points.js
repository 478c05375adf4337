// Points that a reader paints on the plane: what is there, what was before, and all of it as letters, as
// bnviz/own_words.py reads them.

import { plural } from "./words.js";

/** Both coordinates from 0 to FINEST, from the left and from below, and the number of the class. */
/** @typedef {{ x: number, y: number, word: number }} Point */

export const FINEST = 1023;
export const MOST = 400;
export const LEAST = 10;
export const CLASSES = 5;
const BITS = 10, BYTES = 3, MOST_PAST = 100;

export class Points {
  /** @type {Point[]} */
  all = [];
  /** @type {Point[][]} */
  past = [];

  /** What comes now is undone together. */
  begin() {
    this.past = [...this.past, this.all].slice(-MOST_PAST);
  }

  /**
   * Whether there was room for it.
   * @param {Point} point
   */
  add(point) {
    if (this.all.length >= MOST) return false;
    const inside = (/** @type {number} */ place) => Math.min(FINEST, Math.max(0, Math.round(place)));
    this.all = [...this.all, { x: inside(point.x), y: inside(point.y), word: point.word }];
    return true;
  }

  /**
   * Takes away what is so near.
   * @param {number} x
   * @param {number} y
   * @param {number} radius
   */
  erase(x, y, radius) {
    this.all = this.all.filter((point) => Math.hypot(point.x - x, point.y - y) > radius);
  }

  /** What was done last did not happen. */
  undo() {
    this.all = this.past.pop() ?? this.all;
  }

  /** How many of each class. */
  get counts() {
    return Array.from({ length: CLASSES }, (_, word) => this.all.filter((point) => point.word === word).length);
  }

  /** What is missing before a network can learn from them; nothing if it can. */
  get missing() {
    const left = LEAST - this.all.length;
    if (left > 0) {
      return plural(left, {
        one: "{count} more point, and training begins", other: "{count} more points, and training begins",
      });
    }
    return this.counts.filter(Boolean).length < 2 ? "Paint a second class, and training begins" : "";
  }

  /** Three bytes each, as letters. */
  get text() {
    const bytes = this.all.flatMap(({ x, y, word }) => {
      const code = x | (y << BITS) | (word << (2 * BITS));
      return [code & 255, (code >> 8) & 255, code >> 16];
    });
    return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
  }

  /**
   * Instead of what is there, the points of a text; that can be undone.
   * @param {string} text
   */
  read(text) {
    const bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    this.begin();
    this.all = Array.from({ length: bytes.length / BYTES }, (_, index) => {
      const [low, middle, high] = [0, 1, 2].map((part) => bytes.charCodeAt(BYTES * index + part));
      const code = low | (middle << 8) | (high << 16);
      return { x: code & FINEST, y: (code >> BITS) & FINEST, word: code >> (2 * BITS) };
    });
  }
}
