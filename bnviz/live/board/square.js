// One arm's square of the map: its pixels with their axes, the mark on one of them, and the frame around a part.
//
// To the keyboard it is a grid of which one cell is there, the one in focus. A step makes another cell and focuses that,
// so that whoever hears the page is told each one once, and at once.

import { make, write } from "./dom.js";
import { Ghost } from "./ghost.js";
import { ticked } from "./legend.js";
import { Pixels, REFUSED } from "./pixels.js";
import { between, cornerOf } from "./walk.js";

/** @import { Colour } from "./paint.js" */
/** @import { Place, Rectangle } from "./walk.js" */
/** @import { MapArm, MapScale, MapSetup } from "./types.js" */

/**
 * What a reader does to a square. By mouse: points at a pixel (null: at none), opens it, draws a part to zoom into. By
 * finger: chooses a pixel, frames a part. By keyboard: arrives, presses a key, leaves.
 * @typedef {object} SquareHandlers
 * @property {(at: Place | null) => void} point
 * @property {(at: Place) => void} open
 * @property {(part: Rectangle) => void} zoom
 * @property {(at: Place) => void} choose
 * @property {(part: Rectangle) => void} frame
 * @property {() => void} arrive
 * @property {() => void} leave
 * @property {(event: KeyboardEvent) => void} key
 */

const DRAG = { mouse: 6, touch: 12 }; // screen pixels: less is a click, and a tap

export class Square {
  label = "";
  role = "";
  /** Where the pointer went down. @type {{ x: number, y: number, place: [number, number] } | null} */
  from = null;
  /** @type {Rectangle | null} */
  rectangle = null;
  /** What was asked for by mouse: it stays until there is an answer. @type {Rectangle | null} */
  asked = null;
  ghost = new Ghost();

  /**
   * @param {string} arm
   * @param {SquareHandlers} on
   */
  constructor(arm, on) {
    this.arm = arm;
    this.on = on;
    this.pixels = new Pixels(1);
    this.title = make("h2", { className: "bnviz-square-title" });
    this.note = make("span", { className: "bnviz-square-note" });
    this.canvas = make("canvas", { "className": "bnviz-pixels", "aria-hidden": "true" });
    this.cell = cell();
    this.row = make("div", { role: "row" }, this.cell);
    this.frame = make("div", { className: "bnviz-rectangle", hidden: true });
    this.across = make("div", { className: "bnviz-across" });
    this.up = make("div", { className: "bnviz-up" });
    this.x = make("span", { className: "bnviz-x-title" });
    this.y = make("span", { className: "bnviz-y-title" });
    this.grid = make(
      "div", { "className": "bnviz-field", "role": "grid", "aria-readonly": "true" },
      this.ghost.element, this.canvas, this.row, this.frame,
    );
    this.element = make(
      "div", { className: "bnviz-square" },
      make("div", { className: "bnviz-square-head" }, this.title, this.note), this.y,
      make("div", { className: "bnviz-plane" }, this.up, this.grid, this.across), this.x,
    );
    this.element.dataset.arm = arm;
    this.listen();
  }

  listen() {
    const { canvas, grid, on } = this;
    canvas.addEventListener("pointerdown", (event) => {
      this.letGo();
      if (!event.isPrimary) return; // two fingers are the page's own
      this.from = { x: event.clientX, y: event.clientY, place: this.place(event) };
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      this.drag(event);
      if (!isFinger(event)) on.point(this.rectangle ? null : this.pixelAt(event));
    });
    canvas.addEventListener("pointerup", (event) => {
      const { from, rectangle } = this, finger = isFinger(event);
      this.letGo();
      if (rectangle && !finger) this.put(this.frame, (this.asked = rectangle));
      if (rectangle) (finger ? on.frame : on.zoom)(rectangle);
      else if (from) (finger ? on.choose : on.open)(this.pixelAt(event));
    });
    canvas.addEventListener("pointercancel", () => this.letGo());
    canvas.addEventListener("pointerleave", (event) => isFinger(event) || on.point(null));
    grid.addEventListener("focusin", ({ relatedTarget }) => this.isOutside(relatedTarget) && on.arrive());
    grid.addEventListener("focusout", ({ relatedTarget }) => this.isOutside(relatedTarget) && on.leave());
    grid.addEventListener("keydown", (event) => on.key(event));
  }

