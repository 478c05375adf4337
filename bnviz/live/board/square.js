// One arm's square of the map: its pixels with their axes, the mark on one of them, and the rectangle that is drawn.

import { make, write } from "./dom.js";
import { Pixels, REFUSED } from "./pixels.js";

/** @import { Colour } from "./paint.js" */
/** @import { MapArm, MapScale, MapSetup } from "./types.js" */
/** @typedef {{ column: number, row: number }} Place   a pixel, from the lower left */
/** @typedef {[left: number, bottom: number, right: number, top: number]} Rectangle   in pixels from the lower left */

/**
 * What a reader does to a square: points at a pixel (null: at none), opens it, draws a rectangle, presses a key.
 * @typedef {object} SquareHandlers
 * @property {(at: Place | null) => void} point
 * @property {(at: Place) => void} open
 * @property {(rectangle: Rectangle) => void} zoom
 * @property {(event: KeyboardEvent) => void} key
 */

const DRAG = 6; // screen pixels: less is a click
const KEYS = "Arrow keys point at a network, Enter opens it in the Lab, plus trains the part around it anew, minus goes back.";

export class Square {
  label = "";
  role = "";
  /** Where the pointer went down. @type {{ x: number, y: number, place: [number, number] } | null} */
  from = null;
  /** @type {Rectangle | null} */
  rectangle = null;

  /**
   * @param {string} arm
   * @param {SquareHandlers} on
   */
  constructor(arm, on) {
    this.arm = arm;
    this.on = on;
    this.pixels = new Pixels(1);
    this.title = make("h3", { className: "bnviz-square-title" });
    this.note = make("span", { className: "bnviz-square-note" });
    this.canvas = make("canvas", { className: "bnviz-pixels", tabIndex: 0, role: "img" });
    this.cursor = make("div", { className: "bnviz-cursor", hidden: true });
    this.frame = make("div", { className: "bnviz-rectangle", hidden: true });
    this.across = make("div", { className: "bnviz-across" });
    this.up = make("div", { className: "bnviz-up" });
    this.x = make("span", { className: "bnviz-x-title" });
    this.y = make("span", { className: "bnviz-y-title" });
    const field = make("div", { className: "bnviz-field" }, this.canvas, this.cursor, this.frame);
    this.element = make(
      "div", { className: "bnviz-square" },
      make("div", { className: "bnviz-square-head" }, this.title, this.note), this.y,
      make("div", { className: "bnviz-plane" }, this.up, field, this.across), this.x,
    );
    this.element.dataset.arm = arm;
    this.listen();
  }

  listen() {
    const { canvas, on } = this;
    canvas.addEventListener("pointerdown", (event) => {
      this.from = { x: event.clientX, y: event.clientY, place: this.place(event) };
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      this.drag(event);
      on.point(this.rectangle ? null : this.pixelAt(event));
    });
    canvas.addEventListener("pointerup", (event) => {
      const { from, rectangle } = this;
      this.letGo();
      if (rectangle) on.zoom(rectangle);
      else if (from) on.open(this.pixelAt(event));
    });
    canvas.addEventListener("pointercancel", () => this.letGo());
    canvas.addEventListener("pointerleave", () => on.point(null));
    canvas.addEventListener("blur", () => on.point(null));
    canvas.addEventListener("keydown", (event) => on.key(event));
  }

  letGo() {
    this.from = this.rectangle = null;
    this.frame.hidden = true;
  }

  /**
   * Where the pointer is, in pixels of the map from the lower left.
   * @param {PointerEvent} event
   * @returns {[number, number]}
   */
  place(event) {
    const box = this.canvas.getBoundingClientRect(), { cells } = this.pixels;
    const held = (/** @type {number} */ share) => Math.min(cells - 1e-6, Math.max(0, share * cells));
    return [held((event.clientX - box.left) / box.width), held(1 - (event.clientY - box.top) / box.height)];
  }

  /** @param {PointerEvent} event */
  pixelAt(event) {
    const [column, row] = this.place(event).map(Math.floor);
    return { column, row };
  }

