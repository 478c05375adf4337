// The page's own buttons for a map or a sweep: what was pressed is said at once, however long the server takes.

/** @import { Progress } from "./display.js" */

const WORDS = { start: "Starting …", stop: "Stopping …", resume: "Going on …", back: "Going back …" };

/** Listens to the whole page, since the buttons stand outside. */
export class Asked {
  /**
   * @param {string} buttons   what the names of the buttons begin with
   * @param {Progress} progress
   */
  constructor(buttons, progress) {
    this.buttons = buttons;
    this.progress = progress;
    document.addEventListener("click", this.hear, true);
  }

  /** @param {Event} event */
  hear = ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null;
    if (!button || button.disabled) return;
    const asked = Object.entries(WORDS).find(([name]) => button.closest(`.st-key-${this.buttons}-${name}`));
    if (asked) this.progress.ask(asked[1]);
  };

  end() {
    document.removeEventListener("click", this.hear, true);
  }
}
