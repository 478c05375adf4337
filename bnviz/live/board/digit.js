// A digit that a reader draws, and what the networks on the board answer while it is drawn and while they train.

import { pixelsOf } from "./digit_pixels.js";
import { make, write } from "./dom.js";
import { drawingField } from "./drawing_field.js";
import { atMostEvery } from "./tasks.js";
import { wayOf } from "./ways.js";
import { number } from "./words.js";

/** @import { Place } from "./digit_pixels.js" */
/** @import { Command, Drawn, Setup, State } from "./types.js" */

const SIDE = 224, STEP = 0.04, NEAR = 0.01;
const SELDOM = 100; // milliseconds from one question to the next
const MODES = ["train", "eval"];
const HELP = "A field to draw a digit in. Arrow keys move the pen, Space puts it down and lifts it.";
const LIVE = new Set(["running", "paused"]);

export class Digit {
  /** @type {Place[][]} */
  strokes = [];
  pen = { x: 0.5, y: 0.25 };
  isDown = false;
  /** Whether the pen is seen: a pointer needs none. */
  hasKeys = false;
  number = 0;
  side = 0;
  /** @type {Setup["arms"]} */
  arms = [];

  /** @param {(command: Command) => void} send */
  constructor(send) {
    this.send = send;
    this.canvas = drawingField(SIDE, HELP, {
      press: (place) => this.press(place), move: (place) => this.isDown && this.add(place), lift: () => this.lift(),
      key: (event) => this.key(event),
    });
    this.seen = make("canvas", { "className": "bnviz-digit-seen", "role": "img", "aria-label": "The drawing as the networks see it" });
    this.said = make("p", { className: "bnviz-own-said" });
    this.answers = make("div", { className: "bnviz-digit-answers" });
    this.element = make(
      "details", { className: "bnviz-digit", hidden: true, on: { toggle: () => this.draw() } },
      make("summary", {}, "Draw a digit, and the networks answer"),
      make(
        "div", { className: "bnviz-digit-stage" },
        make("div", {}, this.canvas, make("div", { className: "bnviz-buttons" },
          make("button", { type: "button", className: "bnviz-button", on: { click: () => this.clear() } }, "Clear"), this.seen)),
        make("div", { className: "bnviz-digit-told" }, this.said, this.answers),
      ),
    );
    this.ask = atMostEvery(SELDOM, () => {
      this.number += 1;
      const pixels = this.strokes.length ? pixelsOf(this.strokes, this.side) : new Uint8Array();
      this.show(pixels);
      this.send({ do: "draw", number: this.number, pixels: btoa(String.fromCharCode(...pixels)) });
    });
  }

  /**
   * Another run is on the board: another size of pictures is another drawing.
   * @param {Setup} setup
   */
  use({ drawn, arms }) {
    this.element.hidden = !drawn;
    this.arms = arms;
    this.answers.replaceChildren();
    if (drawn !== this.side && this.strokes.length) this.clear();
    this.side = drawn;
  }

  /**
   * Whether this was an answer; a state says whether there is anybody to give one.
   * @param {State | Drawn} message
   * @returns {message is Drawn}
   */
  hears(message) {
    if (message.kind === "answer") this.answer(message);
    else this.isLive = LIVE.has(message.state);
    this.invite();
    return message.kind === "answer";
  }

  invite() {
    const words = this.isLive ? "Draw a digit, large, with the mouse or a finger." : "Press Play: networks answer while they train.";
    if (!this.isLive || !this.strokes.length) {
      write(this.said, words);
      if (this.answers.firstChild) this.answers.replaceChildren();
    }
  }

  /** @param {Place} place */
  press(place) {
    this.strokes.push([]);
    this.isDown = true;
    this.hasKeys = false;
    this.add(place);
  }

  lift() {
    this.isDown = false;
  }

  /** @param {Place} place */
  add(place) {
    const stroke = this.strokes.at(-1), last = stroke?.at(-1);
    if (!stroke || (last && Math.hypot(place.x - last.x, place.y - last.y) < NEAR)) return;
    stroke.push(place);
    this.draw();
    this.ask();
  }