  /** @param {PointerEvent} event */
  drag(event) {
    if (!this.from || Math.hypot(event.clientX - this.from.x, event.clientY - this.from.y) < DRAG) return;
    this.rectangle = around(this.from.place, this.place(event));
    this.put(this.frame, this.rectangle);
  }

  /**
   * Lays an element over pixels.
   * @param {HTMLElement} element
   * @param {Rectangle} rectangle
   */
  put(element, [left, bottom, right, top]) {
    const percent = (/** @type {number} */ value) => `${(100 * value) / this.pixels.cells}%`;
    element.hidden = false;
    const place = { left: percent(left), bottom: percent(bottom), width: percent(right - left), height: percent(top - bottom) };
    Object.assign(element.style, place);
  }

  /**
   * Marks the network that a pixel belongs to; null marks none.
   * @param {Place | null} at
   */
  mark(at) {
    this.cursor.hidden = !at;
    if (!at) return;
    const { size } = this.pixels.at(at.column, at.row), { column, row } = cornerOf(at, size);
    this.put(this.cursor, [column, row, column + size, row + size]);
  }

  /**
   * Begins another map.
   * @param {MapArm} arm
   * @param {MapSetup} setup
   */
  begin({ label, role }, { cells, x, y }) {
    this.label = label;
    this.role = role;
    this.pixels = new Pixels(cells);
    this.title.style.color = `var(--bnviz-${role})`;
    write(this.title, label);
    write(this.note, "");
    write(this.x, x.title);
    write(this.y, y.title);
    this.across.replaceChildren(...ticked(x.ticks, "left"));
    this.up.replaceChildren(...ticked(y.ticks, "bottom"));
    this.canvas.width = this.canvas.height = cells;
  }

  /**
   * Paints what is known by now.
   * @param {string} quantity
   * @param {MapScale} scale
   * @param {(value: number) => Colour} colour
   */
  paint(quantity, scale, colour) {
    const { canvas, pixels } = this;
    const words = `${this.label}: ${scale.title} over ${this.x.textContent} and ${this.y.textContent}. ${KEYS}`;
    canvas.setAttribute("aria-label", words);
    canvas.getContext("2d")?.putImageData(new ImageData(pixels.painted(quantity, colour), pixels.cells), 0, 0);
    canvas.classList.toggle("bnviz-refused", pixels.has(REFUSED));
    this.element.dataset.filled = String(pixels.filled);
    this.element.dataset.finest = String(pixels.finest);
  }
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
export function around(one, other) {
  const [left, bottom] = one.map((value, axis) => Math.floor(Math.min(value, other[axis])));
  const [right, top] = one.map((value, axis) => Math.ceil(Math.max(value, other[axis])));
  return [left, bottom, right, top];
}

/**
 * Words along an axis, each at its share of the length.
 * @param {[number, string][]} ticks
 * @param {"left" | "bottom"} side
 */
export function ticked(ticks, side) {
  return ticks.map(([share, word]) => {
    const tick = make("span", {}, word);
    tick.style[side] = `${100 * share}%`;
    return tick;
  });
}

/**
 * The pixel that an arrow key leads to; the first one points at the middle.
 * @param {Place | null} at
 * @param {[number, number]} way
 * @param {number} far
 * @param {number} cells
 * @returns {Place}
 */
export function stepped(at, [across, up], far, cells) {
  const held = (/** @type {number} */ value) => Math.min(cells - 1, Math.max(0, value));
  if (!at) return { column: Math.floor(cells / 2), row: Math.floor(cells / 2) };
  return { column: held(at.column + far * across), row: held(at.row + far * up) };
}

/**
 * Half the map along each axis, around a pixel.
 * @param {Place} at
 * @param {number} cells
 * @returns {Rectangle}
 */
export function halfAround({ column, row }, cells) {
  const [left, bottom] = [column, row].map((value) => Math.min(cells / 2, Math.max(0, value - cells / 4)));
  return [left, bottom, left + cells / 2, bottom + cells / 2];
}
