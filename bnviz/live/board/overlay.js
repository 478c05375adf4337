// Where the words and the line stand that lie over a chart. Knows the axes as they are drawn, and no element.

import { lastKnown } from "./numbers.js";

/** @import { AxisName, DrawnAxes, Shown, Trace } from "./types.js" */
/**
 * A name and where it stands; `key` is the same for the same line of the same arm, wherever it goes.
 * @typedef {{ label: string, key: string, arm: string, role: string, left: number, top: number, room: number,
 *   height: number }} Label
 */
/** @typedef {Label & { above: number, below: number }} Wished   `top` is where its middle would like to be, in its axis */

const LEAST = 24; // pixels of a name from top to bottom, so that it can be pressed; more where a finger does it
const NAME_WIDTH = 24; // pixels: the least room that a name has behind a line
const BELOW = 4; // so far below its axis the lowest name may end

/**
 * The arms' names, each beside the last known point of its line and inside the chart, and none on another. Where there
 * is no room behind the last panel that is seen they stand at the beginning of their rows.
 * @param {Trace[]} traces
 * @param {Shown[]} values
 * @param {DrawnAxes} drawn
 * @param {number} seen
 * @param {number} tall   pixels that a name takes where there is room for it
 * @returns {Label[]}
 */
export function placeNames(traces, values, drawn, seen = drawn.width, tall = LEAST) {
  const axes = axesOf(drawn, "x"), end = Math.max(...axes.map(({ _offset, _length }) => _offset + _length));
  const isFull = seen - end < NAME_WIDTH;
  const left = isFull ? Math.min(...axes.map(({ _offset }) => _offset)) : end, room = seen - left;
  /** @type {Record<string, number>} */
  const lines = {};
  const wished = traces.flatMap(({ meta: { label, arm, role, beside }, yaxis }, index) => {
    if (label) lines[arm] = (lines[arm] ?? 0) + 1;
    const axis = drawn[axisOf(yaxis)];
    const known = lastKnown(values[index].y ?? []);
    if (!label || !axis || known === undefined) return [];
    const inside = Math.min(Math.max(axis.c2p(known), 0), axis._length), middle = isFull ? LEAST / 2 : axis._length / 2;
    const at = beside === "middle" ? middle : Number.isFinite(inside) ? inside : axis._length;
    const ends = { above: axis._offset, below: axis._offset + axis._length + BELOW };
    return [{ label, key: `${arm} ${lines[arm]}`, arm, role, left, room, height: tall, top: axis._offset + at, ...ends }];
  });
  return apart(wished, tall);
}

/**
 * The axis that a trace names: `y2` is `yaxis2`; a trace that names none has the first vertical one.
 * @returns {AxisName}
 */
export function axisOf(name = "y") {
  return /** @type {AxisName} */ (`${name[0]}axis${name.slice(1)}`);
}

/**
 * The axes of a chart that are drawn in one direction.
 * @param {DrawnAxes} drawn
 * @param {"x" | "y"} letter
 */
function axesOf(drawn, letter) {
  const names = Object.keys(drawn).filter((name) => /^[xy]axis\d*$/.test(name) && name[0] === letter);
  return names.map((name) => drawn[/** @type {AxisName} */ (name)]);
}

/**
 * Names one below the other, and from the last that would leave the chart upwards, as many as have to make room for it.
 * @param {Wished[]} labels
 * @param {number} tall
 */
function apart(labels, tall) {
  const sorted = labels.sort((a, b) => a.top - b.top);
  let end = Math.max(...sorted.map(({ below }) => below)), free = -Infinity;
  const room = (end - Math.min(...sorted.map(({ above }) => above))) / sorted.length;
  const height = Math.round(Math.max(LEAST, Math.min(tall, room)));
  for (const label of sorted) {
    label.top = Math.max(label.top - height / 2, free);
    free = label.top + height;
  }
  for (const label of [...sorted].reverse()) {
    label.top = Math.min(label.top, end - height);
    end = label.top;
  }
  return sorted.map(({ above, below, ...label }) => ({ ...label, height, top: Math.round(label.top) }));
}

/**
 * The vertical lines of a step, in pixels, one a step axis, over all rows of panels; none where it is not on the axis.
 * @param {DrawnAxes} drawn
 * @param {number} step
 */
export function placeCursors(drawn, step) {
  const upright = axesOf(drawn, "y"), top = Math.min(...upright.map(({ _offset }) => _offset));
  const height = Math.max(...upright.map((axis) => axis._offset + axis._length)) - top;
  const across = axesOf(drawn, "x").map((axis) => ({ axis, x: axis.c2p(step) }));
  const inside = across.filter(({ axis, x }) => x >= -1 && x <= axis._length + 1);
  return inside.map(({ axis, x }) => ({ x: axis._offset + x, top, height }));
}
