// The map page's canvas: a square of pixels an arm, growing finer. It points, opens a network, and draws a rectangle.

import { make, write } from "./dom.js";
import { lookOf } from "./paint.js";
import { colourOf, flatColour, NOTHING, REFUSED, sayOutcome } from "./pixels.js";
import { cornerOf, Square, ticked } from "./square.js";
import { say } from "./words.js";

/** @import { Place, Rectangle } from "./square.js" */
/** @import { MapPicture } from "./types.js" */
/** @typedef {(name: "open" | "zoom" | "back", value: unknown) => void} MapTrigger */

/** @type {Map<string, [number, number]>} */
const WAYS = new Map([["ArrowLeft", [-1, 0]], ["ArrowRight", [1, 0]], ["ArrowUp", [0, 1]], ["ArrowDown", [0, -1]]]);
const FAR = 8; // pixels of an arrow with shift
/** @type {WeakMap<Element, TrainabilityMap>} */
const maps = new WeakMap();

/**
 * Components v2 calls this at the mount, with every new picture, and when the theme changes.
 * @param {{ parentElement: Element, data: { picture: MapPicture }, setTriggerValue: MapTrigger }} component
 */
export default function mount({ parentElement, data, setTriggerValue }) {
  const map = maps.get(parentElement);
  if (map) {
    map.trigger = setTriggerValue;
    map.show(data.picture);
  } else maps.set(parentElement, new TrainabilityMap(parentElement, data.picture, setTriggerValue));
  return () => setTimeout(() => parentElement.isConnected || maps.delete(parentElement), 0);
}

class TrainabilityMap {
  /** @type {Square[]} */
  squares = [];
  /** The pixel that every square marks, and the square it was pointed at in. @type {(Place & { square: Square }) | null} */
  at = null;
  spoken = false;

  /**
   * @param {Element} parent
   * @param {MapPicture} picture
   * @param {MapTrigger} trigger
   */
  constructor(parent, picture, trigger) {
    this.picture = picture;
    this.trigger = trigger;
    this.row = make("div", { className: "bnviz-squares" });
    this.legend = make("div", { className: "bnviz-scale" });
    this.tip = make("div", { className: "bnviz-tip", hidden: true });
    this.said = make("p", { "className": "bnviz-hidden", "aria-live": "polite" });
    this.root = make(
      "section", { "className": "bnviz-board bnviz-map", "aria-label": "Trainability map" },
      this.row, this.legend, this.tip, this.said,
    );
    parent.append(this.root);
    this.show(picture);
  }

  /** @param {MapPicture} picture */
  show(picture) {
    if (this.picture.map !== picture.map) this.point(null);
    this.picture = picture;
    const { arms, map, scale } = picture, look = lookOf(this.root.parentElement ?? document.body);
    Object.assign(this.root.dataset, { look, map });
    if (this.squares.map(({ arm }) => arm).join() !== arms.map(({ arm }) => arm).join()) {
      this.squares = arms.map(({ arm }) => this.square(arm));
      this.row.replaceChildren(...this.squares.map(({ element }) => element));
    }
    const colour = colourOf(scale, look);
    arms.forEach((arm, index) => this.squares[index].show(arm, picture, colour));
    this.drawLegend(look);
    if (this.at) this.point(this.at, this.spoken);
  }

  /** @param {string} arm */
  square(arm) {
    /** @type {Square} */
    const square = new Square(arm, {
      point: (at) => this.point(at && { ...at, square }), open: (at) => this.open(square, at),
      zoom: (rectangle) => this.zoom(rectangle), key: (event) => this.key(event, square),
    });
    return square;
  }

  /** @param {string} look */
  drawLegend(look) {
    const { scale, legend } = this.picture;
    const bar = make("div", { className: "bnviz-ramp" });
    bar.style.background = `linear-gradient(to right, ${scale.stops.join(", ")})`;
    const ticks = make("div", { className: "bnviz-ramp-ticks" }, ...ticked(scale.ticks, "left"));
    const keys = Object.entries(legend).map(([kind, word]) => {
      const swatch = make("i", { className: `bnviz-swatch bnviz-${kind}` });
      if (kind === "flat") swatch.style.background = flatColour(scale, look);
      return make("span", { className: "bnviz-key" }, swatch, word);
    });
    const title = make("div", { className: "bnviz-ramp-title" }, scale.title);
    this.legend.replaceChildren(title, make("div", { className: "bnviz-ramp-box" }, bar, ticks), ...keys);
  }

