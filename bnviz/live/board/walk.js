// Where keys and fingers lead on a map: from pixel to pixel, and to parts of it. Numbers alone; knows no element.

/** @typedef {{ column: number, row: number }} Place   a pixel, from the lower left */
/** @typedef {[left: number, bottom: number, right: number, top: number]} Rectangle   in pixels from the lower left */

const FAR = 8; // pixels of an arrow with shift, and of a page
const LEAST = 2; // pixels along a side of a part that is made smaller
/** @type {Map<string, [number, number]>} */
const WAYS = new Map([
  ["ArrowLeft", [-1, 0]], ["ArrowRight", [1, 0]], ["ArrowUp", [0, 1]], ["ArrowDown", [0, -1]],
  ["Home", [-Infinity, 0]], ["End", [Infinity, 0]], ["PageUp", [0, FAR]], ["PageDown", [0, -FAR]],
]);

/**
 * How far a key leads, in pixels across and up; null where it leads nowhere.
 * @param {{ key: string, shiftKey: boolean }} pressed
 * @returns {[number, number] | null}
 */
export function wayOf({ key, shiftKey }) {
  const way = WAYS.get(key);
  if (!way || !shiftKey) return way ?? null;
  return [FAR * way[0], FAR * way[1]];
}

/**
 * The pixel that a way leads to; it ends at the border.
 * @param {Place} at
 * @param {[number, number]} way
 * @param {number} cells
 * @returns {Place}
 */
export function walked({ column, row }, [across, up], cells) {
  return { column: held(column + across, 0, cells - 1), row: held(row + up, 0, cells - 1) };
}

/**
 * The pixel in the middle of a part.
 * @param {Rectangle} part
 * @returns {Place}
 */
export function middleOf([left, bottom, right, top]) {
  return { column: Math.floor((left + right) / 2), row: Math.floor((bottom + top) / 2) };
}

/**
 * The lower left pixel of the network that a pixel belongs to.
 * @param {Place} at
 * @param {number} size
 */
export function cornerOf({ column, row }, size) {
  return { column: column - (column % size), row: row - (row % size) };
}

/**
 * The whole pixels between two places.
 * @param {[number, number]} one
 * @param {[number, number]} other
 * @returns {Rectangle}
 */
export function between(one, other) {
  const [left, bottom] = one.map((value, axis) => Math.floor(Math.min(value, other[axis])));
  const [right, top] = one.map((value, axis) => Math.ceil(Math.max(value, other[axis])));
  return [left, bottom, right, top];
}

/**
 * Half the map along each axis, with a pixel as near to its middle as the border allows.
 * @param {Place} at
 * @param {number} cells
 */
export function around({ column, row }, cells) {
  return placed(column, row, Math.ceil(cells / 2), Math.ceil(cells / 2), cells);
}

/**
 * A part so many times as wide and as high, with a pixel as near to its middle as the border allows; all of the map at most.
 * @param {Rectangle} part
 * @param {number} times
 * @param {Place} at
 * @param {number} cells
 */
export function resized([left, bottom, right, top], times, { column, row }, cells) {
  const side = (/** @type {number} */ length) => held(Math.round(length * times), Math.min(length, LEAST), cells);
  return placed(column, row, side(right - left), side(top - bottom), cells);
}

/**
 * A part as it is moved along a way; it ends at the border, as large as it was.
 * @param {Rectangle} part
 * @param {[number, number]} way
 * @param {number} cells
 * @returns {Rectangle}
 */
export function moved([left, bottom, right, top], [across, up], cells) {
  const x = held(left + across, 0, cells - (right - left)), y = held(bottom + up, 0, cells - (top - bottom));
  return [x, y, x + right - left, y + top - bottom];
}

/**
 * @param {number} column
 * @param {number} row
 * @param {number} wide
 * @param {number} high
 * @param {number} cells
 * @returns {Rectangle}
 */
function placed(column, row, wide, high, cells) {
  const left = held(column - Math.floor(wide / 2), 0, cells - wide), bottom = held(row - Math.floor(high / 2), 0, cells - high);
  return [left, bottom, left + wide, bottom + high];
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
function held(value, low, high) {
  return Math.min(high, Math.max(low, value));
}
