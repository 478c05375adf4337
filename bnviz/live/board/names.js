// The arms' names over a chart: each a button that dims its arm, and that keeps its element wherever its line goes, so
// that the keyboard stays on the arm that it was on.

import { make, write } from "./dom.js";

/** @import { Label } from "./overlay.js" */

const POINTED = 24, TOUCHED = 44; // pixels of what a pointer or a finger presses

/** Pixels of a name from top to bottom, where there is room. */
export const nameHeight = () => (matchMedia("(pointer: coarse)").matches ? TOUCHED : POINTED);

export class Names {
  /** @type {Map<string, HTMLButtonElement>} */
  buttons = new Map();

  /** @param {(arm: string) => void} dim */
  constructor(dim) {
    this.dim = dim;
    this.element = make("div", { className: "bnviz-labels" });
  }

  /**
   * @param {Label[]} labels
   * @param {Set<string>} dimmed
   */
  place(labels, dimmed) {
    const keys = new Set(labels.map(({ key }) => key));
    for (const [key, button] of this.buttons) {
      if (keys.has(key)) continue;
      button.remove();
      this.buttons.delete(key);
    }
    for (const label of labels) this.put(this.buttons.get(label.key) ?? this.begin(label), label, dimmed.has(label.arm));
  }

  /** @param {Label} label */
  begin({ key, arm }) {
    const button = make("button", { type: "button", on: { click: () => this.dim(arm) } });
    button.dataset.arm = arm;
    this.buttons.set(key, button);
    this.element.append(button);
    return button;
  }

  /**
   * @param {HTMLButtonElement} button
   * @param {Label} label
   * @param {boolean} isDimmed
   */
  put(button, { label, role, left, top, room, height }, isDimmed) {
    const state = `${label} ${role} ${left} ${top} ${height} ${room} ${isDimmed}`;
    if (button.dataset.state === state) return;
    button.dataset.state = state;
    write(button, label);
    Object.assign(button.style, {
      transform: `translate(${Math.round(left) + 2}px, ${top}px)`, height: `${height}px`,
      maxWidth: `${Math.floor(room) - 2}px`, color: `var(--bnviz-${role})`,
    });
    button.setAttribute("aria-pressed", String(!isDimmed));
    button.title = isDimmed ? `Show ${label} again` : `Dim ${label}`;
  }
}