  clear() {
    this.strokes = [];
    this.isDown = false;
    this.draw();
    this.ask();
    this.invite();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.altKey || event.metaKey || event.ctrlKey) return;
    const [across, down] = wayOf(event.key);
    if (event.key === " ") {
      this.isDown = !this.isDown;
      if (this.isDown) {
        this.strokes.push([]);
        this.add(this.pen);
      }
    } else if (across || down) {
      const inside = (/** @type {number} */ place) => Math.min(0.96, Math.max(0.04, place));
      this.pen = { x: inside(this.pen.x + across * STEP), y: inside(this.pen.y + down * STEP) };
      if (this.isDown) this.add(this.pen);
    } else return;
    event.preventDefault();
    event.stopPropagation();
    this.hasKeys = true;
    this.draw();
  }

  draw() {
    const context = this.canvas.getContext("2d");
    if (!context) return;
    context.clearRect(0, 0, SIDE, SIDE);
    context.strokeStyle = context.fillStyle = getComputedStyle(this.canvas).color;
    Object.assign(context, { lineWidth: 16, lineCap: "round", lineJoin: "round" });
    for (const stroke of this.strokes) {
      const [first, ...rest] = stroke;
      if (!first) continue;
      context.beginPath();
      context.moveTo(first.x * SIDE, first.y * SIDE);
      for (const { x, y } of rest.length ? rest : [first]) context.lineTo(x * SIDE, y * SIDE);
      context.stroke();
    }
    if (this.hasKeys) context.fillRect(this.pen.x * SIDE - 2, this.pen.y * SIDE - 2, 4, 4);
  }

  /** @param {Uint8Array} pixels */
  show(pixels) {
    this.seen.width = this.seen.height = this.side;
    const shades = Uint8ClampedArray.from(Array.from(pixels).flatMap((shade) => [shade, shade, shade, 255]));
    if (shades.length) this.seen.getContext("2d")?.putImageData(new ImageData(shades, this.side), 0, 0);
  }

  /** @param {Drawn} drawn */
  answer({ number: answered, step, arms }) {
    if (!this.strokes.length || answered > this.number) return;
    const known = this.arms.filter(({ name }) => arms[name]);
    while (this.answers.children.length < known.length) this.answers.append(barsFor(arms[known[0].name][0].length));
    known.forEach(({ name, label, role }, at) => {
      const place = /** @type {HTMLElement} */ (this.answers.children[at]);
      place.style.setProperty("--bnviz-role", `var(--bnviz-${role})`);
      const said = arms[name].map((shares, mode) => `${MODES[mode]} ${named(shares)}`);
      write(/** @type {Element} */ (place.querySelector("h3")), label);
      write(/** @type {Element} */ (place.querySelector("p")), said.join(", "));
      place.querySelectorAll("i").forEach((bar, index) => {
        bar.style.height = `${100 * arms[name][index % MODES.length][Math.floor(index / MODES.length)]}%`;
      });
    });
    write(this.said, [
      `At step ${number.format(step)}, means over the seeds.`,
      "Pale: train mode, with the statistics of the next mini-batch, the drawing in its first place.",
      "Full: eval mode, with the running statistics.",
    ].join(" "));
  }
}

/** @param {number[]} shares */
export function named(shares) {
  const best = shares.indexOf(Math.max(...shares));
  return best < 0 ? "nothing" : `${best} (${Math.round(100 * shares[best])}%)`;
}

/** @param {number} classes */
function barsFor(classes) {
  const bars = Array.from({ length: classes }, (_, word) =>
    make("span", {}, make("b", {}, ...MODES.map((mode) => make("i", { className: `bnviz-digit-${mode}` }))), String(word)));
  return make("section", {}, make("h3"), make("p"), make("div", { "className": "bnviz-digit-bars", "aria-hidden": "true" }, ...bars));
}
