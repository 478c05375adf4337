// What a reader points at on a map, by mouse, keys or finger: a network, the same in every square, or a part of the map.

import { MapKeys } from "./map_keys.js";
import { wordsAt, wordsOf } from "./map_words.js";
import { NOTHING, REFUSED } from "./pixels.js";
import { Readout } from "./readout.js";
import { Tip } from "./tip.js";
import { Aloud } from "./voice.js";
import { around, middleOf, resized } from "./walk.js";

/** @import { Line } from "./map_words.js" */
/** @import { Square, SquareHandlers } from "./square.js" */
/** @import { Place, Rectangle } from "./walk.js" */
/** @import { MapScale, MapSetup } from "./types.js" */

/**
 * What is on the page, and what a reader can ask for.
 * @typedef {object} Shown
 * @property {Square[]} squares
 * @property {MapSetup | null} setup
 * @property {MapScale | null} scale
 * @property {string} quantity
 * @property {HTMLElement} root
 * @property {(arm: string, at: Place) => void} open
 * @property {(part: Rectangle) => void} zoom
 * @property {() => void} back
 * @property {() => void} list   shows the list of keys
 */

const PATIENCE = 300; // milliseconds that a place or a part stays before it is said aloud
const BY_KEYS = "Enter looks closer, + and − change the size, arrows move it, Esc drops it.";

export class Pointing {
  /** The square it was pointed at in last, and where. @type {{ square: Square, at: Place } | null} */
  place = null;
  /** The part around it that is framed. @type {Rectangle | null} */
  part = null;
  /** Whether somebody points there now. */
  here = false;
  /** Whether a finger holds it: it stays until it is let go. */
  held = false;

  /** @param {Shown} map */
  constructor(map) {
    this.map = map;
    this.tip = new Tip(() => map.root);
    this.readout = new Readout({
      open: () => this.open(), look: () => this.look(), resize: (times) => this.resize(times),
      zoom: () => this.zoom(), close: () => this.letGo(),
    });
    this.elements = [this.tip.element, this.readout.element];
    this.aloud = new Aloud(() => this.words, PATIENCE);
    this.aloud.hear("");
    this.keys = new MapKeys(this, map);
  }

  /**
   * What happens in a square.
   * @param {() => Square} square
   * @returns {SquareHandlers}
   */
  handlers(square) {
    return {
      point: (at) => this.hover(square(), at),
      open: (at) => { this.place = { square: square(), at }; this.open(); },
      zoom: (part) => this.map.zoom(part),
      choose: (at) => this.hold(square(), at, null),
      frame: (part) => this.hold(square(), middleOf(part), part),
      arrive: () => this.arrive(square()),
      leave: () => this.leave(),
      key: (event) => this.keys.press(event, square()),
    };
  }

  /** Another map has begun: nothing is held, and who is there by keyboard is in the middle of it. */
  begin() {
    this.letGo();
    const square = this.map.squares.find(({ hasFocus }) => hasFocus);
    if (square) this.arrive(square);
  }

  /**
   * @param {Square} square
   * @param {Place | null} at
   */
  hover(square, at) {
    if (this.held || (square.hasFocus && (this.part || !at))) return;
    if (at) this.place = { square, at };
    this.part = null;
    this.here = at !== null;
    this.show();
  }

  /**
   * The keyboard comes where it was before, or the mouse; first of all to the middle.
   * @param {Square} square
   */
  arrive(square) {
    const { cells } = square.pixels;
    if (this.place?.square !== square) this.part = null;
    this.place = { square, at: this.place?.at ?? middleOf([0, 0, cells, cells]) };
    this.here = true;
    this.show();
  }

  leave() {
    this.here = this.held;
    this.show();
  }

  /**
   * A finger has chosen a network, or drawn a part.
   * @param {Square} square
   * @param {Place} at
   * @param {Rectangle | null} part
   */
  hold(square, at, part) {
    this.place = { square, at };
    this.part = part;
    this.held = this.here = true;
    this.show();
    square.bringAbove(this.readout.element);
    this.aloud.hear(this.words);
  }

  letGo() {
    this.place = this.part = null;
    this.held = this.here = false;
    this.show();
  }

  open() {
    if (this.place && this.opens) this.map.open(this.place.square.arm, this.place.at);
  }

  zoom() {
    if (this.part) this.map.zoom(this.part);
  }

  /** Frames half the map around the network. */
  look() {
    if (this.place) this.frame(around(this.place.at, this.place.square.pixels.cells));
  }

  /** @param {number} times */
  resize(times) {
    const { part, place } = this;
    if (part && place) this.frame(resized(part, times, place.at, place.square.pixels.cells));
  }

  /** @param {Rectangle | null} part */
  frame(part) {
    this.part = part;
    this.show();
    this.aloud.hear(this.words);
  }

  /** The network in words, by its values and what became of it in every arm. @returns {Line[]} */
  get network() {
    const { map: { quantity, scale, setup, squares }, place } = this;
    return place && setup && scale ? wordsAt(place.at, place.square, squares, setup, quantity, scale) : [];
  }

  /** The part that is framed, else the network. */
  get lines() {
    const { map: { setup }, part } = this;
    return part && setup ? wordsOf(part, setup) : this.network;
  }

  get words() {
    return sentences(this.lines);
  }

  /** Marks it in every square, and says it beside it, or where a finger does not cover it. */
  show() {
    const { held, here, lines, map, part } = this, place = here ? this.place : null, network = sentences(this.network);
    for (const square of map.squares) square.mark(place?.at ?? null, network, place && part);
    map.root.classList.toggle("bnviz-held", held);
    this.readout.show(held ? lines : [], part !== null, this.opens);
    if (!place || held) this.tip.hide();
    else if (part) this.tip.show(place.square, [part[2] - 1, part[3] - 1], [...lines, [BY_KEYS]]);
    else this.tip.show(place.square, [place.at.column, place.at.row], lines);
  }

  /** Whether there is a network to open. */
  get opens() {
    if (!this.place) return false;
    const { at: { column, row }, square } = this.place;
    return ![NOTHING, REFUSED].includes(square.pixels.at(column, row).kind);
  }

  end() {
    this.aloud.end();
  }
}

/** @param {Line[]} lines */
function sentences(lines) {
  return lines.map(([words]) => words).join(". ");
}
