// How much of a board is seen: everything, one chart as a picture, one with the others on demand, or what fills a stage.

import { make, write } from "./dom.js";
import { heightAbove, heightWithin } from "./size.js";
import { chosen, projected, typeIn } from "./stage.js";

/** @import { BoardData, ChartSpec, Mode } from "./types.js" */

const PICTURE = "picture", HERE = "picture-here", STAGE = "present";
const IN_A_HAND = 560; // pixels: a window so narrow stands before no lecture hall, and is scrolled by a thumb

export class Modes {
  /**
   * @param {() => number} charts   how many there are
   * @param {() => void} changed
   */
  constructor(charts, changed) {
    this.charts = charts;
    this.button = make("button", {
      type: "button", className: "bnviz-button bnviz-more", hidden: true,
      onclick: () => {
        this.set(this.mode, !this.more);
        changed();
      },
    });
  }

  /** @type {Mode} */
  mode = "";
  more = false;
  /** The charts that are there; none is all. @type {string[]} */
  names = [];
  sentence = make("p", { "className": "bnviz-sentence", "role": "heading", "aria-level": "1" });
  /** @type {HTMLElement | null} */
  root = null;

  /** Whether the picture can be run where it stands, and the arrow keys go from picture to picture. */
  get isHere() {
    return this.mode === HERE;
  }

  /** Whether it stands before a lecture hall. */
  get isStage() {
    return this.mode === STAGE;
  }

  /**
   * The charts that are there, as tall as they are to be: a picture that can be run here fills the window below the
   * board's top, one that a lesson opens with leaves room for its question.
   * @param {ChartSpec[]} specs
   */
  fitted(specs) {
    const seen = chosen(specs, this.names, !this.isStage), isInAHand = window.innerWidth < IN_A_HAND;
    const type = typeIn(window.innerWidth, window.innerHeight);
    if (this.isStage) return isInAHand ? seen : seen.map((spec) => projected(spec, type));
    const height = this.isHere ? heightWithin : this.mode === PICTURE && !isInAHand ? heightAbove : null;
    if (!height || !this.root) return seen;
    const below = window.innerHeight - this.root.getBoundingClientRect().top;
    return seen.map((spec) => ({ ...spec, layout: { ...spec.layout, height: height(below, spec.layout) } }));
  }

  /**
   * What is seen, and what is said above it.
   * @param {BoardData} data
   */
  use({ mode = "", charts = [], sentence = "" }) {
    this.names = charts;
    write(this.sentence, sentence);
    this.sentence.hidden = !sentence;
    this.set(mode);
  }

  /**
   * @param {Mode} mode
   * @param {boolean} [more]   whether the other charts are seen too
   */
  set(mode, more = this.more && mode === this.mode) {
    Object.assign(this, { mode, more });
    if (this.root) Object.assign(this.root.dataset, { mode, more: more ? "shown" : "" });
    const others = this.charts() - 1;
    this.button.hidden = mode !== "trial" || others < 1;
    write(this.button, more ? "Fewer charts" : `More charts (${others})`);
  }
}
