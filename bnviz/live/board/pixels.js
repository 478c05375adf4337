// What is known of the networks of a map, pixel by pixel, in words and in colours. Knows no element.

import { mixed, rgb } from "./paint.js";
import { percent, say } from "./words.js";

/** @import { Colour } from "./paint.js" */
/** @import { MapScale } from "./types.js" */

/** What became of a pixel's network, as in bnviz/charts/pixels.py. */
export const NOTHING = 0;
export const TRAINED = 1;
export const DIVERGED = 2;
export const REFUSED = 3;
const UNKNOWN_SIZE = 255;

/**
 * One network as it was sent: its number, its results by name, how many pixels it covers, what became of it.
 * @typedef {{ number: number, results: Record<string, number>, size: number, kind: number }} Network
 */

/**
 * One pixel: what became of its network, how many pixels it covers, and its results.
 * @typedef {{ kind: number, size: number, results: Record<string, number> }} Pixel
 */

/**
 * The networks of a frame, plane by plane as bnviz/charts/cells.py packs them.
 * @param {ArrayBuffer} buffer
 * @param {number} begin
 * @param {number} count
 * @param {string[]} results
 * @returns {Network[]}
 */
export function readCells(buffer, begin, count, results) {
  const plane = (/** @type {number} */ place) => begin + 4 * count * place;
  const numbers = new Uint32Array(buffer, plane(0), count), bytes = plane(1 + results.length);
  const values = results.map((_, place) => new Float32Array(buffer, plane(1 + place), count));
  const sizes = new Uint8Array(buffer, bytes, count), kinds = new Uint8Array(buffer, bytes + count, count);
  return Array.from(numbers, (number, at) => ({
    number, size: sizes[at], kind: kinds[at],
    results: Object.fromEntries(results.map((name, place) => [name, values[place][at]])),
  }));
}

/** The pixels of one arm, from the lower left. */
export class Pixels {
  /** @type {Network[]} */
  networks = [];

  /** @param {number} cells */
  constructor(cells) {
    this.cells = cells;
    this.shown = new Int32Array(cells * cells).fill(-1);
    this.size = new Uint8Array(cells * cells).fill(UNKNOWN_SIZE);
  }

  /**
   * Shows a network in its block. The one that this block is cut out of stands for less from now on.
   * @param {Network} network
   * @param {number} column
   * @param {number} row
   */
  add(network, column, row) {
    const { size } = network, whole = 2 * size;
    const place = this.networks.push(network) - 1;
    this.fill(this.shown, column, row, size, () => place);
    this.fill(this.size, column, row, size, () => size);
    this.fill(this.size, column - (column % whole), row - (row % whole), size, (before) => Math.min(before, size));
  }

  /**
   * @param {Int32Array | Uint8Array} plane
   * @param {number} left
   * @param {number} below
   * @param {number} side
   * @param {(before: number) => number} value
   */
  fill(plane, left, below, side, value) {
    for (let row = below; row < below + side; row += 1) {
      for (let column = left; column < left + side; column += 1) {
        const at = row * this.cells + column;
        plane[at] = value(plane[at]);
      }
    }
  }

  /**
   * @param {number} column
   * @param {number} row
   * @returns {Pixel}
   */
  at(column, row) {
    const at = row * this.cells + column, network = this.networks[this.shown[at]];
    return { kind: network?.kind ?? NOTHING, size: this.size[at], results: network?.results ?? {} };
  }

  /**
   * Whether a network of this kind is there.
   * @param {number} kind
   */
  has(kind) {
    return this.networks.some((network) => network.kind === kind);
  }

  /** How many pixels know what became of their network. */
  get filled() {
    return this.shown.filter((network) => network >= 0).length;
  }

  /** How many pixels the finest network covers, along one side. */
  get finest() {
    return this.size.reduce((least, size) => Math.min(least, size), this.cells);
  }

  /**
   * RGBA from the upper left, as a canvas takes it; what is not known, or cannot be trained, is transparent.
   * @param {string} quantity
   * @param {(value: number) => Colour} colour
   */
  painted(quantity, colour) {
    const { cells } = this, drawn = new Uint8ClampedArray(4 * cells * cells);
    const colours = this.networks.map((network) => (network.kind === REFUSED ? null : colour(valueOf(network, quantity))));
    this.shown.forEach((network, at) => {
      const one = colours[network];
      if (one) drawn.set([...one, 255], 4 * ((cells - 1 - Math.floor(at / cells)) * cells + (at % cells)));
    });
    return drawn;
  }
}

/**
 * A quantity that has a place on its scale: not of networks that diverged, but for when; NaN is none.
 * @param {{ kind: number, results: Record<string, number> }} network
 * @param {string} quantity
 */
function valueOf({ kind, results }, quantity) {
  return kind === TRAINED || quantity === "diverged_at" ? results[quantity] : NaN;
}

/**
 * What became of one network, in words.
 * @param {Pixel} pixel
 * @param {string} quantity
 * @param {MapScale} scale
 */
export function sayOutcome({ kind, results }, quantity, scale) {
  if (kind === NOTHING) return "not trained yet";
  if (kind === REFUSED) return "cannot be trained";
  if (kind === DIVERGED) return `diverged at step ${say(results.diverged_at)}`;
  if (!Number.isFinite(results.test_accuracy)) return "no finite answer on test examples";
  const said = [`test accuracy ${percent(results.test_accuracy)}`, `test loss ${say(results.test_loss)}`];
  if (!/^(test|step)/.test(scale.title)) said.push(`${scale.title.split(",")[0]} ${say(results[quantity])}`);
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
