// One digit in changing company: its mini-batch, what the network says of it there, and what eval mode says, which stays.

import { choice } from "./choice.js";
import { make, write } from "./dom.js";
import { bytesOf, shortsOf } from "./packing.js";
import { Paint, lookOf } from "./paint.js";
import { Places } from "./places.js";
import { Player } from "./player.js";
import { sized, Stamps } from "./stamps.js";
import { percent, plural } from "./words.js";

/**
 * A digit that is asked: its place among the pictures, what it is, what eval mode says of each class, and what was found.
 * @typedef {{ at: number, title: string, label: number, alone: number[], sentences: string[] }} Asked
 */
/**
 * Pictures are rows of `side * side` bytes up to `ink`; `mates` are the others of each mini-batch, a text for each size;
 * `probabilities` are shares of 65,535, digit by size by mini-batch by class.
 * @typedef {{ pictures: string, side: number, ink: number, asked: Asked[], sizes: number[], companies: number,
 *   mates: string[], probabilities: string }} CompanyData
 */

const EVERY = 250; // milliseconds a mini-batch
const WHOLE = 65535;
/** @type {Places<Company>} */
const shown = new Places();

/**
 * Components v2 calls this at the mount, whenever the page ran again with other data, and when the theme changes.
 * @param {{ parentElement: Element, data: CompanyData }} component
 */
export default function mount({ parentElement, data }) {
  return shown.fill(parentElement, () => new Company(parentElement, data));
}

/**
 * The class that is named: the first of the most probable.
 * @param {ArrayLike<number>} probabilities
 */
export function namedBy(probabilities) {
  return Array.from(probabilities).reduce((best, each, index, all) => (each > all[best] ? index : best), 0);
}

class Company {
  digit = 1;
  size = 1;

  /**
   * @param {Element} parent
   * @param {CompanyData} data
   */
  constructor(parent, data) {
    this.data = data;
    this.mates = data.mates.map(shortsOf);
    this.probabilities = shortsOf(data.probabilities);
    this.classes = data.asked[0].alone.length;
    this.picture = make("canvas", { className: "bnviz-company-digit", role: "img" });
    this.group = make("canvas", { className: "bnviz-company-group", role: "img" });
    this.heading = make("h3");
    this.bars = Array.from({ length: this.classes }, (_, name) => new Bar(String(name)));
    this.strip = make("canvas", { "className": "bnviz-company-strip", "aria-hidden": "true" });
    this.words = make("p", { className: "bnviz-told" });
    this.over = make("p", { className: "bnviz-company-over" });
    this.player = new Player({
      frames: data.companies, every: EVERY, label: "Mini-batch",
      show: () => this.draw(), say: (frame) => `mini-batch ${frame + 1} of ${data.companies}`,
    }, this.over, this.strip);
    const choices = make("div", { className: "bnviz-choices-row" },
      choice("Examples in the mini-batch", data.sizes.map(String), this.size, (size) => this.choose({ size })),
      choice("Digit", data.asked.map(({ title }) => title), this.digit, (digit) => this.choose({ digit })));
    const key = make("p", { className: "bnviz-company-key" },
      make("span", { className: "bnviz-company-key-now" }, "in this mini-batch"),
      make("span", { className: "bnviz-company-key-alone" }, "eval mode, which asks nobody else"));
    const answer = make("div", { className: "bnviz-company-answer" },
      make("div", { className: "bnviz-company-bars", role: "group" }, ...this.bars.map(({ element }) => element)), key);
    const asked = make("div", { className: "bnviz-company-asked" }, this.picture, this.group);
    this.root = make("section", { className: "bnviz-board bnviz-company" }, choices, this.heading,
      make("div", { className: "bnviz-company-stage" }, asked, answer), this.player.element, this.words);
    parent.append(this.root);
    this.watch = new ResizeObserver(() => this.draw());
    this.watch.observe(this.root);
    this.restyle();
    this.choose({});
  }

  restyle() {
    this.root.dataset.look = lookOf(this.root.parentElement ?? document.body);
    this.paint = Paint.of(this.root);
    this.stamps = new Stamps(bytesOf(this.data.pictures), this.data.side, this.data.ink, this.paint);
    this.draw();
  }

