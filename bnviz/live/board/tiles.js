// Many little maps of one size, each at its place: painted together on a sheet that nobody sees, copied from there.

import { make } from "./dom.js";

/** @import { Numbers } from "./types.js" */

/** Maps of units, and pictures of weights. */
export class Tiles {
  sheet = make("canvas");

  /**
   * Draws as many maps as units stand in these columns.
   * @param {{ context: CanvasRenderingContext2D, x: (at: number) => number, y: (at: number) => number, square: number }} ground
   * @param {{ x: number, y: number[] }[]} columns
   * @param {Numbers} values   bytes, map by map
   * @param {{ wide: number, ramp: Uint32Array, upright: boolean }} look   upright maps begin below, pictures on top
   */
  draw({ context, x, y, square }, columns, values, { wide, ramp, upright }) {
    const places = columns.flatMap((column) => column.y.map((at) => [x(column.x), y(at)]));
    if (!places.length || !values.length) return;
    this.paint(values, places.length, wide, ramp, upright);
    context.imageSmoothingEnabled = upright;
    places.forEach(([left, top], index) => {
      const from = index * (wide + 2) + 1;
      context.drawImage(this.sheet, 0, from, wide, wide, left - square, top - square, 2 * square, 2 * square);
      context.strokeRect(left - square, top - square, 2 * square, 2 * square);
    });
  }

  /**
   * One map below the other, the first and the last row of each twice: smoothing looks beyond what is copied.
   * @param {Numbers} values
   * @param {number} count
   * @param {number} wide
   * @param {Uint32Array} ramp
   * @param {boolean} upright
   */
  paint(values, count, wide, ramp, upright) {
    const high = wide + 2, image = new ImageData(wide, high * count), pixels = new Uint32Array(image.data.buffer);
    for (let at = 0; at < pixels.length; at += 1) {
      const line = Math.floor(at / wide), down = Math.min(Math.max((line % high) - 1, 0), wide - 1);
      const row = Math.floor(line / high) * wide + (upright ? wide - 1 - down : down);
      pixels[at] = ramp[values[row * wide + (at % wide)]];
    }
    Object.assign(this.sheet, { width: wide, height: high * count });
    this.sheet.getContext("2d")?.putImageData(image, 0, 0);
  }
}
