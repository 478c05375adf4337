// A link to what is on the page: copied by one button, and as a code that a lecture hall can read from the wall.

import { icon, make, write } from "./dom.js";
import { lookOf } from "./paint.js";
import { Places } from "./places.js";
import { announce } from "./voice.js";

/** The link, and its code as the address of a picture; none of a link that is too long for one. */
/** @typedef {{ link: string, code: string }} ShareData */

const SAID = 2000; // milliseconds that the button says what it did
/** @type {Places<Share>} */
const shares = new Places();

/**
 * Components v2 calls this at the mount, and whenever the page ran again with other data.
 * @param {{ parentElement: Element, data: ShareData }} component
 */
export default function mount({ parentElement, data }) {
  const share = shares.get(parentElement) ?? new Share(parentElement);
  shares.set(parentElement, share);
  share.use(data);
  return shares.departure(parentElement);
}

class Share {
  /** @param {Element} parent */
  constructor(parent) {
    this.parent = parent;
    this.field = make("input", { "type": "text", "readOnly": true, "aria-label": "Link", "on": { focus: () => this.field.select() } });
    this.word = make("span", {}, "Copy link");
    this.copier = make("button", { type: "button", className: "bnviz-button bnviz-copy", on: { click: () => this.copy() } },
      icon("M9 3h10a2 2 0 0 1 2 2v10h-2V5H9z", "M5 7h10a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2z"), this.word);
    this.small = make("img", { alt: "" });
    this.enlarger = make("button", {
      "type": "button", "className": "bnviz-code", "aria-label": "Show the link’s code large", "title": "Large, for a lecture hall",
      "on": { click: () => this.dialog.showModal() },
    }, this.small);
    this.large = make("img", { alt: "A code to be read with a phone’s camera: it opens the link below." });
    this.address = make("p", {});
    this.dialog = make("dialog", { "className": "bnviz-code-large", "aria-label": "The link as a code", "on": { click: () => this.dialog.close() } },
      this.large, this.address, make("button", { type: "button", className: "bnviz-button" }, "Close"));
    this.missing = make("p", {}, "This link is too long for a code that a camera could read.");
    this.root = make("div", { className: "bnviz-board bnviz-share" }, this.copier, this.field, this.enlarger, this.missing, this.dialog);
    parent.append(this.root);
  }

  /** @param {ShareData} data */
  use({ link, code }) {
    this.root.dataset.look = lookOf(this.parent);
    this.field.value = link;
    write(this.address, link);
    for (const image of [this.small, this.large]) if (code) image.src = code;
    this.enlarger.hidden = !code;
    this.missing.hidden = Boolean(code);
  }

  /** Where a page may not reach the clipboard, which is so without TLS, what is selected is copied. */
  async copy() {
    const { value } = this.field;
    const copied = await (navigator.clipboard?.writeText(value) ?? Promise.reject()).then(() => true, () => {
      this.field.select();
      return document.execCommand("copy");
    });
    const words = copied ? "Copied" : "Press Ctrl+C";
    write(this.word, words);
    announce(copied ? "The link is copied." : words);
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => write(this.word, "Copy link"), SAID);
  }

  leave() {
    clearTimeout(this.waiting);
    this.root.remove();
  }
}
