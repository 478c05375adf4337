// Small pictures on a canvas, in the colour of the text: one large, or many in a square.

import { make } from "./dom.js";
import { rgb } from "./paint.js";

/** @import { Paint } from "./paint.js" */

/**
 * How many pictures stand in a row of a square that holds so many.
 * @param {number} count
 */
export function acrossFor(count) {
  return Math.ceil(Math.sqrt(count));
}

/**
 * A canvas as sharp as the screen, empty, ready to be drawn on; null while it has no room.
 * @param {HTMLCanvasElement} canvas
 */
export function sized(canvas) {
  const { clientWidth, clientHeight } = canvas, sharp = window.devicePixelRatio || 1;
  Object.assign(canvas, { width: Math.round(clientWidth * sharp), height: Math.round(clientHeight * sharp) });
  return canvas.width && canvas.height ? canvas.getContext("2d") : null;
}

export class Stamps {
  /**
   * @param {Uint8Array} bytes   picture after picture, row after row
   * @param {number} side   pixels of a picture's side
   * @param {number} ink   the byte that is as dark as the text
   * @param {Paint} paint
   */
  constructor(bytes, side, ink, paint) {
    this.side = side;
    this.paint = paint;
    this.atlas = make("canvas", { width: side, height: bytes.length / side });
    const pixels = new Uint8ClampedArray(4 * bytes.length), colour = rgb(paint.colour("text"));
    bytes.forEach((value, index) => pixels.set([...colour, (255 * value) / ink], 4 * index));
    this.atlas.getContext("2d")?.putImageData(new ImageData(pixels, side), 0, 0);
  }

  /**
   * Pictures in rows of a square; of several the first has a frame.
   * @param {HTMLCanvasElement} canvas
   * @param {ArrayLike<number>} which
   */
  paste(canvas, which) {
    const pen = sized(canvas), { atlas, paint, side } = this, across = acrossFor(which.length);
    if (!pen) return;
    const cell = canvas.width / across, gap = across > 1 ? Math.max(1, cell * 0.08) : 0, room = cell - 2 * gap;
    pen.imageSmoothingEnabled = false;
    pen.fillStyle = paint.colour("sunk");
    Array.from(which).forEach((at, index) => {
      const x = (index % across) * cell + gap, y = Math.floor(index / across) * cell + gap;
      pen.fillRect(x, y, room, room);
      pen.drawImage(atlas, 0, at * side, side, side, x, y, room, room);
    });
    if (across === 1) return;
    pen.strokeStyle = paint.colour("arm:bn");
    pen.lineWidth = Math.max(2, cell * 0.06);
    pen.strokeRect(gap, gap, room, room);
  }
}
