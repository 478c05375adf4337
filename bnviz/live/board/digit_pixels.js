// A digit that was drawn, as a picture of a data set: its strokes laid where the data's digits lie, as thick as theirs.

/** A place between 0 and 1, from the left and from the top. @typedef {{ x: number, y: number }} Place */
/**
 * How the digits of a data set lie in its pictures: so large at most, with a pen so thick, and in the middle by their box
 * or by their ink; all in pixels.
 * @typedef {{ size: number, pen: number, byInk: boolean }} Manner
 */

const SAMPLES = 4; // a pixel is looked at in so many rows and columns
/** As scikit-learn's digits and MNIST's were made. @type {Record<number, Manner>} */
const MANNERS = { 8: { size: 8, pen: 1.6, byInk: false }, 28: { size: 20, pen: 2.6, byInk: true } };

/**
 * The shades of a picture of `side * side` pixels, 0 to 255, row by row from the top.
 * @param {Place[][]} strokes
 * @param {number} side
 */
export function pixelsOf(strokes, side) {
  const { size, pen, byInk } = MANNERS[side];
  const segments = fitted(strokes, size - pen, side / 2);
  const first = inked(segments, side, pen / 2);
  if (!byInk) return first;
  const { x, y } = middleOf(first, side);
  const moved = segments.map((line) => line.map((place) => ({ x: place.x + side / 2 - x, y: place.y + side / 2 - y })));
  return inked(moved, side, pen / 2);
}

/**
 * The strokes as large as they may be, around a middle: pairs of places, in pixels.
 * @param {Place[][]} strokes
 * @param {number} size
 * @param {number} middle
 */
function fitted(strokes, size, middle) {
  const all = strokes.flat(), xs = all.map(({ x }) => x), ys = all.map(({ y }) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const scale = size / Math.max(right - left, bottom - top, 0.1);
  const placed = strokes.map((stroke) => stroke.map(({ x, y }) => (
    { x: middle + scale * (x - (left + right) / 2), y: middle + scale * (y - (top + bottom) / 2) }
  )));
  return placed.flatMap((stroke) => stroke.map((place, index) => [stroke[Math.max(0, index - 1)], place]));
}

/**
 * @param {Place[][]} segments
 * @param {number} side
 * @param {number} radius
 */
function inked(segments, side, radius) {
  const fine = side * SAMPLES, counts = new Uint8Array(side * side), seen = new Uint8Array(fine * fine);
  const low = (/** @type {number} */ place) => Math.max(0, Math.floor((place - radius) * SAMPLES));
  const high = (/** @type {number} */ place) => Math.min(fine - 1, Math.ceil((place + radius) * SAMPLES));
  for (const [from, to] of segments) {
    for (let row = low(Math.min(from.y, to.y)); row <= high(Math.max(from.y, to.y)); row += 1) {
      for (let column = low(Math.min(from.x, to.x)); column <= high(Math.max(from.x, to.x)); column += 1) {
        const at = row * fine + column;
        if (seen[at] || distance((column + 0.5) / SAMPLES, (row + 0.5) / SAMPLES, from, to) > radius) continue;
        seen[at] = 1;
        counts[Math.floor(row / SAMPLES) * side + Math.floor(column / SAMPLES)] += 1;
      }
    }
  }
  return counts.map((count) => Math.round((255 * count) / SAMPLES ** 2));
}

/**
 * @param {number} x
 * @param {number} y
 * @param {Place} from
 * @param {Place} to
 */
function distance(x, y, from, to) {
  const across = to.x - from.x, down = to.y - from.y, length = across ** 2 + down ** 2;
  const along = length ? Math.min(1, Math.max(0, ((x - from.x) * across + (y - from.y) * down) / length)) : 0;
  return Math.hypot(x - from.x - along * across, y - from.y - along * down);
}

/**
 * @param {Uint8Array} pixels
 * @param {number} side
 */
function middleOf(pixels, side) {
  const ink = pixels.reduce((sum, shade) => sum + shade, 0) || 1;
  const mean = (/** @type {(index: number) => number} */ place) =>
    pixels.reduce((sum, shade, index) => sum + shade * (place(index) + 0.5), 0) / ink;
  return { x: mean((index) => index % side), y: mean((index) => Math.floor(index / side)) };
}
