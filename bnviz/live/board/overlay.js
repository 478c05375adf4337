// Where the words and the line stand that lie over a chart. Knows the axes as they are drawn, and no element.

import { lastKnown } from "./numbers.js";

/** @import { AxisName, DrawnAxes, Shown, Trace } from "./types.js" */
/** @typedef {{ label: string, arm: string, role: string, left: number, top: number, room: number, bottom: number }} Label */

const LABEL_HEIGHT = 18;
const BELOW = 4; // so far below its axis the lowest name may end

/**
 * The arms' names, each beside the last known point of its line and inside the chart, and none on another.
 * @param {Trace[]} traces
 * @param {Shown[]} values
 * @param {DrawnAxes} drawn
 * @returns {Label[]}
 */
export function placeNames(traces, values, drawn) {
  const { _offset, _length } = drawn.xaxis;
  const left = _offset + _length, room = drawn.width - left;
  return apart(traces.flatMap(({ meta: { label, arm, role, beside }, yaxis }, index) => {
    const axis = drawn[axisOf(yaxis)];
    const known = lastKnown(values[index].y ?? []);
    if (!label || !axis || known === undefined) return [];
    const inside = Math.min(Math.max(axis.c2p(known), 0), axis._length);
    const at = beside === "middle" ? axis._length / 2 : Number.isFinite(inside) ? inside : axis._length;
    return [{ label, arm, role, left, room, top: axis._offset + at, bottom: axis._offset + axis._length }];
  }));
}

/**
 * The vertical axis that a trace names: `y2` is `yaxis2`.
 * @returns {AxisName}
 */
export function axisOf(name = "y") {
  return /** @type {AxisName} */ (`yaxis${name.slice(1)}`);
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
 * The vertical line of a step, in pixels, over every panel; null where the step is not on the axis.
 * @param {DrawnAxes} drawn
 * @param {number} step
 */
export function placeCursor(drawn, step) {
  const { xaxis } = drawn;
  const x = xaxis.c2p(step);
  if (x < -1 || x > xaxis._length + 1) return null;
  const upright = Object.keys(drawn).filter((name) => /^yaxis\d*$/.test(name)).map((name) => drawn[axisOf(name.slice(4))]);
  const top = Math.min(...upright.map(({ _offset }) => _offset));
  return { x: xaxis._offset + x, top, height: Math.max(...upright.map((axis) => axis._offset + axis._length)) - top };
}
