// What is said at the pixel that is pointed at, beside it.

import { make } from "./dom.js";
import { coloured } from "./readout.js";

/** @import { Line } from "./map_words.js" */
/** @import { Square } from "./square.js" */

export class Tip {
  /** @param {() => HTMLElement} home   what it is placed in */
  constructor(home) {
    this.home = home;
    this.element = make("div", { className: "bnviz-tip", hidden: true });
  }

  hide() {
    this.element.hidden = true;
  }

  /**
   * @param {Square} square
   * @param {[column: number, row: number]} at
   * @param {Line[]} lines
   */
  show(square, at, lines) {
    this.element.hidden = false;
    this.element.replaceChildren(...coloured(lines));
    this.place(square, at);
  }

  /**
   * @param {Square} square
   * @param {[column: number, row: number]} at
   */
  place(square, [column, row]) {
    const { cells } = square.pixels, { element } = this;
    const box = square.canvas.getBoundingClientRect(), home = this.home().getBoundingClientRect();
    const x = box.left - home.left + ((column + 0.5) / cells) * box.width;
    const y = box.top - home.top + (1 - (row + 0.5) / cells) * box.height;
    const isTight = x + 20 + element.offsetWidth > home.width;
    element.style.left = `${Math.max(0, isTight ? x - 16 - element.offsetWidth : x + 16)}px`;
    element.style.top = `${Math.max(0, y - element.offsetHeight - 12)}px`;
  }
}
