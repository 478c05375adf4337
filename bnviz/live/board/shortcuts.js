// The keys of the board: heard wherever nothing else wants them, listed in a small dialog, and there to be turned off.

import { make } from "./dom.js";
import { Switch, usesItself } from "./keys.js";
import { storage } from "./storage.js";

/** @typedef {{ key: string, name: string, words: string, act?: () => void }} Shortcut   without an act it is a
 *  chart's own, without a name it is not listed */

const LIST = "?";
let count = 0;

export class Shortcuts {
  /**
   * @param {() => boolean} mayAct   whether somebody is there who would obey
   */
  constructor(mayAct) {
    /** @type {Shortcut[]} */
    this.shortcuts = [];
    this.mayAct = mayAct;
    this.switch = new Switch(storage());
    this.button = make("button", {
      "type": "button", "className": "bnviz-button bnviz-keys-button", "title": "Keys (?)", "aria-label": "Keys",
      "on": { click: () => this.list() },
    }, LIST);
    const id = `bnviz-keys-${(count += 1)}`;
    this.act = make("input", { type: "checkbox", on: { change: () => this.switch.turn(!this.act.checked) } });
    this.words = make("dl");
    this.dialog = make(
      "dialog", {
        "className": "bnviz-keys", "aria-labelledby": id,
        "on": { click: (event) => this.clicked(event), close: () => this.closed() },
      },
      make("h2", { id }, "Keys"),
      this.words,
      make("label", {}, this.act, make("span", {}, "Keys act wherever nothing is typed")),
      make("button", { type: "button", className: "bnviz-button", on: { click: () => this.close() } }, "Close"),
    );
    window.addEventListener("keydown", this.hear, true); // before Streamlit, which has keys of its own
  }

  /**
   * @param {KeyboardEvent} event
   */
  hear = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || this.switch.isOff || !this.dialog.isConnected) return;
    if (!(event.target instanceof Element) || usesItself(event.target, event.key)) return;
    const act = event.key === LIST ? () => this.list() : event.shiftKey ? undefined : this.actOf(event.key);
    if (!act) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    act();
  };

  /** @param {string} key */
  actOf(key) {
    return this.mayAct() ? this.shortcuts.find((shortcut) => shortcut.key === key)?.act : undefined;
  }

  /** Shows what there is; Escape closes it, and the keyboard is where it was before. */
  list() {
    const named = this.shortcuts.filter(({ name }) => name);
    this.words.replaceChildren(...named.flatMap(({ name, words }) => [make("dt", {}, make("kbd", {}, name)), make("dd", {}, words)]));
    this.act.checked = !this.switch.isOff;
    this.dialog.showModal();
  }

  /**
   * Beside the dialog is away from it.
   * @param {Event} event
   */
  clicked(event) {
    if (event.target === this.dialog) this.close();
  }

  close() {
    this.dialog.close();
  }

  /** Where nothing had the keyboard before, nothing in the closed dialog keeps it. */
  closed() {
    const { activeElement } = document;
    if (activeElement instanceof HTMLElement && this.dialog.contains(activeElement)) activeElement.blur();
  }

  end() {
    window.removeEventListener("keydown", this.hear, true);
  }
}
