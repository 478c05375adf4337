// Choosing one unit in a picture of all of them: by pointer, or with the arrow keys and Enter.

import { evaluate } from "./bindings.js";
import { make, write } from "./dom.js";
import { axisOf } from "./overlay.js";
import { wayOf } from "./ways.js";

/** @import { Rows } from "./rows.js" */
/** @import { DrawnAxes, Unit, UnitPlaces } from "./types.js" */
/** @typedef {{ row: number, column: number, place: number }} Spot   an arm's row, a layer's column, a place from below */

const LEAST = 7; // pixels: a unit's mark is never less high

export class Picker {
  /** @type {UnitPlaces} */
  units = { pitch: 1, reach: 1, rows: [] };
  /** @type {DrawnAxes | null} */
  drawn = null;
  /** @type {Rows | null} */
  rows = null;
  /** @type {Unit | null} */
  open = null;
  /** What the arrow keys or the pointer are at. @type {Spot | null} */
  spot = null;

  /**
   * @param {HTMLElement} stage   what the picture is drawn in
   * @param {(unit: Unit) => void} choose
   */
  constructor(stage, choose) {
    this.choose = choose;
    this.mark = make("span", { className: "bnviz-unit", hidden: true });
    this.said = make("span", { "className": "bnviz-hidden", "aria-live": "polite" });
    this.button = make("button", {
      "type": "button", "className": "bnviz-picker",
      "aria-label": "Choose a unit with the arrow keys; Enter looks inside it",
      "on": {
        click: (event) => this.press(/** @type {MouseEvent} */ (event)),
        keydown: (event) => this.move(/** @type {KeyboardEvent} */ (event)),
        pointermove: (event) => this.point(/** @type {PointerEvent} */ (event)),
        pointerleave: () => this.leave(), blur: () => this.leave(), focus: () => this.focus(),
      },
    }, this.mark);
    const keys = make("div", { "role": "toolbar", "aria-label": "Units" }, this.button); // whose arrow keys are its own
    stage.append(keys, this.said);
  }

  /** @param {UnitPlaces} units */
  use(units) {
    this.units = units;
    this.spot = null;
  }

  /**
   * The picture was drawn: the unit that is open is marked in it.
   * @param {DrawnAxes} drawn
   * @param {Rows} rows
   * @param {Unit | null} open
   */
  place(drawn, rows, open) {
    Object.assign(this, { drawn, rows, open });
    this.button.style.width = `${drawn.width}px`;
    this.show();
  }

  /**
   * The unit at a spot.
   * @param {Spot} spot
   * @returns {Unit | null}
   */
  unitAt({ row, column, place }) {
    const index = this.ranks(row, column).indexOf(place);
    return index < 0 ? null : [this.units.rows[row].layers[column], index + 1];
  }

  /**
   * @param {number} row
   * @param {number} column
   */
  ranks(row, column) {
    const rank = this.units.rows[row]?.ranks[column];
    return rank && this.rows ? Array.from(evaluate(rank, this.rows, 0, {})) : [];
  }

  /**
   * Where a unit stands: in the row that is asked for, or in the first that has it.
   * @param {Unit} unit
   */
  spotOf([layer, unit], row = 0) {
    const column = this.units.rows[row]?.layers.indexOf(layer) ?? -1;
    const place = column < 0 ? undefined : this.ranks(row, column)[unit - 1];
    return place === undefined ? null : { row, column, place };
  }

  /**
   * The spot under a pointer; null beside all units.
   * @param {MouseEvent} event
   * @returns {Spot | null}
   */
  under({ offsetX, offsetY }) {
    const { drawn, units: { pitch, reach, rows } } = this;
    if (!drawn) return null;
    const across = valueAt(drawn.xaxis, offsetX), column = Math.round(across / pitch);
    const row = rows.findIndex(({ yaxis }) => {
      const { _offset, _length } = drawn[axisOf(yaxis)];
      return offsetY >= _offset && offsetY <= _offset + _length;
    });
    if (row < 0 || Math.abs(across - column * pitch) > reach) return null;
    const highest = this.ranks(row, column).length - 1;
    const place = Math.min(Math.max(Math.round(valueAt(drawn[axisOf(rows[row].yaxis)], offsetY)), 0), highest);
    return highest < 0 ? null : { row, column, place };
  }

  /** @param {MouseEvent} event */
  press(event) {
    const spot = event.detail ? this.under(event) : this.spot;
    const unit = spot && this.unitAt(spot);
    if (unit) this.choose(unit);
  }

  /** @param {PointerEvent} event */
  point(event) {
    this.spot = this.under(event);
    this.show();
  }

  focus() {
    this.spot ??= (this.open && this.spotOf(this.open)) ?? { row: 0, column: 0, place: this.ranks(0, 0).length - 1 };
    this.show();
  }

  leave() {
    if (document.activeElement === this.button) return;
    this.spot = null;
    this.show();
  }

  /** @param {KeyboardEvent} event */
  move(event) {
    const [across, down] = wayOf(event.key);
    if (!across && !down) return;
    event.preventDefault();
    this.focus();
    if (!this.spot) return;
    let { row, column, place } = this.spot;
    column = Math.min(Math.max(column + across, 0), this.units.rows[row].layers.length - 1);
    place -= down;
    if (place < 0 && row < this.units.rows.length - 1) [row, place] = [row + 1, Infinity];
    else if (place >= this.ranks(row, column).length && row > 0) [row, place] = [row - 1, 0];
    column = Math.min(column, this.units.rows[row].layers.length - 1);
    this.spot = { row, column, place: Math.min(Math.max(place, 0), this.ranks(row, column).length - 1) };
    this.show();
    const unit = this.unitAt(this.spot);
    if (unit) write(this.said, `${this.units.rows[row].label}, layer ${unit[0]}, unit ${unit[1]}`);
  }

  /** Puts the mark on what is pointed at, or on what is open. */
  show() {
    const { drawn, units: { pitch, reach, rows } } = this;
    const spot = this.spot ?? (this.open && this.spotOf(this.open));
    this.mark.hidden = !spot || !drawn;
    this.button.title = "";
    if (!spot || !drawn) return;
    const up = drawn[axisOf(rows[spot.row].yaxis)], { xaxis } = drawn;
    const left = xaxis.c2p(spot.column * pitch - reach), right = xaxis.c2p(spot.column * pitch + reach);
    const high = Math.max(LEAST, up.c2p(spot.place - 0.5) - up.c2p(spot.place + 0.5) + 2);
    Object.assign(this.mark.style, {
      transform: `translate(${xaxis._offset + left}px, ${up._offset + up.c2p(spot.place) - high / 2}px)`,
      width: `${right - left}px`, height: `${high}px`,
    });
    const unit = this.unitAt(spot);
    if (unit) this.button.title = `layer ${unit[0]}, unit ${unit[1]}`;
  }
}

/**
 * The value of a linear axis at a pixel of the picture.
 * @param {{ _offset: number, c2p: (value: number) => number }} axis
 * @param {number} pixel
 */
function valueAt({ _offset, c2p }, pixel) {
  const zero = c2p(0);
  return (pixel - _offset - zero) / (c2p(1) - zero);
}
