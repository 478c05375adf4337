// The map page's canvas: a square of pixels an arm, growing finer. It points, opens a network, and draws a rectangle.

import { make, say, write } from "./dom.js";
import { lookOf } from "./paint.js";

const NOTHING = 0, DIVERGED = 2, REFUSED = 3;
const DRAG = 6;
const maps = new WeakMap();

/** Components v2 calls this at the mount, with every new picture, and when the theme changes. */
export default function mount({ parentElement, data, setTriggerValue }) {
  if (!maps.has(parentElement)) maps.set(parentElement, new TrainabilityMap(parentElement));
  maps.get(parentElement).show(data.picture, setTriggerValue);
  return () => setTimeout(() => parentElement.isConnected || maps.delete(parentElement), 0);
}

class TrainabilityMap {
  constructor(parent) {
    this.squares = [];
    this.row = make("div", { className: "bnviz-squares" });
    this.legend = make("div", { className: "bnviz-scale" });
    this.tip = make("div", { className: "bnviz-tip", hidden: true });
    this.said = make("p", { className: "bnviz-hidden" });
    this.said.setAttribute("aria-live", "polite");
    this.root = make("section", { className: "bnviz-board bnviz-map" }, this.row, this.legend, this.tip, this.said);
    this.root.setAttribute("aria-label", "Trainability map");
    parent.append(this.root);
  }

  show(picture, trigger) {
    this.trigger = trigger;
    this.root.dataset.look = lookOf(this.root.parentElement ?? document.body);
    if (this.picture?.map !== picture.map) this.point(null);
    this.picture = picture;
    this.root.dataset.map = picture.map;
    if (this.squares.map((one) => one.arm).join() !== picture.arms.map((one) => one.arm).join()) {
      this.squares = picture.arms.map(({ arm }) => new Square(arm, this));
      this.row.replaceChildren(...this.squares.map((square) => square.element));
    }
    const colours = scaleOf(picture.scale, this.root.dataset.look);
    picture.arms.forEach((arm, index) => this.squares[index].show(arm, picture, colours));
    this.drawLegend(picture, colours);
    if (this.at) this.point(this.at, this.spoken);
  }

  drawLegend({ scale, legend }, colours) {
    const bar = make("div", { className: "bnviz-ramp" });
    bar.style.background = `linear-gradient(to right, ${scale.stops.join(", ")})`;
    const marks = scale.ticks.map(([share, word]) => placed(make("span", {}, word), "left", share));
    const parts = [make("div", { className: "bnviz-ramp-title" }, scale.title),
      make("div", { className: "bnviz-ramp-box" }, bar, make("div", { className: "bnviz-ramp-ticks" }, ...marks))];
    for (const [kind, word] of Object.entries(legend)) {
      const swatch = make("i", { className: `bnviz-swatch bnviz-${kind}` });
      if (kind === "flat") swatch.style.background = colours.flatWord;
      parts.push(make("span", { className: "bnviz-key" }, swatch, word));
    }
    this.legend.replaceChildren(...parts);
  }

  /** Every square shows the same place; the words beside it name both networks. */
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
    const square = this.squares[at.square];
    const box = square.canvas.getBoundingClientRect(), home = this.root.getBoundingClientRect();
    const x = box.left - home.left + ((at.column + 0.5) / this.picture.cells) * box.width;
    const y = box.top - home.top + (1 - (at.row + 0.5) / this.picture.cells) * box.height;
    const right = x + 20 + this.tip.offsetWidth > home.width;
    this.tip.style.left = `${Math.max(0, right ? x - 16 - this.tip.offsetWidth : x + 16)}px`;
    this.tip.style.top = `${Math.max(0, y - this.tip.offsetHeight - 12)}px`;
  }

  words({ column, row }) {
    const { x, y, scale } = this.picture;
    const { size } = this.squares[this.at.square].pixel(column, row);
    const home = [column - (column % size), row - (row % size)];
    const lines = [[`${x.label} ${say(x.values[home[0]])}, ${y.label} ${say(y.values[home[1]])}`]];
    for (const square of this.squares) {
      const one = square.pixel(...home);
      const own = home.every((place) => place % one.size === 0);
      lines.push([`${square.label}: ${outcome(own ? one : { kind: NOTHING }, scale)}`, square.role]);
    }
    return lines;
  }

  open(at) {
    const { kind } = this.squares[at.square].pixel(at.column, at.row);
    if (kind === NOTHING || kind === REFUSED) return;
    this.trigger("open", { map: this.picture.map, arm: this.squares[at.square].arm, column: at.column, row: at.row });
  }

  zoom(left, bottom, right, top) {
    const { cells, map } = this.picture;
    this.trigger("zoom", { map, left: left / cells, right: right / cells, bottom: bottom / cells, top: top / cells });
  }

  key(event, index) {
    const { cells } = this.picture, middle = Math.floor(cells / 2);
    const at = this.at ?? { column: middle, row: middle };
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    const far = event.shiftKey ? 8 : 1;
    const held = (value) => Math.min(cells - 1, Math.max(0, value));
    if (move) {
      const begun = this.at ? far : 0;
      this.point({ square: index, column: held(at.column + begun * move[0]), row: held(at.row + begun * move[1]) }, true);
    } else if (event.key === "Enter" && this.at) this.open({ ...this.at, square: index });
    else if (event.key === "+" && this.at) {
      const quarter = cells / 4;
      const [column, row] = [at.column, at.row].map((value) => Math.min(cells - 2 * quarter, Math.max(0, value - quarter)));
      this.zoom(column, row, column + 2 * quarter, row + 2 * quarter);
    } else if (event.key === "-") this.trigger("back", true);
    else if (event.key === "Escape") this.point(null);
    else return;
    event.preventDefault();
  }
}