  /** @param {EventTarget | null} target */
  isOutside(target) {
    return !(target instanceof Node) || !this.grid.contains(target);
  }

  /** Whether the keyboard is here. */
  get hasFocus() {
    return this.grid.contains(document.activeElement);
  }

  letGo() {
    this.from = this.rectangle = this.asked = null;
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
    const { from } = this, least = isFinger(event) ? DRAG.touch : DRAG.mouse;
    if (!from || Math.hypot(event.clientX - from.x, event.clientY - from.y) < least) return;
    this.rectangle = between(from.place, this.place(event));
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
   * Marks the network that a pixel belongs to, and frames a part; null marks and frames nothing.
   * @param {Place | null} at
   * @param {string} words   what the network is, and became
   * @param {Rectangle | null} part
   */
  mark(at, words, part) {
    this.cell.classList.toggle("bnviz-marked", at !== null && part === null);
    const framed = part ?? this.asked;
    if (framed) this.put(this.frame, framed);
    else if (!this.from) this.frame.hidden = true;
    if (!at) return;
    const { cells } = this.pixels, { size } = this.pixels.at(at.column, at.row), { column, row } = cornerOf(at, size);
    this.put(this.cell, [column, row, column + Math.min(size, cells), row + Math.min(size, cells)]);
    this.row.setAttribute("aria-rowindex", String(cells - at.row));
    this.cell.setAttribute("aria-colindex", String(at.column + 1));
    this.cell.setAttribute("aria-label", words);
  }

  /** The keyboard goes to the pixel that is marked. */
  go() {
    const before = this.cell;
    this.cell = /** @type {HTMLDivElement} */ (before.cloneNode());
    this.row.append(this.cell);
    this.cell.focus();
    before.remove();
  }

  /**
   * Scrolls as far as it must so that an element at the foot of the window covers nothing of the map.
   * @param {HTMLElement} element
   */
  bringAbove({ offsetHeight }) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.grid.style.scrollMarginBottom = `${offsetHeight + 40}px`;
    this.grid.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  }

  /**
   * Begins another map; what stands there stays, faint, where it is a `part` of that.
   * @param {MapArm} arm
   * @param {MapSetup} setup
   * @param {Rectangle | null} part
   */
  begin({ label, role }, { cells, x, y }, part) {
    if (part) this.ghost.keep(this.canvas, part);
    else this.ghost.leave();
    this.label = label;
    this.role = role;
    this.pixels = new Pixels(cells);
    this.letGo();
    this.title.style.color = `var(--bnviz-${role})`;
    write(this.title, label);
    write(this.note, "");
    write(this.x, x.title);
    write(this.y, y.title);
    this.across.replaceChildren(...ticked(x.ticks, "left"));
    this.up.replaceChildren(...ticked(y.ticks, "bottom"));
    this.canvas.width = this.canvas.height = cells;
    for (const side of ["row", "col"]) this.grid.setAttribute(`aria-${side}count`, String(cells));
  }

  /**
   * Paints what is known by now.
   * @param {string} quantity
   * @param {MapScale} scale
   * @param {(value: number) => Colour} colour
   */
  paint(quantity, scale, colour) {
    const { canvas, pixels } = this;
    this.grid.setAttribute("aria-label", `${this.label}: ${scale.title} over ${this.x.textContent} and ${this.y.textContent}`);
    canvas.getContext("2d")?.putImageData(new ImageData(pixels.painted(quantity, colour), pixels.cells), 0, 0);
    canvas.classList.toggle("bnviz-refused", pixels.has(REFUSED));
    this.element.dataset.filled = String(pixels.filled);
    this.element.dataset.finest = String(pixels.finest);
  }
}

/** @param {PointerEvent} event */
function isFinger({ pointerType }) {
  return pointerType === "touch";
}

function cell() {
  return make("div", { className: "bnviz-cell", role: "gridcell", tabIndex: 0 });
}