  /**
   * Every square shows the same place; the words beside it name both networks.
   * @param {(Place & { square: Square }) | null} at
   */
  point(at, spoken = false) {
    this.at = at;
    this.spoken = spoken;
    for (const square of this.squares) square.mark(at);
    this.tip.hidden = !at;
    if (!at) return;
    const lines = this.words(at);
    this.tip.replaceChildren(...lines.map(([text, role]) => {
      const line = make("div", {}, text);
      if (role) line.style.color = `var(--bnviz-${role})`;
      return line;
    }));
    if (spoken) write(this.said, lines.map(([text]) => text).join(". "));
    this.placeTip(at);
  }

  /** @param {Place & { square: Square }} at */
  placeTip({ square, column, row }) {
    const { cells } = this.picture, { tip } = this;
    const box = square.canvas.getBoundingClientRect(), home = this.root.getBoundingClientRect();
    const x = box.left - home.left + ((column + 0.5) / cells) * box.width;
    const y = box.top - home.top + (1 - (row + 0.5) / cells) * box.height;
    const isTight = x + 20 + tip.offsetWidth > home.width;
    tip.style.left = `${Math.max(0, isTight ? x - 16 - tip.offsetWidth : x + 16)}px`;
    tip.style.top = `${Math.max(0, y - tip.offsetHeight - 12)}px`;
  }

  /**
   * The network that is pointed at, by its two values, and what became of it in every arm: [words, role].
   * @param {Place & { square: Square }} at
   * @returns {[string, string?][]}
   */
  words({ square, ...at }) {
    const { x, y, scale } = this.picture;
    const { column, row } = cornerOf(at, square.pixels.at(at.column, at.row).size);
    const outcomes = this.squares.map(({ label, role, pixels }) => {
      const pixel = pixels.at(column, row);
      const isOwn = column % pixel.size === 0 && row % pixel.size === 0;
      return /** @type {[string, string]} */ ([`${label}: ${sayOutcome(isOwn ? pixel : { ...pixel, kind: NOTHING }, scale)}`, role]);
    });
    return [[`${x.label} ${say(x.values[column])}, ${y.label} ${say(y.values[row])}`], ...outcomes];
  }

  /**
   * @param {Square} square
   * @param {Place} at
   */
  open({ arm, pixels }, { column, row }) {
    const { kind } = pixels.at(column, row);
    if (kind !== NOTHING && kind !== REFUSED) this.trigger("open", { map: this.picture.map, arm, column, row });
  }

  /** @param {Rectangle} rectangle */
  zoom(rectangle) {
    const { cells, map } = this.picture;
    const [left, bottom, right, top] = rectangle.map((edge) => edge / cells);
    this.trigger("zoom", { map, left, right, bottom, top });
  }

  /**
   * @param {KeyboardEvent} event
   * @param {Square} square
   */
  key(event, square) {
    const { at, picture: { cells } } = this;
    const way = WAYS.get(event.key);
    if (way) this.point({ square, ...stepped(at, way, event.shiftKey ? FAR : 1, cells) }, true);
    else if (event.key === "Enter" && at) this.open(square, at);
    else if (event.key === "+" && at) this.zoom(halfAround(at, cells));
    else if (event.key === "-") this.trigger("back", true);
    else if (event.key === "Escape") this.point(null);
    else return;
    event.preventDefault();
  }
}

/**
 * The pixel that an arrow key leads to; the first one points at the middle.
 * @param {Place | null} at
 * @param {[number, number]} way
 * @param {number} far
 * @param {number} cells
 * @returns {Place}
 */
function stepped(at, [across, up], far, cells) {
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
function halfAround({ column, row }, cells) {
  const [left, bottom] = [column, row].map((value) => Math.min(cells / 2, Math.max(0, value - cells / 4)));
  return [left, bottom, left + cells / 2, bottom + cells / 2];
}