/** One arm's pixels with their axes. */
class Square {
  constructor(arm, map) {
    this.arm = arm;
    this.map = map;
    this.title = make("h3", { className: "bnviz-square-title" });
    this.note = make("span", { className: "bnviz-square-note" });
    this.canvas = make("canvas", { className: "bnviz-pixels", tabIndex: 0 });
    this.canvas.setAttribute("role", "img");
    this.cursor = make("div", { className: "bnviz-cursor", hidden: true });
    this.frame = make("div", { className: "bnviz-rectangle", hidden: true });
    this.across = make("div", { className: "bnviz-across" });
    this.up = make("div", { className: "bnviz-up" });
    this.names = [make("span", { className: "bnviz-y-title" }), make("span", { className: "bnviz-x-title" })];
    const field = make("div", { className: "bnviz-field" }, this.canvas, this.cursor, this.frame);
    const plane = make("div", { className: "bnviz-plane" }, this.up, field, this.across);
    this.element = make("div", { className: "bnviz-square" }, make("div", { className: "bnviz-square-head" }, this.title, this.note),
      this.names[0], plane, this.names[1]);
    this.element.dataset.arm = arm;
    this.listen();
  }

  listen() {
    const index = () => this.map.squares.indexOf(this);
    const on = (name, handler) => this.canvas.addEventListener(name, handler);
    on("pointerdown", (event) => {
      this.from = { x: event.clientX, y: event.clientY, place: this.place(event) };
      this.canvas.setPointerCapture(event.pointerId);
    });
    on("pointermove", (event) => {
      const at = this.place(event);
      this.drag(event);
      this.map.point(this.rectangle ? null : { square: index(), column: Math.floor(at.x), row: Math.floor(at.y) });
    });
    on("pointerup", (event) => {
      const from = this.from, rectangle = this.rectangle;
      this.from = this.rectangle = null;
      this.frame.hidden = true;
      const at = this.place(event);
      if (rectangle) this.map.zoom(...rectangle);
      else if (from) this.map.open({ square: index(), column: Math.floor(at.x), row: Math.floor(at.y) });
    });
    on("pointercancel", () => { this.from = this.rectangle = null; this.frame.hidden = true; });
    on("pointerleave", () => this.map.point(null));
    on("blur", () => this.map.point(null));
    on("keydown", (event) => this.map.key(event, index()));
  }

  /** Where the pointer is, in pixels of the map from the lower left. */
  place(event) {
    const box = this.canvas.getBoundingClientRect(), { cells } = this.map.picture;
    const held = (share) => Math.min(cells - 1e-6, Math.max(0, share * cells));
    return { x: held((event.clientX - box.left) / box.width), y: held(1 - (event.clientY - box.top) / box.height) };
  }

  drag(event) {
    if (!this.from || Math.hypot(event.clientX - this.from.x, event.clientY - this.from.y) < DRAG) return;
    const { x, y } = this.place(event), { place } = this.from;
    const [left, right] = [Math.min(x, place.x), Math.max(x, place.x)].map((value, end) => (end ? Math.ceil(value) : Math.floor(value)));
    const [bottom, top] = [Math.min(y, place.y), Math.max(y, place.y)].map((value, end) => (end ? Math.ceil(value) : Math.floor(value)));
    this.rectangle = [left, bottom, right, top];
    this.put(this.frame, left, bottom, right - left, top - bottom);
  }

