// The units of a network as what can be pressed: one stop of the tab key a network, arrow keys within, Enter or a click
// opens a unit, which is told as one event, "bnviz-unit".

import { make } from "./dom.js";
import { axisOf } from "./overlay.js";
import { wayOf } from "./ways.js";

/** @import { DrawnAxes, PlotElement, Trace } from "./types.js" */
/** @typedef {{ arm: string, layer: number, unit: number }} Unit   layer and unit from 1 */

export class Units {
  /** @type {HTMLElement | null} */
  element = null;

  /**
   * @param {Trace[]} traces
   * @param {(unit: Unit | null) => void} point   a unit is pointed at, or none any more
   */
  constructor(traces, point) {
    this.own = traces.filter(({ meta }) => meta.network);
    this.point = point;
  }

  /**
   * Puts a button over every unit of a plot.
   * @param {PlotElement} plot
   * @param {DrawnAxes} drawn
   */
  place(plot, drawn) {
    if (!this.own.length) return;
    this.element ??= make("div", { className: "bnviz-units" }, ...this.own.map((trace) => this.group(trace)));
    if (this.element.parentElement !== plot.parentElement) plot.parentElement?.append(this.element);
    this.own.forEach(({ xaxis, yaxis, meta: { network } }, index) => {
      const across = drawn[axisOf(xaxis ?? "x")], up = drawn[axisOf(yaxis)];
      const [wide, high] = network?.half ?? [0, 0], width = 2 * wide * (across.c2p(1) - across.c2p(0));
      const height = 2 * high * (up.c2p(1) - up.c2p(0)), buttons = this.buttons(index);
      (network?.columns ?? []).slice(1, -1).forEach(({ x, y }, column) => y.forEach((at, row) => {
        const left = across._offset + across.c2p(x) - width / 2, top = up._offset + up.c2p(at) - height / 2;
        const place = { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` };
        Object.assign(buttons[column * y.length + row].style, place);
      }));
    });
  }

  /** @param {number} index */
  buttons(index) {
    return /** @type {HTMLButtonElement[]} */ ([...(this.element?.children[index].children ?? [])]);
  }

  /**
   * The units of one network.
   * @param {Trace} trace
   */
  group({ name = "", meta: { arm, network } }) {
    const columns = (network?.columns ?? []).slice(1, -1);
    const units = columns.flatMap(({ layer, y }) => y.map((_, row) => this.button(name, { arm, layer, unit: row + 1 })));
    units.forEach((button, at) => { button.tabIndex = at === 0 ? 0 : -1; });
    const group = make("div", { "role": "toolbar", "aria-label": `Units of ${name}: arrow keys move, Enter opens one` }, ...units);
    group.addEventListener("keydown", (event) => {
      const [across, down] = wayOf(event.key), high = columns[0].y.length, at = units.indexOf(/** @type {any} */ (event.target));
      if ((!across && !down) || at < 0) return;
      event.preventDefault();
      const column = Math.floor(at / high) + across, row = (at % high) + down;
      const next = column >= 0 && column < columns.length && row >= 0 && row < high ? units[column * high + row] : units[at];
      for (const button of units) button.tabIndex = button === next ? 0 : -1;
      next.focus();
    });
    return group;
  }

  /**
   * @param {string} name
   * @param {Unit} unit
   */
  button(name, unit) {
    const label = `${name}, layer ${unit.layer}, unit ${unit.unit}`;
    const [point, leave] = [() => this.point(unit), () => this.point(null)];
    const click = (/** @type {Event} */ { currentTarget }) =>
      currentTarget?.dispatchEvent(new CustomEvent("bnviz-unit", { bubbles: true, detail: unit }));
    const on = { click, focus: point, blur: leave, pointerenter: point, pointerleave: leave };
    return make("button", { "type": "button", "title": label, "aria-label": label, on });
  }

  remove() {
    this.element?.remove();
  }
}
