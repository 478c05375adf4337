// The map page's canvas: a square of pixels an arm, growing finer. It points, opens a network, and draws a rectangle.

import { Asked } from "./asked.js";
import { Display, Progress } from "./display.js";
import { make, write } from "./dom.js";
import { fill } from "./fill.js";
import { partOf } from "./ghost.js";
import { legendOf } from "./legend.js";
import { KEYS } from "./map_keys.js";
import { lookOf } from "./paint.js";
import { Paper } from "./paper.js";
import { pictureButton } from "./picture_button.js";
import { colourOf, readCells } from "./pixels.js";
import { Places } from "./places.js";
import { Pointing } from "./pointing.js";
import { Shortcuts } from "./shortcuts.js";
import { Square } from "./square.js";

/** @import { DisplayData } from "./display.js" */
/** @import { Network } from "./pixels.js" */
/** @import { Place, Rectangle } from "./walk.js" */
/** @import { MapScale, MapSetup, MapWords, Told } from "./types.js" */
/** @typedef {(name: "open" | "zoom" | "back" | "lost" | "stage", value: unknown) => void} MapTrigger */
/** @typedef {DisplayData & { quantity: string, buttons: string, fills: boolean }} MapData */

/** @type {Places<TrainabilityMap>} */
const maps = new Places();

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
  return maps.departure(parentElement);
}

class TrainabilityMap {
  /** @type {Square[]} */
  squares = [];
  /** @type {MapSetup | null} */
  setup = null;
  /** @type {(Told & MapWords) | null} */
  told = null;
  /** The part of a map that was asked for. @type {{ map: string, rectangle: Rectangle } | null} */
  asked = null;

  /**
   * @param {Element} parent
   * @param {MapData} data
   * @param {MapTrigger} trigger
   */
  constructor(parent, data, trigger) {
    this.quantity = data.quantity;
    this.fills = data.fills;
    this.trigger = trigger;
    this.progress = new Progress();
    this.row = make("div", { className: "bnviz-squares" });
    this.legend = make("div", { className: "bnviz-scale" });
    this.comparison = make("h2", { className: "bnviz-comparison" });
    this.threshold = make("p", { className: "bnviz-threshold" });
    this.shortcuts = new Shortcuts(() => false);
    this.shortcuts.shortcuts = KEYS;
    this.root = make("section", { "className": "bnviz-board bnviz-map", "aria-label": "Trainability map" });
    this.pointing = new Pointing(this);
    this.root.append(
      this.progress.element, this.row, make("div", { className: "bnviz-below" }, this.legend, this.shortcuts.button),
      this.comparison, this.threshold, ...this.pointing.elements, this.shortcuts.dialog,
    );
    parent.append(this.root);
    this.root.append(pictureButton(this.root, () => ({ title: "the map", name: `map-${this.quantity}` })));
    this.buttons = new Asked(data.buttons, this.progress);
    this.paper = new Paper(this.root, () => this.repaint());
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
    const { arms, map } = setup, before = this.setup;
    const part = before && partOf(before, setup, this.asked);
    this.setup = setup;
    this.asked = null;
    this.told = null;
    this.root.dataset.map = map;
    if (this.squares.map(({ arm }) => arm).join() !== arms.map(({ arm }) => arm).join()) {
      this.squares = arms.map(({ arm }) => this.square(arm));
      this.row.replaceChildren(...this.squares.map(({ element }) => element));
    }
    arms.forEach((arm, index) => this.squares[index].begin(arm, setup, part));
    this.pointing.begin();
  }

  /** @param {Told & MapWords} told */
  stand(told) {
    this.told = told;
    this.progress.show(told);
    for (const { arm, note, ghost } of this.squares) {
      write(note, told.notes[arm] ?? "");
      if (told.stage !== "moving") ghost.leave();
    }
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
    const { fills, setup } = this;
    if (!setup) return undefined;
    const networks = readCells(buffer, begin, count, setup.results);
    const add = (/** @type {Network[]} */ some) => this.setup === setup && this.add(some, setup);
    return fills ? fill(networks, add) : void add(networks);
  }

  /**
   * @param {Network[]} networks
   * @param {MapSetup} setup
   */
  add(networks, { arms, cells }) {
    for (const network of networks) {
      const pixel = Math.floor(network.number / arms.length);
      this.squares[network.number % arms.length].pixels.add(network, pixel % cells, Math.floor(pixel / cells));
    }
    this.draw();
    return true;
  }

  /** The scale of the quantity that is shown; its ends move while networks train. @returns {MapScale | null} */
  get scale() {
    const { quantity, setup, told } = this;
    return setup && told && { ...setup.scales[quantity], ...told.ends[quantity] };
  }

  draw() {
    this.root.dataset.look = lookOf(this.root.parentElement ?? document.body);
    this.repaint();
  }

  /** All of it in the look that the map has now. */
  repaint() {
    const { scale } = this, look = this.root.dataset.look ?? "light";
    if (!scale) return;
    const colour = colourOf(scale, look);
    for (const square of this.squares) square.paint(this.quantity, scale, colour);
    this.legend.replaceChildren(...legendOf(scale, look, (kind) => this.squares.some(({ pixels }) => pixels.has(kind))));
    this.pointing.show();
  }

  /** @param {string} arm */
  square(arm) {
    /** @type {Square} */
    const square = new Square(arm, this.pointing.handlers(() => square));
    return square;
  }

  /**
   * @param {string} arm
   * @param {Place} at
   */
  open(arm, { column, row }) {
    this.progress.ask("Opening it in the Lab …");
    this.trigger("open", { map: this.setup?.map, arm, column, row });
  }

  /** @param {Rectangle} rectangle */
  zoom(rectangle) {
    if (!this.setup) return;
    const { cells, map } = this.setup;
    const [left, bottom, right, top] = rectangle.map((edge) => edge / cells);
    this.progress.ask("Looking closer …");
    this.asked = { map, rectangle };
    this.trigger("zoom", { map, left, right, bottom, top });
  }

  back() {
    this.progress.ask("Going back …");
    this.trigger("back", true);
  }

  list() {
    this.shortcuts.list();
  }

  leave() {
    this.display.end();
    this.pointing.end();
    this.shortcuts.end();
    this.buttons.end();
    this.paper.end();
    this.root.remove();
  }
}
