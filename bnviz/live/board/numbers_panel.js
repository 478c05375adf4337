// The numbers behind a chart as a table below it, one key or one button away.

import { icon, make } from "./dom.js";

/** @import { NumberTable } from "./table.js" */

export class NumbersPanel {
  isOpen = false;
  said = "";
  /** What had the keyboard before. @type {Element | null} */
  opener = null;

  /**
   * @param {string} id
   * @param {() => void} opened   fill me
   */
  constructor(id, opened) {
    this.opened = opened;
    this.element = make("div", { id, className: "bnviz-numbers", hidden: true, tabIndex: 0, role: "region" });
    this.button = make("button", {
      "type": "button", "className": "bnviz-table-button", "aria-expanded": "false", "aria-controls": id, "aria-label": "Numbers",
      "on": { click: () => this.toggle() },
    }, icon("M4 5h16v14H4z", "M4 10h16", "M4 14.5h16", "M10 5v14"));
  }

  /** @param {string} title */
  name(title) {
    this.button.title = "Numbers (t)";
    this.button.setAttribute("aria-label", `Numbers: ${title}`);
    this.element.setAttribute("aria-label", `Numbers: ${title}`);
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.open();
  }

  /** The keyboard goes to the table. */
  open() {
    this.opener = document.activeElement;
    this.set(true);
    this.opened();
    this.element.focus();
  }

  /** The keyboard goes back, if it was in here. */
  close() {
    const isInside = this.element.contains(document.activeElement);
    this.set(false);
    if (isInside && this.opener instanceof HTMLElement) this.opener.focus();
  }

  /** @param {boolean} isOpen */
  set(isOpen) {
    this.isOpen = isOpen;
    this.element.hidden = !isOpen;
    this.button.setAttribute("aria-expanded", String(isOpen));
  }

  /**
   * Writes the table anew where it says something else than it does.
   * @param {string} caption
   * @param {NumberTable | null} table
   */
  fill(caption, table) {
    const said = JSON.stringify([caption, table]);
    if (said === this.said) return;
    this.said = said;
    this.element.replaceChildren(table ? tableElement(caption, table) : make("p", {}, `${caption}: no numbers yet.`));
  }
}

/**
 * @param {string} caption
 * @param {{ columns: string[], rows: string[][] }} table
 */
export function tableElement(caption, { columns, rows }) {
  const head = make("tr", {}, ...columns.map((text) => make("th", { scope: "col" }, text)));
  const body = rows.map(([name, ...cells]) =>
    make("tr", {}, make("th", { scope: "row" }, name), ...cells.map((text) => make("td", {}, text))));
  const words = caption ? [make("caption", {}, caption)] : [];
  return make("table", {}, ...words, make("thead", {}, head), make("tbody", {}, ...body));
}
