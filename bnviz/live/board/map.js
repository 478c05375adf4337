// The map page's canvas: a square of pixels an arm, growing finer. It points, opens a network, and draws a rectangle.

import { Display, Progress } from "./display.js";
import { make, write } from "./dom.js";
import { legendOf } from "./legend.js";
import { lookOf } from "./paint.js";
import { colourOf, NOTHING, readCells, REFUSED, sayOutcome } from "./pixels.js";
import { cornerOf, halfAround, Square, stepped } from "./square.js";
import { say } from "./words.js";

/** @import { DisplayData } from "./display.js" */
/** @import { Place, Rectangle } from "./square.js" */
/** @import { MapScale, MapSetup, MapWords, Told } from "./types.js" */
/** @typedef {(name: "open" | "zoom" | "back" | "lost" | "stage", value: unknown) => void} MapTrigger */
/** @typedef {DisplayData & { quantity: string }} MapData */

/** @type {Map<string, [number, number]>} */
const WAYS = new Map([["ArrowLeft", [-1, 0]], ["ArrowRight", [1, 0]], ["ArrowUp", [0, 1]], ["ArrowDown", [0, -1]]]);
const FAR = 8; // pixels of an arrow with shift
/** @type {WeakMap<Element, TrainabilityMap>} */
const maps = new WeakMap();

/**
 * Components v2 calls this at the mount, whenever the page ran again with other data, and when the theme changes.
 * @param {{ parentElement: Element, data: MapData, setTriggerValue: MapTrigger }} component
 */
export default function mount({ parentElement, data, setTriggerValue }) {
  const map = maps.get(parentElement);
  if (map && map.display.live === data.live) map.use(data, setTriggerValue);
  else {
    map?.leave();
    maps.set(parentElement, new TrainabilityMap(parentElement, data, setTriggerValue));
  }
  return () => setTimeout(() => parentElement.isConnected || leave(parentElement), 0);
}

/** @param {Element} parentElement */
function leave(parentElement) {
  maps.get(parentElement)?.leave();
  maps.delete(parentElement);
}

class TrainabilityMap {
  /** @type {Square[]} */
  squares = [];
  /** @type {MapSetup | null} */
  setup = null;
  /** @type {(Told & MapWords) | null} */
  told = null;
  /** The pixel that every square marks, and the square it was pointed at in. @type {(Place & { square: Square }) | null} */
  at = null;
  spoken = false;

  /**
   * @param {Element} parent
   * @param {MapData} data
   * @param {MapTrigger} trigger
   */
  constructor(parent, data, trigger) {
    this.quantity = data.quantity;
    this.trigger = trigger;
    this.progress = new Progress();
    this.row = make("div", { className: "bnviz-squares" });
    this.legend = make("div", { className: "bnviz-scale" });
    this.comparison = make("h3", { className: "bnviz-comparison" });
    this.threshold = make("p", { className: "bnviz-threshold" });
    this.tip = make("div", { className: "bnviz-tip", hidden: true });
    this.said = make("p", { "className": "bnviz-hidden", "aria-live": "polite" });
    this.root = make(
      "section", { "className": "bnviz-board bnviz-map", "aria-label": "Trainability map" },
      this.progress.element, this.row, this.legend, this.comparison, this.threshold, this.tip, this.said,
    );
    parent.append(this.root);
    /** @type {Display<MapSetup, MapWords>} */
    this.display = new Display(data, trigger, {
      setup: (setup) => this.begin(setup),
      state: (told) => this.stand(told),
      frame: ({ count }, buffer, begin) => this.take(buffer, begin, count),
    });
  }

  /**
   * @param {MapData} data
   * @param {MapTrigger} trigger
   */
  use(data, trigger) {
    this.quantity = data.quantity;
    this.trigger = trigger;
    this.display.use(data, trigger);
    this.draw();
  }

