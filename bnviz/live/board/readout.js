// What a finger has chosen on a map, in words at the foot of the window, with what can be done with it.

import { icon, make } from "./dom.js";

/** @import { Line } from "./map_words.js" */

/**
 * @typedef {object} ReadoutHandlers
 * @property {() => void} open
 * @property {() => void} look
 * @property {(times: number) => void} resize
 * @property {() => void} zoom
 * @property {() => void} close
 */

const HINTS = ["Draw over the map to frame a part of it.", "Draw another frame, or change this one."];

export class Readout {
  /** @param {ReadoutHandlers} on */
  constructor(on) {
    const button = (/** @type {string} */ words, /** @type {() => void} */ act) =>
      make("button", { type: "button", className: "bnviz-button", on: { click: act } }, words);
    this.open = button("Open in the Lab", on.open);
    this.network = [this.open, button("Look closer", on.look)];
    this.part = [button("Train this part", on.zoom), button("Smaller", () => on.resize(0.5)), button("Larger", () => on.resize(2))];
    this.words = make("div", { className: "bnviz-readout-words" });
    this.hint = make("p", { className: "bnviz-readout-hint" });
    const close = make(
      "button", { "type": "button", "className": "bnviz-button bnviz-readout-close", "aria-label": "Close", "on": { click: on.close } },
      icon("M6 6 L18 18 M18 6 L6 18"),
    );
    this.element = make(
      "div", { "className": "bnviz-readout", "role": "group", "aria-label": "What is chosen", "hidden": true },
      this.words, close, this.hint, make("div", { className: "bnviz-readout-buttons" }, ...this.network, ...this.part),
    );
  }

  /**
   * Without words there is nothing to show.
   * @param {Line[]} lines   words, each in the colour of a role
   * @param {boolean} isPart   whether a part is framed
   * @param {boolean} opens   whether there is a network to open
   */
  show(lines, isPart, opens) {
    this.element.hidden = !lines.length;
    this.words.replaceChildren(...coloured(lines));
    this.hint.textContent = HINTS[Number(isPart)];
    this.open.disabled = !opens;
    for (const each of this.network) each.hidden = isPart;
    for (const each of this.part) each.hidden = !isPart;
  }
}

/**
 * A line of its own for each of the words, in the colour of its role.
 * @param {Line[]} lines
 */
export function coloured(lines) {
  return lines.map(([words, role]) => {
    const line = make("div", {}, words);
    if (role) line.style.color = `var(--bnviz-${role})`;
    return line;
  });
}
