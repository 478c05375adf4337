// Where the words and the line stand that lie over a chart. Knows the axes as they are drawn, and no element.

import { lastKnown } from "./numbers.js";

/** @import { AxisName, DrawnAxes, Shown, Trace } from "./types.js" */
/** @typedef {{ label: string, arm: string, role: string, left: number, top: number, room: number, bottom: number }} Label */

const LABEL_HEIGHT = 18;
const BELOW = 4; // so far below its axis the lowest name may end

/**
 * The arms' names, each beside the last known point of its line and inside the chart, and none on another. In a chart
 * that is wider than what is seen of it they stand at the beginning of their rows.
 * @param {Trace[]} traces
 * @param {Shown[]} values
 * @param {DrawnAxes} drawn
 * @returns {Label[]}
 */
export function placeNames(traces, values, drawn, seen = drawn.width) {
  const isWider = drawn.width > seen;
  const ends = axesOf(drawn, "x").map(({ _offset, _length }) => _offset + (isWider ? 0 : _length));
  const left = isWider ? Math.min(...ends) : Math.max(...ends), room = seen - left;
  return apart(traces.flatMap(({ meta: { label, arm, role, beside }, yaxis }, index) => {
    const axis = drawn[axisOf(yaxis)];
    const known = lastKnown(values[index].y ?? []);
    if (!label || !axis || known === undefined) return [];
    const inside = Math.min(Math.max(axis.c2p(known), 0), axis._length), middle = isWider ? LABEL_HEIGHT / 2 : axis._length / 2;
    const at = beside === "middle" ? middle : Number.isFinite(inside) ? inside : axis._length;
    return [{ label, arm, role, left, room, top: axis._offset + at, bottom: axis._offset + axis._length }];
  }));
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
 * @param {Label[]} labels   `top` is where each would like its middle
 */
function apart(labels) {
  const sorted = labels.sort((a, b) => a.top - b.top);
  let free = -Infinity;
  for (const label of sorted) {
    label.top = Math.max(label.top - LABEL_HEIGHT / 2, free);
    free = label.top + LABEL_HEIGHT;
  }
  let end = Math.max(...sorted.map(({ bottom }) => bottom)) + BELOW;
  for (const label of [...sorted].reverse()) {
    label.top = Math.min(label.top, end - LABEL_HEIGHT);
    end = label.top;
  }
  return sorted.map((label) => ({ ...label, top: Math.round(label.top) }));
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