  /** @param {MapSetup} setup */
  begin(setup) {
    const { arms, map } = setup;
    this.setup = setup;
    this.told = null;
    this.point(null);
    this.root.dataset.map = map;
    if (this.squares.map(({ arm }) => arm).join() !== arms.map(({ arm }) => arm).join()) {
      this.squares = arms.map(({ arm }) => this.square(arm));
      this.row.replaceChildren(...this.squares.map(({ element }) => element));
    }
    arms.forEach((arm, index) => this.squares[index].begin(arm, setup));
  }

  /** @param {Told & MapWords} told */
  stand(told) {
    this.told = told;
    this.progress.show(told);
    for (const { arm, note } of this.squares) write(note, told.notes[arm] ?? "");
    write(this.comparison, told.comparison);
    write(this.threshold, told.threshold);
    this.draw();
  }

  /**
   * Networks came: each is shown in its block.
   * @param {ArrayBuffer} buffer
   * @param {number} begin
   * @param {number} count
   */
  take(buffer, begin, count) {
    if (!this.setup) return;
    const { arms, cells, results } = this.setup;
    for (const network of readCells(buffer, begin, count, results)) {
      const pixel = Math.floor(network.number / arms.length);
      this.squares[network.number % arms.length].pixels.add(network, pixel % cells, Math.floor(pixel / cells));
    }
    this.draw();
  }

  /** The scale of the quantity that is shown; its ends move while networks train. @returns {MapScale | null} */
  get scale() {
    const { quantity, setup, told } = this;
    return setup && told && { ...setup.scales[quantity], ...told.ends[quantity] };
  }

  draw() {
    const { scale } = this, look = lookOf(this.root.parentElement ?? document.body);
    this.root.dataset.look = look;
    if (!scale) return;
    const colour = colourOf(scale, look);
    for (const square of this.squares) square.paint(this.quantity, scale, colour);
    this.legend.replaceChildren(...legendOf(scale, look, (kind) => this.squares.some(({ pixels }) => pixels.has(kind))));
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
    const { cells } = square.pixels, { tip } = this;
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
    const { quantity, scale, setup } = this;
    if (!setup || !scale) return [];
    const { x, y } = setup;
    const { column, row } = cornerOf(at, square.pixels.at(at.column, at.row).size);
    const outcomes = this.squares.map(({ label, role, pixels }) => {
      const pixel = pixels.at(column, row);
      const isOwn = column % pixel.size === 0 && row % pixel.size === 0;
      return /** @type {[string, string]} */ ([`${label}: ${sayOutcome(isOwn ? pixel : { ...pixel, kind: NOTHING }, quantity, scale)}`, role]);
    });
    return [[`${x.label} ${say(x.values[column])}, ${y.label} ${say(y.values[row])}`], ...outcomes];
  }

  /**
   * @param {Square} square
   * @param {Place} at
   */
  open({ arm, pixels }, { column, row }) {
    const { kind } = pixels.at(column, row);
    if (kind !== NOTHING && kind !== REFUSED) this.trigger("open", { map: this.setup?.map, arm, column, row });
  }

  /** @param {Rectangle} rectangle */
  zoom(rectangle) {
    if (!this.setup) return;
    const { cells, map } = this.setup;
    const [left, bottom, right, top] = rectangle.map((edge) => edge / cells);
    this.trigger("zoom", { map, left, right, bottom, top });
  }

  /**
   * @param {KeyboardEvent} event
   * @param {Square} square
   */
  key(event, square) {
    const { at } = this, { cells } = square.pixels;
    const way = WAYS.get(event.key);
    if (way) this.point({ square, ...stepped(at, way, event.shiftKey ? FAR : 1, cells) }, true);
    else if (event.key === "Enter" && at) this.open(square, at);
    else if (event.key === "+" && at) this.zoom(halfAround(at, cells));
    else if (event.key === "-") this.trigger("back", true);
    else if (event.key === "Escape") this.point(null);
    else return;
    event.preventDefault();
  }

  leave() {
    this.display.end();
    this.root.remove();
  }
}
