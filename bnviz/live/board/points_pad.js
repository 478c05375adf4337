// Points in the plane, painted by pointer or keyboard: training begins while one paints.

import { choice } from "./choice.js";
import { make, write } from "./dom.js";
import { drawingField } from "./drawing_field.js";
import { dressed } from "./paint.js";
import { Places } from "./places.js";
import { CLASSES, FINEST, MOST, Points } from "./points.js";
import { atMostEvery } from "./tasks.js";
import { wayOf } from "./ways.js";
import { plural } from "./words.js";

/** @import { Share } from "./drawing_field.js" */
/** @typedef {(name: "points", value: string) => void} PointsTrigger */
/** @typedef {{ parentElement: Element, data: { points: string }, setTriggerValue: PointsTrigger }} PadComponent */

const SIDE = 480, SPACING = 34, REACH = 48, STEP = 24; // the canvas's pixels; then shares of the plane, of 1023
const SELDOM = 700; // milliseconds from one training to the next, while one paints
const HELP = [
  "A plane to paint on.",
  "Arrow keys move the cross, Enter paints a point, 1 to 5 choose the class, Delete erases, U undoes.",
].join(" ");
const ERASE = CLASSES;
/** @type {Places<Pad>} */
const places = new Places();

/**
 * Components v2 calls this at the mount, whenever the page ran again with other data, and when the theme changes.
 * @param {PadComponent} component
 */
export default function mount(component) {
  const { parentElement, data } = component;
  const known = places.get(parentElement);
  if (!known) places.set(parentElement, new Pad(component));
  else {
    known.show(data.points);
    known.restyle();
  }
  return places.departure(parentElement);
}

/**
 * A place on the plane, in its finest steps, from the left and from below.
 * @param {Share} share
 */
function placed({ x, y }) {
  return { x: FINEST * x, y: FINEST * (1 - y) };
}

class Pad {
  points = new Points();
  /** The brush: a class, or what erases. */
  word = 0;
  /** Where the keyboard is. */
  cross = { x: Math.round(FINEST / 2), y: Math.round(FINEST / 2) };
  /** Whether the cross is seen: a pointer needs none. */
  hasKeys = false;
  /** Where the pointer painted last, while it is down. @type {{ x: number, y: number } | null} */
  last = null;
  /** What this pad has told, which the page says back. @type {string[]} */
  told = [];

  /** @param {PadComponent} component */
  constructor({ parentElement, data, setTriggerValue }) {
    this.canvas = drawingField(SIDE, HELP, {
      press: (share) => this.press(placed(share)), move: (share) => this.move(placed(share)), lift: () => this.release(),
      key: (event) => this.key(event),
    });
    this.said = make("p", { "className": "bnviz-own-said", "aria-live": "polite" });
    const words = Array.from({ length: CLASSES }, (_, word) => String(word));
    this.brush = choice("Paint class", [...words, "erase"], 0, (word) => this.take(word));
    const button = (/** @type {string} */ text, /** @type {() => void} */ click) =>
      make("button", { type: "button", className: "bnviz-button", on: { click } }, text);
    this.root = make(
      "div", { className: "bnviz-board bnviz-own bnviz-pad" }, this.brush, this.canvas,
      make("div", { className: "bnviz-buttons" }, button("Undo", () => this.undo()), button("Clear", () => this.clear())), this.said,
    );
    parentElement.append(this.root);
    this.tell = atMostEvery(SELDOM, () => {
      const { text } = this.points;
      if (this.points.missing || this.told.at(-1) === text) return;
      this.told = [...this.told, text].slice(-20);
      setTriggerValue("points", text);
    });
    this.show(data.points);
    this.restyle();
  }

  /**
   * A link, or a page that was left, brought these; what was told from here is there already.
   * @param {string} text
   */
  show(text) {
    if (!text || this.told.includes(text) || this.points.text === text) return;
    this.points.read(text);
    this.told = [text];
    this.draw();
  }

  restyle() {
    this.paint = dressed(this.root);
    this.draw();
  }

  /** @param {Share} here */
  press(here) {
    this.points.begin();
    this.hasKeys = false;
    this.last = here;
    this.put(here);
  }

  /** @param {Share} here */
  move(here) {
    if (!this.last) return;
    if (Math.hypot(here.x - this.last.x, here.y - this.last.y) < SPACING) return;
    this.last = here;
    this.put(here);
  }

  release() {
    this.last = null;
  }

  /** @param {{ x: number, y: number }} place */
  put({ x, y }) {
    if (this.word === ERASE) this.points.erase(x, y, REACH);
    else this.points.add({ x, y, word: this.word });
    this.changed();
  }

  undo() {
    this.points.undo();
    this.changed();
  }

  clear() {
    this.points.begin();
    this.points.all = [];
    this.changed();
  }

  /** @param {number} word */
  take(word) {
    this.word = word;
    const inputs = this.brush.querySelectorAll("input");
    inputs[word].checked = true;
    this.draw();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.altKey || event.metaKey || (event.ctrlKey && event.key !== "z")) return;
    const [across, down] = wayOf(event.key), { cross, word } = this, { key } = event;
    this.hasKeys = true;
    if (across || down) {
      const inside = (/** @type {number} */ place) => Math.min(FINEST, Math.max(0, place));
      this.cross = { x: inside(cross.x + across * STEP), y: inside(cross.y - down * STEP) };
      this.draw();
    } else if (key === "Enter" || key === " ") {
      this.points.begin();
      this.put(cross);
    } else if (key === "Delete" || key === "Backspace") {
      this.points.begin();
      this.word = ERASE;
      this.put(cross);
      this.word = word;
    } else if (key >= "1" && key <= String(CLASSES)) this.take(Number(key) - 1);
    else if (key === "u" || key === "z") this.undo();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  changed() {
    this.draw();
    this.tell();
  }

  draw() {
    const context = this.canvas.getContext("2d"), { paint, points } = this;
    if (!context || !paint) return;
    const at = (/** @type {number} */ place) => (place / FINEST) * SIDE;
    context.clearRect(0, 0, SIDE, SIDE);
    context.strokeStyle = paint.colour("grid");
    context.stroke(new Path2D(`M${SIDE / 2} 0V${SIDE}M0 ${SIDE / 2}H${SIDE}`));
    for (const { x, y, word } of points.all) {
      context.fillStyle = paint.colour(`class-${word}`);
      context.beginPath();
      context.arc(at(x), SIDE - at(y), 8, 0, 2 * Math.PI);
      context.fill();
    }
    if (this.hasKeys) {
      const x = at(this.cross.x), y = SIDE - at(this.cross.y);
      context.lineWidth = 3;
      context.strokeStyle = paint.colour(this.word === ERASE ? "text" : `class-${this.word}`);
      context.stroke(new Path2D(`M${x - 16} ${y}H${x + 16}M${x} ${y - 16}V${y + 16}`));
      context.lineWidth = 1;
    }
    const { all: { length }, missing } = points;
    write(this.said, missing || (length < MOST
      ? plural(length, { one: "{count} point, in the link", other: "{count} points, in the link" })
      : plural(length, {
        one: "{count} point, as many as a link carries, in the link",
        other: "{count} points, as many as a link carries, in the link",
      })));
  }

  leave() {
    this.root.remove();
  }
}
