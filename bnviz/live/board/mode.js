// How much of a board is seen: everything, one chart as a picture, or one chart with the others on demand.

import { make, write } from "./dom.js";

/** @import { Mode } from "./types.js" */

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
  /** @type {HTMLElement | null} */
  root = null;

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
