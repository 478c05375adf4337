// A loop of inputs on its way through the layers of several networks: its shadow in a square each, and how long it is.

import { choice } from "./choice.js";
import { make, svg, write } from "./dom.js";
import { bytesOf } from "./packing.js";
import { lookOf } from "./paint.js";
import { Places } from "./places.js";
import { Player } from "./player.js";
import { number, written } from "./words.js";

/**
 * A network: its name, the role of its colour, and for every layer how large the shadow is and how long the loop, both
 * beside the circle that it was.
 * @typedef {{ title: string, role: string, size: number[], length: number[] }} Carried
 */
/**
 * `points` are those of all networks and layers, two bytes each, in parts of the `finest` of the shadow's size.
 * @typedef {{ carried: Carried[], points: string, finest: number, count: number, sentences: string[] }} LoopData
 */

const EVERY = 900; // milliseconds a layer
const REACH = 3.2; // a square shows so many radii of the circle to every side of its middle
const MARKED = 12; // points from one dot on the loop to the next
/** @type {Places<Loop>} */
const shown = new Places();

/**
 * Components v2 calls this at the mount, whenever the page ran again with other data, and when the theme changes.
 * @param {{ parentElement: Element, data: LoopData }} component
 */
export default function mount({ parentElement, data }) {
  return shown.fill(parentElement, () => new Loop(parentElement, data));
}

/**
 * How many times as long, as it is said: whole from a hundred on, with a power of ten far from 1.
 * @param {number} factor
 */
export function times(factor) {
  if (factor >= 1e5 || factor < 1e-3) return `× ${written(factor.toExponential(0)).replace("e+", "e")}`.replace("-", "−");
  return `× ${factor >= 100 ? number.format(factor) : written(String(Number(factor.toPrecision(2))))}`;
}

class Loop {
  isMagnified = false;

  /**
   * @param {Element} parent
   * @param {LoopData} data
   */
  constructor(parent, data) {
    const layers = data.carried[0].size.length, points = new Int8Array(bytesOf(data.points).buffer);
    const share = points.length / data.carried.length;
    this.squares = data.carried.map((carried, index) => {
      const own = points.subarray(index * share, (index + 1) * share);
      return new Square(carried, Array.from(own, (each) => each / data.finest), data.count);
    });
    this.player = new Player({
      frames: layers, every: EVERY, label: "Layer", show: () => this.draw(),
      say: (layer) => (layer ? `behind layer ${layer} of ${layers - 1}` : "the circle, before the first layer"),
    });
    const scales = choice("Scale", ["one for all", "each loop fills its frame"], 0, (index) => {
      this.isMagnified = index === 1;
      this.draw();
    });
    this.root = make("section", { className: "bnviz-board bnviz-loop" },
      make("div", { className: "bnviz-choices-row" }, scales),
      make("div", { className: "bnviz-loop-squares" }, ...this.squares.map(({ element }) => element)),
      this.player.element,
      make("p", { className: "bnviz-told" }, ...data.sentences.map((text) => make("span", {}, text))));
    parent.append(this.root);
    this.restyle();
    this.player.at(0);
  }

  restyle() {
    this.root.dataset.look = lookOf(this.root.parentElement ?? document.body);
  }

  draw() {
    if (this.player) this.squares.forEach((square) => square.draw(this.player.frame, this.isMagnified));
  }

  leave() {
    this.player.end();
    this.root.remove();
  }
}

class Square {
  /**
   * @param {Carried} carried
   * @param {number[]} points   x and y by turns, layer after layer, in the shadow's size
   * @param {number} count   points of the loop
   */
  constructor(carried, points, count) {
    const { title, role } = carried;
    this.carried = carried;
    this.points = points;
    this.count = count;
    this.circle = svg("circle", { cx: 0, cy: 0, class: "bnviz-loop-circle" });
    this.way = svg("path", { class: "bnviz-loop-way" });
    this.dots = svg("path", { class: "bnviz-loop-dots" });
    this.said = make("span", { className: "bnviz-loop-said" });
    this.each = make("span", { className: "bnviz-loop-each" });
    this.sight = svg("svg", { viewBox: `${-REACH} ${-REACH} ${2 * REACH} ${2 * REACH}`, role: "img" }, this.circle, this.way, this.dots);
    this.gone = make("p", { className: "bnviz-loop-gone", hidden: true }, "far outside");
    this.element = make("figure", { className: "bnviz-loop-square" },
      make("h3", {}, title), make("div", {}, this.sight, this.gone), make("figcaption", {}, this.said, this.each));
    this.element.style.setProperty("--bnviz-role", `var(--bnviz-${role})`);
  }

  /**
   * @param {number} layer
   * @param {boolean} isMagnified
   */
  draw(layer, isMagnified) {
    const { title, size, length } = this.carried, long = `${times(length[layer])} as long`;
    const scale = isMagnified ? (0.8 * REACH) / size[layer] : 1, places = this.placesBehind(layer, scale);
    this.circle.setAttribute("r", String(Math.min(scale, 3 * REACH)));
    this.way.setAttribute("d", `M${places.map((place) => place.join(" ")).join("L")}Z`);
    this.dots.setAttribute("d", places.filter((_, index) => index % MARKED === 0).map((place) => `M${place.join(" ")}h0`).join(""));
    this.gone.hidden = !places.every((place) => Math.max(...place.map(Math.abs)) > REACH);
    write(this.said, long);
    write(this.each, layer ? `this layer ${times(length[layer] / length[layer - 1])}` : "");
    this.sight.setAttribute("aria-label", `${title}: the loop is ${long} as the circle`);
  }

  /**
   * @param {number} layer
   * @param {number} scale
   * @returns {[number, number][]}
   */
  placesBehind(layer, scale) {
    const factor = scale * this.carried.size[layer], first = layer * this.count * 2;
    return Array.from({ length: this.count }, (_, index) => {
      const at = first + 2 * index;
      return [within(factor * this.points[at]), within(-factor * this.points[at + 1])];
    });
  }
}

/**
 * A place that a drawing can have, short to write; far outside all are alike.
 * @param {number} value
 */
function within(value) {
  return Number(Math.max(-1e6, Math.min(1e6, value)).toFixed(3));
}
