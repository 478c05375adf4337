// What stood in a square before, faint, until the networks of the map that was asked for have taken its place.

import { make } from "./dom.js";

/** @import { Rectangle } from "./walk.js" */
/** @import { MapSetup } from "./types.js" */

/**
 * Which part of what is shown another map is of, in pixels from the lower left; null where it is of another place.
 * @param {MapSetup} before
 * @param {MapSetup} after
 * @param {{ map: string, rectangle: Rectangle } | null} asked   what was looked closer at
 * @returns {Rectangle | null}
 */
export function partOf(before, after, asked) {
  if (asked?.map === before.map) return asked.rectangle;
  const place = (/** @type {MapSetup} */ { x, y }) => JSON.stringify([x.title, x.ticks, y.title, y.ticks]);
  return place(before) === place(after) ? [0, 0, before.cells, before.cells] : null;
}

export class Ghost {
  constructor() {
    this.element = make("canvas", { className: "bnviz-ghost", hidden: true });
  }

  /**
   * Keeps a part of a canvas, in its own pixels from the lower left.
   * @param {HTMLCanvasElement} canvas
   * @param {Rectangle} part
   */
  keep(canvas, [left, bottom, right, top]) {
    const { element } = this, { width, height } = canvas;
    [element.width, element.height] = [width, height];
    const pen = element.getContext("2d");
    if (!pen) return;
    pen.imageSmoothingEnabled = false;
    pen.drawImage(canvas, left, height - top, right - left, top - bottom, 0, 0, width, height);
    element.hidden = false;
  }

  leave() {
    this.element.hidden = true;
  }
}
