// The keys of a map: what each does where the keyboard is in one of its squares, and the list of them.

import { middleOf, moved, walked, wayOf } from "./walk.js";

/** @import { Pointing } from "./pointing.js" */
/** @import { Shortcut } from "./shortcuts.js" */
/** @import { Square } from "./square.js" */

/** @type {Shortcut[]} */
export const KEYS = [
  { key: "", name: "← → ↑ ↓", words: "Walk from network to network; with Shift, eight at once" },
  { key: "", name: "Home, End", words: "The first and the last network of the row" },
  { key: "", name: "Page ↑, Page ↓", words: "Eight networks up and down" },
  { key: "", name: "Enter", words: "Open the network in the Lab" },
  { key: "", name: "+", words: "Frame half the map around it; again, half of that" },
  { key: "", name: "Enter", words: "With a frame: train its part of the map" },
  { key: "", name: "−", words: "A larger frame; without one, zoom out again" },
  { key: "", name: "Esc", words: "Drop the frame" },
  { key: "", name: "?", words: "This list" },
];

export class MapKeys {
  /**
   * @param {Pointing} pointing
   * @param {{ back: () => void, list: () => void }} on
   */
  constructor(pointing, on) {
    this.pointing = pointing;
    this.on = on;
  }

  /**
   * @param {KeyboardEvent} event
   * @param {Square} square
   */
  press(event, square) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { pointing } = this, way = wayOf(event);
    if (pointing.place?.square !== square) pointing.arrive(square);
    const { part } = pointing;
    if (way) this.walk(way, square);
    else if (event.key === "Enter" && part) pointing.zoom();
    else if (event.key === "Enter") pointing.open();
    else if ((event.key === "+" || event.key === "=") && part) pointing.resize(0.5);
    else if (event.key === "+" || event.key === "=") pointing.look();
    else if (event.key === "-") this.less(square);
    else if (event.key === "Escape" && part) this.drop(square);
    else if (event.key === "?") this.on.list();
    else return;
    event.preventDefault();
  }

  /**
   * To the next network, or with the frame a pixel on.
   * @param {[number, number]} way
   * @param {Square} square
   */
  walk(way, square) {
    const { pointing } = this, { part, place } = pointing, { cells } = square.pixels;
    if (!place) return;
    if (part) {
      const next = moved(part, way, cells);
      place.at = middleOf(next);
      pointing.frame(next);
    } else {
      place.at = walked(place.at, way, cells);
      pointing.show();
      square.go();
    }
  }

  /**
   * A larger frame, or none where it is as large as it began; without one back to the map before.
   * @param {Square} square
   */
  less(square) {
    const { pointing, pointing: { part } } = this;
    if (!part) this.on.back();
    else if (2 * (part[2] - part[0]) >= square.pixels.cells) this.drop(square);
    else pointing.resize(2);
  }

  /** @param {Square} square */
  drop(square) {
    this.pointing.part = null;
    this.pointing.show();
    square.go();
  }
}
