// A place where a reader chooses a file, which says what becomes of it; how it looks is its owner's business.

import { make, write } from "./dom.js";
import { dressed } from "./paint.js";

const UNREADABLE = "The file could not be read; allowed is one on this device: choose it once more.";

export class FilePlace {
  /** What ends when the place goes. */
  leaving = new AbortController();

  /**
   * @param {HTMLInputElement} input   where one is chosen
   * @param {HTMLElement} said
   * @param {(file: File) => Promise<string>} send   gives what is said of a file that was sent
   */
  constructor(input, said, send) {
    this.input = input;
    this.said = said;
    this.send = send;
    input.addEventListener("change", () => this.take(input.files?.[0]));
    this.root = make("div", { className: "bnviz-board" });
  }

  /**
   * @param {Element} parent
   * @param {Node[]} children
   */
  show(parent, ...children) {
    this.root.append(...children);
    parent.append(this.root);
    this.restyle();
    return this;
  }

  /** @param {File | undefined} file */
  async take(file) {
    if (!file) return;
    write(this.said, `Reading ${file.name}`);
    try {
      write(this.said, await this.send(file));
    } catch {
      write(this.said, UNREADABLE);
    }
    this.input.value = ""; // the same file may be chosen again
  }

  restyle() {
    dressed(this.root);
  }

  leave() {
    this.leaving.abort();
    this.root.remove();
  }
}
