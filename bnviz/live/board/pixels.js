// What is known of the networks of a map, pixel by pixel, in words and in colours. Knows no element.

import { mixed, rgb } from "./paint.js";
import { say } from "./words.js";

/** @import { Colour } from "./paint.js" */
/** @import { MapArm, MapScale } from "./types.js" */

/** What became of a pixel's network, as in bnviz/charts/pictures.py. */
export const NOTHING = 0, DIVERGED = 2, REFUSED = 3;
const UNKNOWN_SIZE = 255;

/**
 * One pixel: what became of its network, the quantity shown, what else is said of it, and how many pixels it covers.
 * @typedef {{ kind: number, size: number, shown: number, accuracy: number, loss: number, diverged: number }} Pixel
 */

/** The pixels of one arm, from the lower left. */
export class Pixels {
  /**
   * @param {MapArm} arm
   * @param {number} cells
   */
  constructor(arm, cells) {
    const bytes = (/** @type {string} */ text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const count = cells * cells;
    const numbers = (/** @type {string | undefined} */ text) =>
      text === undefined ? new Float32Array(count).fill(NaN) : new Float32Array(bytes(text).buffer);
    this.cells = cells;
    this.kind = arm.kind === undefined ? new Uint8Array(count).fill(NOTHING) : bytes(arm.kind);
    this.size = arm.size === undefined ? new Uint8Array(count).fill(UNKNOWN_SIZE) : bytes(arm.size);
    this.shown = numbers(arm.shown);
    this.accuracy = numbers(arm.test_accuracy);
    this.loss = numbers(arm.test_loss);
    this.diverged = numbers(arm.diverged_at);
  }

  /**
   * @param {number} column
   * @param {number} row
   * @returns {Pixel}
   */
  at(column, row) {
    const { kind, size, shown, accuracy, loss, diverged } = this, at = row * this.cells + column;
    return {
      kind: kind[at], size: size[at], shown: shown[at], accuracy: accuracy[at], loss: loss[at], diverged: diverged[at],
    };
  }

  /** How many pixels know what became of their network. */
  get filled() {
    return this.kind.filter((kind) => kind !== NOTHING).length;
  }

  /** How many pixels the finest network covers, along one side. */
  get finest() {
    return this.size.reduce((least, size) => Math.min(least, size), this.cells);
  }

  /**
   * RGBA from the upper left, as a canvas takes it; what is not known, or cannot be trained, is transparent.
   * @param {(value: number) => Colour} colour
   */
  painted(colour) {
    const { cells } = this, painted = new Uint8ClampedArray(4 * cells * cells);
    this.kind.forEach((kind, at) => {
      if (kind === NOTHING || kind === REFUSED) return;
      const row = cells - 1 - Math.floor(at / cells);
      painted.set([...colour(this.shown[at]), 255], 4 * (row * cells + (at % cells)));
    });
    return painted;
  }
}

/**
 * What became of one network, in words.
 * @param {Pixel} pixel
 * @param {MapScale} scale
 */
export function sayOutcome({ kind, shown, accuracy, loss, diverged }, scale) {
  if (kind === NOTHING) return "not trained yet";
  if (kind === REFUSED) return "cannot be trained";
  if (kind === DIVERGED) return `diverged at step ${say(diverged)}`;
  const said = [`test accuracy ${(100 * accuracy).toFixed(1)}%`, `test loss ${say(loss)}`];
  if (!/^(test|step)/.test(scale.title)) said.push(`${scale.title.split(",")[0]} ${say(shown)}`);
  return said.join(", ");
}

/**
 * The colour that has no place on the scale, in a look.
 * @param {MapScale} scale
 * @param {string | undefined} look
 */
export function flatColour({ flat }, look) {
  return flat[look === "dark" ? 1 : 0];
}

/**
 * The colour of a value: between the two stops that it lies between, at the ends beyond them.
 * @param {MapScale} scale
 * @param {string | undefined} look
 * @returns {(value: number) => Colour}
 */
export function colourOf(scale, look) {
  const stops = scale.stops.map(rgb), none = rgb(flatColour(scale, look));
  const along = (/** @type {number} */ value) => (scale.log ? Math.log(Math.max(value, scale.low)) : value);
  const from = along(scale.low), to = along(scale.high);
  return (value) => {
    if (!Number.isFinite(value)) return none;
    const share = Math.min(1, Math.max(0, (along(value) - from) / (to - from)));
    const place = share * (stops.length - 1), first = Math.min(stops.length - 2, Math.floor(place));
    return mixed(stops[first], stops[first + 1], place - first);
  };
}