  put(element, column, row, wide, high) {
    const { cells } = this.map.picture, percent = (value) => `${(100 * value) / cells}%`;
    element.hidden = false;
    Object.assign(element.style, { left: percent(column), bottom: percent(row), width: percent(wide), height: percent(high) });
  }

  mark(at) {
    this.cursor.hidden = !at;
    if (!at) return;
    const { size } = this.pixel(at.column, at.row);
    this.put(this.cursor, at.column - (at.column % size), at.row - (at.row % size), size, size);
  }

  show(arm, { cells, x, y, scale }, colours) {
    this.label = arm.label;
    this.role = arm.role;
    this.planes = planesOf(arm, cells);
    write(this.title, arm.label);
    write(this.note, arm.note);
    this.title.style.color = `var(--bnviz-${arm.role})`;
    write(this.names[0], y.title);
    write(this.names[1], x.title);
    this.across.replaceChildren(...x.ticks.map(([share, word]) => placed(make("span", {}, word), "left", share)));
    this.up.replaceChildren(...y.ticks.map(([share, word]) => placed(make("span", {}, word), "bottom", share)));
    this.canvas.setAttribute("aria-label", `${arm.label}: ${scale.title} over ${x.title} and ${y.title}. ` +
      "Arrow keys point at a network, Enter opens it in the Lab, plus trains the part around it anew, minus goes back.");
    if (this.canvas.width !== cells) this.canvas.width = this.canvas.height = cells;
    const brush = this.canvas.getContext("2d"), image = brush.createImageData(cells, cells);
    let filled = 0;
    for (let row = 0; row < cells; row++) {
      for (let column = 0; column < cells; column++) {
        const from = row * cells + column, kind = this.planes.kind[from];
        if (kind === NOTHING) continue;
        filled++;
        if (kind === REFUSED) continue;
        const colour = colours.of(this.planes.shown[from]), to = 4 * ((cells - 1 - row) * cells + column);
        image.data.set(colour, to);
        image.data[to + 3] = 255;
      }
    }
    brush.putImageData(image, 0, 0);
    this.element.dataset.filled = filled;
    this.element.dataset.finest = this.planes.size.reduce((least, one) => Math.min(least, one), cells);
    this.canvas.classList.toggle("bnviz-refused", "refused" in this.map.picture.legend);
  }

  pixel(column, row) {
    const at = row * this.map.picture.cells + column;
    return Object.fromEntries(Object.entries(this.planes).map(([name, plane]) => [name, plane[at]]));
  }
}

const EMPTY = { kind: NOTHING, size: 255 };

function planesOf(arm, cells) {
  const read = (name, Kind) => {
    if (!(name in arm)) return new Kind(cells * cells).fill(EMPTY[name] ?? NaN);
    return new Kind(Uint8Array.from(atob(arm[name]), (letter) => letter.charCodeAt(0)).buffer);
  };
  return {
    shown: read("shown", Float32Array), accuracy: read("test_accuracy", Float32Array),
    loss: read("test_loss", Float32Array), diverged: read("diverged_at", Float32Array),
    kind: read("kind", Uint8Array), size: read("size", Uint8Array),
  };
}

/** What became of one network, in words. */
function outcome({ kind, shown, accuracy, loss, diverged }, scale) {
  if (kind === NOTHING) return "not trained yet";
  if (kind === REFUSED) return "cannot be trained";
  if (kind === DIVERGED) return `diverged at step ${say(diverged)}`;
  const said = [`test accuracy ${(100 * accuracy).toFixed(1)}%`, `test loss ${say(loss)}`];
  if (!/^(test|step)/.test(scale.title)) said.push(`${scale.title.split(",")[0]} ${say(shown)}`);
  return said.join(", ");
}

function scaleOf({ low, high, log, stops, flat }, look) {
  const parse = (colour) => [1, 3, 5].map((start) => parseInt(colour.slice(start, start + 2), 16));
  const parts = stops.map(parse), flatWord = flat[look === "dark" ? 1 : 0], none = parse(flatWord);
  const [from, to] = log ? [Math.log(low), Math.log(high)] : [low, high];
  const of = (value) => {
    if (!Number.isFinite(value)) return none;
    const share = log ? (Math.log(Math.max(value, low)) - from) / (to - from) : (value - from) / (to - from);
    const place = Math.min(1, Math.max(0, share)) * (parts.length - 1);
    const first = Math.min(parts.length - 2, Math.floor(place)), rest = place - first;
    return parts[first].map((part, index) => Math.round(part + rest * (parts[first + 1][index] - part)));
  };
  return { of, flatWord };
}

function placed(element, side, share) {
  element.style[side] = `${100 * share}%`;
  return element;
}