  /** @param {{ size?: number, digit?: number }} chosen */
  choose(chosen) {
    Object.assign(this, chosen);
    const { sentences, label } = this.asked;
    this.picture.setAttribute("aria-label", `The digit that is asked about: ${label}`);
    this.group.setAttribute("aria-label", `The mini-batch: this digit and ${this.data.sizes[this.size] - 1} other test digits`);
    write(this.over, `The probability of ${label} in each; grey: another answer than in eval mode`);
    this.words.replaceChildren(...sentences.map((text) => make("span", {}, text)));
    this.bars.forEach((bar, name) => bar.stand(this.asked.alone[name], name === label));
    this.player.at(this.player.frame);
  }

  get asked() {
    return this.data.asked[this.digit];
  }

  /**
   * What is said in one mini-batch, a number a class.
   * @param {number} frame
   */
  saidIn(frame) {
    const first = ((this.digit * this.data.sizes.length + this.size) * this.data.companies + frame) * this.classes;
    return Array.from(this.probabilities.subarray(first, first + this.classes), (each) => each / WHOLE);
  }

  draw() {
    if (!this.player || !this.root?.clientWidth) return;
    const { frame } = this.player, said = this.saidIn(frame), named = namedBy(said), alone = namedBy(this.asked.alone);
    const size = this.data.sizes[this.size], others = size - 1;
    this.bars.forEach((bar, name) => bar.show(said[name], name === named));
    const values = { label: String(this.asked.label), named: String(named), share: percent(said[named], 0) };
    write(this.heading, named === alone
      ? plural(others, {
        one: "This {label} among {count} other is named {named}, with {share}",
        other: "This {label} among {count} others is named {named}, with {share}",
      }, values)
      : plural(others, {
        one: "This {label} among {count} other is now named {named}, with {share}",
        other: "This {label} among {count} others is now named {named}, with {share}",
      }, values));
    this.stamps?.paste(this.picture, [this.asked.at]);
    this.stamps?.paste(this.group, [this.asked.at, ...this.mates[this.size].subarray(frame * others, (frame + 1) * others)]);
    this.drawStrip(frame, alone);
  }

  /**
   * The right class in every mini-batch, a bar each: BN's colour where the answer is eval mode's, else grey.
   * @param {number} frame
   * @param {number} alone
   */
  drawStrip(frame, alone) {
    const pen = sized(this.strip), { paint, strip } = this;
    if (!pen || !paint) return;
    const wide = strip.width / this.data.companies, high = strip.height;
    for (let each = 0; each < this.data.companies; each += 1) {
      const said = this.saidIn(each), height = Math.max(1, said[this.asked.label] * high);
      pen.fillStyle = paint.colour(namedBy(said) === alone ? "arm:bn" : "still");
      pen.globalAlpha = each === frame ? 1 : 0.55;
      pen.fillRect(each * wide + wide * 0.12, high - height, wide * 0.76, height);
    }
    pen.globalAlpha = 1;
    pen.fillStyle = paint.colour("text");
    pen.fillRect((frame + 0.5) * wide - 1, 0, 2, high);
  }

  leave() {
    this.player.end();
    this.watch.disconnect();
    this.root.remove();
  }
}

/** One class: what is said in this mini-batch beside what eval mode says. */
class Bar {
  /** @param {string} name */
  constructor(name) {
    this.now = make("i", { className: "bnviz-company-now" });
    this.alone = make("i", { className: "bnviz-company-alone" });
    this.element = make("div", { className: "bnviz-company-bar" },
      make("div", { "aria-hidden": "true" }, this.now, this.alone), make("span", {}, name));
  }

  /**
   * @param {number} share
   * @param {boolean} right
   */
  stand(share, right) {
    this.alone.style.height = `${100 * share}%`;
    this.element.classList.toggle("bnviz-company-right", right);
  }

  /**
   * @param {number} share
   * @param {boolean} named
   */
  show(share, named) {
    this.now.style.height = `${100 * share}%`;
    this.element.classList.toggle("bnviz-company-named", named);
  }
}
