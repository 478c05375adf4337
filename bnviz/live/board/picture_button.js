// The button that saves a picture of a chart: it opens to the kinds that there are.

import { icon, make } from "./dom.js";
import { drawn, pixels } from "./picture.js";

/** Kind to its words, and how many pixels it has for each of the page's; an SVG has none. @type {[string, string, number][]} */
const KINDS = [["png", "PNG", 1], ["png", "PNG, twice as fine", 2], ["svg", "SVG", 0]];

/**
 * The button and its menu, as one element.
 * @param {HTMLElement} element   what is taken
 * @param {() => { title: string, name: string }} said   what it is called, in words and as a file
 */
export function pictureButton(element, said) {
  const menu = make("div", { "className": "bnviz-picture-menu", "hidden": true, "role": "group", "aria-label": "Save the picture as" },
    ...KINDS.map(([kind, words, times]) => make("button", {
      type: "button", on: { click: () => take(kind, times) },
    }, words)));
  const button = make("button", {
    "type": "button", "className": "bnviz-picture-button", "aria-expanded": "false", "on": { click: () => open(Boolean(menu.hidden)) },
  }, icon("M12 4v11", "M7.5 11L12 15.5 16.5 11", "M5 19.5h14"));
  const place = make("span", { className: "bnviz-picture", on: { keydown: escape, focusout: left } }, button, menu);

  /** @param {boolean} isOpen */
  function open(isOpen) {
    menu.hidden = !isOpen;
    button.setAttribute("aria-expanded", String(isOpen));
  }

  /**
   * @param {string} kind
   * @param {number} times
   */
  async function take(kind, times) {
    open(false);
    button.focus();
    const picture = drawn(element);
    const file = times ? await pixels(picture, times) : new Blob([picture.markup], { type: "image/svg+xml" });
    save(file, `${said().name}${times > 1 ? `@${times}x` : ""}.${kind}`);
  }

  /** @param {Event} event */
  function escape(event) {
    if (!(event instanceof KeyboardEvent) || event.key !== "Escape" || menu.hidden) return;
    event.stopPropagation();
    open(false);
    button.focus();
  }

  /** @param {Event} event */
  function left(event) {
    const next = /** @type {FocusEvent} */ (event).relatedTarget;
    if (!(next instanceof Node) || !place.contains(next)) open(false);
  }

  place.addEventListener("pointerenter", name);
  button.addEventListener("focus", name);
  /** What is taken may have got another title. */
  function name() {
    button.title = "Save as a picture";
    button.setAttribute("aria-label", `Save as a picture: ${said().title}`);
  }
  name();
  return place;
}

/**
 * Gives the reader a file.
 * @param {Blob} file
 * @param {string} name
 */
export function save(file, name) {
  const address = URL.createObjectURL(file);
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
